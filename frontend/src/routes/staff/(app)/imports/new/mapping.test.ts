import { describe, expect, it } from 'vitest';
import { assign, carried, mappingOf, missing, required, shown } from './mapping';

const column = (index: number, header: string, field = '', samples: string[] = []) => ({ index, name: header || `#${index}`, header, field, samples });
const columns = [column(1, 'Title', 'name', ['Blue mug']), column(2, 'Cost', 'price', ['12,50']), column(3, '', '', ['4711']), column(4, 'Weight')];
const fields = [{ field: 'name', required: true }, { field: 'price', required: true }, { field: 'sku', required: false }];

describe('naming the columns of a file', () => {
	it('begins with what the server recognised', () => {
		expect(mappingOf(columns)).toEqual({ Title: 'name', Cost: 'price', '#3': '', Weight: '' });
	});

	it('gives a field to one column only', () => {
		const before = mappingOf(columns);
		const after = assign(before, 'Weight', 'price');
		expect(after).toEqual({ Title: 'name', Cost: '', '#3': '', Weight: 'price' });
		expect(before.Cost).toBe('price');
		expect(assign(after, 'Title', '')).toEqual({ Title: '', Cost: '', '#3': '', Weight: 'price' });
	});

	it('says which fields are needed and missing', () => {
		const mapping = mappingOf(columns);
		expect(missing(fields, mapping)).toEqual([]);
		expect(missing(fields, assign(mapping, 'Cost', ''))).toEqual(['price']);
	});

	it('needs no name where rows are found by something else', () => {
		const known = fields.map((f) => (f.required ? { ...f, unless: ['sku', 'barcodes'] } : f));
		const mapping = { Title: '', Cost: 'price', '#3': '', Weight: '' };
		expect(missing(known, mapping)).toEqual(['name']);
		expect(missing(known, assign(mapping, '#3', 'sku'))).toEqual([]);
		expect(required(known, mapping)).toEqual(['name', 'price']);
	});

	it('keeps what was said when the same columns are read in another way, and begins anew with others', () => {
		const mine = assign(mappingOf(columns), '#3', 'sku');
		expect(carried(mine, columns)).toBe(mine);
		expect(carried(mine, [column(1, 'Title;Cost')])).toEqual({ 'Title;Cost': '' });
		expect(carried(mine, columns.slice(0, 3))).toEqual({ Title: 'name', Cost: 'price', '#3': '' });
	});

	it('finds columns by name and by what is in them', () => {
		const mapping = mappingOf(columns);
		const names = (...args: [Parameters<typeof shown>[2], string]) => shown(columns, mapping, ...args).map((c) => c.name);
		expect(names('all', '')).toEqual(['Title', 'Cost', '#3', 'Weight']);
		expect(names('used', '')).toEqual(['Title', 'Cost']);
		expect(names('unused', '')).toEqual(['#3', 'Weight']);
		expect(names('all', ' MUG ')).toEqual(['Title']);
		expect(names('used', 'weight')).toEqual([]);
		expect(names('all', '47')).toEqual(['#3']);
	});
});
