import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { branch, siblings, step } from './tree';

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
});
