import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { bodyOf, changeOf, draftOf, isChanged, newDraft, type Draft } from './draft';
import { addMissing, addOption, addValue, missing, removeOption, removeValue, renameValue } from './matrix';
import { rebase, takeTheirs } from './rebase';
import { saleState, saleText } from './sale';

const titles = (d: Draft) => d.rows.map((r) => r.values.join('/'));

function mugs(): Schema['Product'] {
	const variant = (id: number, size: string) => ({
		id, sku: `MUG-${size}`, name: size, barcodes: [], packs: [], options: { Size: size }, price: 1250, compareAtPrice: null,
		salePrice: null, saleStarts: null, saleEnds: null, currentPrice: 1250, cost: 600,
		reorderPoint: 10, maxStock: 0, tracked: true, tracksLots: false, policy: 'deny' as const, archived: false, version: 1
	});
	return {
		id: 1, slug: 'mug', name: 'Mug', description: '', tags: [], notes: '', brand: 'Acme', brandId: 1, category: 'Kitchen', categoryId: 1, taxRate: 19000,
		published: true, archived: false, archivedAt: null, options: ['Size'], variants: [variant(7, 'S'), variant(8, 'L')], images: [],
		version: 3, createdAt: '2026-11-20T09:00:00Z', updatedAt: '2026-11-20T09:00:00Z'
	};
}

describe('the matrix', () => {
	it('gives the first value to the row that is there, and makes a row for each further one', () => {
		const d = newDraft();
		d.rows[0]!.price = 900;
		addOption(d, 'Size');
		addValue(d, 0, 'S');
		addValue(d, 0, 'L');
		addOption(d, 'Colour');
		addValue(d, 1, 'Blue');
		addValue(d, 1, 'Red');
		expect(titles(d)).toEqual(['S/Blue', 'S/Red', 'L/Blue', 'L/Red']);
		expect(d.rows.every((r) => r.price === 900)).toBe(true);
	});

	it('knows a value in any case', () => {
		const d = draftOf(mugs());
		expect(addValue(d, 0, ' s ')).toBe('twice');
		expect(renameValue(d, 0, 'S', 'l')).toBe(false);
		expect(titles(d)).toEqual(['S', 'L']);
	});

	it('keeps what a row has when its value is written anew', () => {
		const d = draftOf(mugs());
		expect(renameValue(d, 0, 'S', 'Small')).toBe(true);
		expect(d.rows[0]).toMatchObject({ id: 7, values: ['Small'], price: 1250 });
	});

	it('drops the rows of a value, and ends with one row when the last option goes', () => {
		const d = draftOf(mugs());
		removeValue(d, 0, 'S');
		expect(titles(d)).toEqual(['L']);
		removeOption(d, 0);
		expect(d.rows.map((r) => [r.id, r.values])).toEqual([[8, []]]);
	});

	it('leaves a removed combination alone until it is asked for', () => {
		const d = draftOf(mugs());
		addOption(d, 'Colour');
		addValue(d, 1, 'Blue');
		addValue(d, 1, 'Red');
		d.rows.splice(3, 1);
		addValue(d, 1, 'Green');
		expect(missing(d)).toBe(1);
		addMissing(d);
		expect(titles(d)).toEqual(['S/Blue', 'S/Red', 'S/Green', 'L/Blue', 'L/Red', 'L/Green']);
	});
});

describe('the limit of the matrix', () => {
	it('takes no value that would make too many rows, and leaves all as it was', () => {
		const d = newDraft();
		for (const [i, name] of ['Size', 'Colour'].entries()) {
			addOption(d, name);
			for (let n = 0; n < 15; n++) addValue(d, i, `${name} ${n}`);
		}
		expect(d.rows).toHaveLength(225);
		expect(addValue(d, 1, 'Colour 15')).toBe('added');
		expect(addValue(d, 1, 'Colour 16')).toBe('full');
		expect([d.rows.length, d.options[1]!.values.length, missing(d)]).toEqual([240, 16, 0]);
	});
});

