import { expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { worth } from './worth';

const order = (returned: number, before: number) => {
	const line = { id: 1, quantity: 3, total: 1000, returned } as Schema['OrderLine'];
	return { line, order: { lines: [line], returns: before ? [{ lines: [{ orderLineId: 1, total: before }, { orderLineId: 2, total: 999 }] }] : [] } as unknown as Schema['Order'] };
};

it.each([
	['one of three', 0, 0, 1, 333],
	['two of three', 0, 0, 2, 667],
	['the second', 1, 333, 1, 334],
	['the last', 2, 667, 1, 333],
	['all', 0, 0, 3, 1000],
	['none', 0, 0, 0, 0],
	['what became cheaper since', 1, 900, 1, 0]
])('%s is worth its part less what came back before', (_, returned, before, count, want) => {
	const { order: o, line } = order(returned, before);
	expect(worth(o, line, count)).toBe(want);
});
