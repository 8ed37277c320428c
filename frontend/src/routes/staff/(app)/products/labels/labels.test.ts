import { describe, expect, it } from 'vitest';
import { rowsOf, sheetsOf, totalOf } from './labels';

describe('labels', () => {
	it('are one of each variant to begin with', () => {
		const variant = (id: number, name: string) => ({ id, name, sku: `S${id}` }) as never;
		const rows = rowsOf([{ id: 1, name: 'Mug', variants: [variant(7, '')] }, { id: 2, name: 'Hoodie', variants: [variant(8, 'L'), variant(9, 'M')] }]);
		expect(rows.map((r) => [r.variantId, r.productId, r.options, r.copies])).toEqual([[7, 1, '', 1], [8, 2, 'L', 1], [9, 2, 'M', 1]]);
		expect(totalOf(rows)).toBe(3);
	});

	it('take the sheets they need, and the places before the first cost a part of one', () => {
		expect([1, 24, 25, 200].map((n) => sheetsOf(n, 1))).toEqual([1, 1, 2, 9]);
		expect([[1, 24], [2, 24], [16, 9], [17, 9]].map(([n, start]) => sheetsOf(n!, start!))).toEqual([1, 2, 1, 2]);
		expect(sheetsOf(0, 1)).toBe(0);
	});
});