describe('what is sent', () => {
	it('is nothing when nothing changed', () => {
		const p = mugs();
		expect(changeOf(draftOf(p), draftOf(p), true)).toEqual({});
		expect(isChanged(draftOf(p), draftOf(p))).toBe(false);
	});

	it('has only what changed, and all rows once one of them did', () => {
		const [base, d] = [draftOf(mugs()), draftOf(mugs())];
		d.name = 'Big mug';
		d.rows[1]!.price = 1400;
		expect(changeOf(base, d, true)).toEqual({
			name: 'Big mug',
			variants: [{ id: 7, options: { Size: 'S' } }, { id: 8, options: { Size: 'L' }, price: 1400 }]
		});
	});

	it('carries no cost for whom it is hidden', () => {
		const d = draftOf(mugs());
		expect(JSON.stringify(bodyOf(d, false))).not.toContain('cost');
	});

	it('leaves out an option without values', () => {
		const d = newDraft();
		addOption(d, 'Size');
		expect(bodyOf(d, true)).toMatchObject({ options: [], variants: [{ options: {} }] });
	});
});

describe('two people on one product', () => {
	it('keeps both when they changed different things', () => {
		const [base, mine, theirs] = [draftOf(mugs()), draftOf(mugs()), draftOf(mugs())];
		mine.name = 'Big mug';
		theirs.rows[0]!.price = 999;
		const { draft, conflicts } = rebase(base, mine, theirs);
		expect(conflicts).toEqual([]);
		expect(draft).toMatchObject({ name: 'Big mug', rows: [{ price: 999 }, { price: 1250 }] });
	});

	it('keeps the typing and names both values when they changed the same', () => {
		const [base, mine, theirs] = [draftOf(mugs()), draftOf(mugs()), draftOf(mugs())];
		mine.rows[1]!.price = 1400;
		theirs.rows[1]!.price = 1300;
		const { draft, conflicts } = rebase(base, mine, theirs);
		expect(draft.rows[1]!.price).toBe(1400);
		expect(conflicts).toEqual([{ field: 'price', row: 8, theirs: 1300, mine: 1400 }]);
		takeTheirs(draft, theirs, conflicts[0]!);
		expect(draft.rows[1]!.price).toBe(1300);
	});

	it('takes a row that they added', () => {
		const [base, mine, theirs] = [draftOf(mugs()), draftOf(mugs()), draftOf(mugs())];
		mine.description = 'Holds tea.';
		addValue(theirs, 0, 'XL');
		expect(titles(rebase(base, mine, theirs).draft)).toEqual(['S', 'L', 'XL']);
	});
});

describe('a sale', () => {
	const noon = Date.parse('2026-11-27T12:00:00Z');
	const sale = { salePrice: 900, saleStarts: '2026-11-27T12:00:00Z', saleEnds: '2026-11-28T17:00:00Z' };

	it('runs from its start and until its end, each open where there is none', () => {
		expect(saleState({ ...sale, salePrice: null }, noon)).toBe('none');
		expect(saleState(sale, noon - 1)).toBe('planned');
		expect(saleState(sale, noon)).toBe('running');
		expect(saleState(sale, Date.parse(sale.saleEnds))).toBe('over');
		expect(saleState({ salePrice: 900, saleStarts: null, saleEnds: null }, noon)).toBe('running');
	});

	it('names a day that is near and dates another one', () => {
		expect(saleText(sale, noon)).toMatch(/^On sale for €9\.00 until Saturday, /);
		expect(saleText({ ...sale, saleEnds: '2027-03-01T17:00:00Z' }, noon)).toMatch(/2027/);
		expect(saleText({ ...sale, saleEnds: null }, noon)).toBe('On sale for €9.00');
	});

	it('is sent where it changed, and ends with null', () => {
		const [base, d] = [draftOf(mugs()), draftOf(mugs())];
		d.rows[0]!.salePrice = 900;
		d.rows[0]!.saleEnds = '2026-11-28T17:00:00.000Z';
		expect(changeOf(base, d, true).variants![0]).toEqual({ id: 7, options: { Size: 'S' }, salePrice: 900, saleEnds: '2026-11-28T17:00:00.000Z' });
		expect(changeOf(d, base, true).variants![0]).toMatchObject({ salePrice: null, saleEnds: null });
	});
});

describe('tags and notes', () => {
	it('are sent where they changed', () => {
		const [base, d] = [draftOf(mugs()), draftOf(mugs())];
		d.tags = ['summer'];
		d.notes = 'From Olga';
		expect(changeOf(base, d, true)).toEqual({ tags: ['summer'], notes: 'From Olga' });
		expect(bodyOf(d, true)).toMatchObject({ tags: ['summer'], notes: 'From Olga' });
	});
});
