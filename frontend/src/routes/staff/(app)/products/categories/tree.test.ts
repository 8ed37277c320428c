import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { branch, gapAt, placeIn, siblings, step } from './tree';

const category = (id: number, parentId: number | null, depth: number, position: number) => ({ id, parentId, depth, position }) as Schema['Category'];
// Home (Kitchen (Cups), Garden), Tools
const all = [category(1, null, 1, 0), category(2, 1, 2, 0), category(3, 2, 3, 0), category(4, 1, 2, 1), category(5, null, 1, 1)];
const [home, kitchen, cups, garden, tools] = all as [Schema['Category'], Schema['Category'], Schema['Category'], Schema['Category'], Schema['Category']];
const ids = (list: Schema['Category'][]) => list.map((c) => c.id);

describe('the tree', () => {
	it('knows what stands beside and below', () => {
		expect(ids(siblings(all, kitchen))).toEqual([2, 4]);
		expect(ids(branch(all, home))).toEqual([2, 3, 4]);
		expect(ids(branch(all, kitchen))).toEqual([3]);
		expect(ids(branch(all, tools))).toEqual([]);
	});

	it('takes steps that lead somewhere', () => {
		expect(step(all, home, 'up')).toBeNull();
		expect(step(all, home, 'down')).toEqual({ position: 1 });
		expect(step(all, tools, 'up')).toEqual({ position: 0 });
		expect(step(all, tools, 'in')).toEqual({ parentId: 1 });
		expect(step(all, kitchen, 'in')).toBeNull();
		expect(step(all, garden, 'out')).toEqual({ parentId: null, position: 1 });
		expect(step(all, cups, 'out')).toEqual({ parentId: 1, position: 1 });
		expect(step(all, tools, 'out')).toBeNull();
	});

	it('knows where something is let go', () => {
		const drop = (c: Schema['Category'], above: Schema['Category'] | undefined, depth: number) => placeIn(all, c, gapAt(all, c, above, depth));
		expect(drop(tools, undefined, 1)).toEqual({ parentId: null, position: 0 });
		expect(drop(tools, home, 1)).toEqual({ parentId: 1, position: 0 }); // Kitchen stands under it there
		expect(drop(tools, cups, 9)).toEqual({ parentId: 3, position: 0 });
		expect(drop(tools, cups, 3)).toEqual({ parentId: 2, position: 1 });
		expect(drop(tools, cups, 1)).toEqual({ parentId: 1, position: 1 });
		expect(drop(kitchen, tools, 1)).toEqual({ parentId: null, position: 2 });
		expect(drop(kitchen, garden, 2)).toEqual({ parentId: 1, position: 1 });
		expect(drop(kitchen, home, 2)).toBeNull();
		expect(drop(tools, garden, 1)).toBeNull();
	});

	it('grows no deeper than it may, with all that is moved', () => {
		const deep = Array.from({ length: 7 }, (_, i) => category(i + 1, i || null, i + 1, 0));
		const [other, child] = [category(8, null, 1, 1), category(9, 8, 2, 0)];
		const tree = [...deep, other, child];
		expect(gapAt(tree, other, deep.at(-1), 9).depth).toBe(7);
		expect(gapAt(tree, child, deep.at(-1), 9).depth).toBe(8);
	});
});
