import { expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { byKind, documentLink } from './words';

const move = (reason: Schema['Movement']['reason'], delta: number, document?: Schema['Movement']['document']) => ({ reason, delta, document }) as Schema['Movement'];

it('sums movements up by kind, what moved most first, and an undone adjustment apart from a parcel that came back', () => {
	const order = { type: 'order', id: 1, number: '1001' } as const;
	const adjustment = { type: 'adjustment', id: 1, number: '1' } as const;
	const kinds = byKind([move('sale', -2), move('received', 50), move('sale', -3), move('reversal', 2, order), move('reversal', 4, adjustment), move('waste', -1)]);
	expect(kinds.map((k) => [k.reason, k.count, k.sum])).toEqual([['received', 1, 50], ['sale', 2, -5], ['reversal', 1, 4], ['reversal', 1, 2], ['waste', 1, -1]]);
	expect(new Set(kinds.map((k) => k.word)).size).toBe(5);
	expect(kinds.reduce((sum, k) => sum + k.sum, 0)).toBe(50);
});

it('calls what the shop ordered otherwise than what a customer ordered', () => {
	const word = (type: 'order' | 'purchase') => documentLink({ type, id: 1, number: '7' })?.label;
	expect(word('purchase')).not.toBe(word('order'));
});
