import { describe, expect, it, vi } from 'vitest';
import type { Schema } from '$lib/api';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { blockOf, columns, read, textOf } from './cells';
import { Cursor } from './cursor.svelte';
import { Sheet } from './sheet.svelte';

const post = vi.hoisted(() => vi.fn());
vi.mock('$lib/api', async (real) => ({ ...(await real<object>()), api: () => ({ post }) }));

type Product = Schema['Product'];

function product(id: number, variants: { id: number; price: number }[], more: Partial<Product> = {}): Product {
	return {
		id, slug: `p${id}`, name: `Product ${id}`, description: '', tags: [], notes: '', brand: '', brandId: null, category: 'Kitchen', categoryId: 1, taxRate: 0,
		published: true, archived: false, archivedAt: null, options: [], images: [], version: 1, createdAt: '', updatedAt: '', ...more,
		variants: variants.map((v) => ({
			id: v.id, sku: `S${v.id}`, name: '', barcodes: [], packs: [], options: {}, price: v.price, compareAtPrice: null, salePrice: null, saleStarts: null, saleEnds: null,
			currentPrice: v.price, cost: 500, reorderPoint: 10, maxStock: 0, tracked: true, tracksLots: false, policy: 'deny' as const, archived: false, version: 1
		}))
	};
}

const mugs = () => [product(1, [{ id: 11, price: 1000 }, { id: 12, price: 1100 }]), product(2, [{ id: 21, price: 2000 }])];
const open = () => new Sheet(mugs(), [...columns]);
const one = (row: number, col: number) => ({ top: row, bottom: row, left: col, right: col });

describe('a block of a spreadsheet', () => {
	it('is read with quotes, line breaks in cells and any line end', () => {
		expect(blockOf('a\tb\r\nc\t\r\n')).toEqual([['a', 'b'], ['c', '']]);
		expect(blockOf('"two\nlines"\t"say ""hi"""')).toEqual([['two\nlines', 'say "hi"']]);
		expect(blockOf('5" pipe\t"open')).toEqual([['5" pipe', '"open']]);
		expect(blockOf('12,50')).toEqual([['12,50']]);
	});

	it('comes back as it was copied', () => {
		const block = [['two\nlines', 'say "hi"'], ['', 'x']];
		expect(blockOf(textOf(block))).toEqual(block);
	});
});

describe('a typed or pasted cell', () => {
	it.each([
		['en', '€1,250.50', 125050], ['en', '12.5', 1250], ['en', '12,50 EUR', 1250], ['de', '1.250,50 €', 125050], ['de', '12,5', 1250], ['de', 'EUR 3', 300]
	] as const)('reads a price in %s: %s', (locale, text, minor) => {
		overwriteGetLocale(() => locale);
		expect(read('price', text)).toEqual({ value: minor });
		overwriteGetLocale(() => 'en');
	});

	it('says what it cannot read and keeps it', () => {
		for (const text of ['12,x', '$12', '-1', '', '1.234.5']) expect(read('price', text)).toMatchObject({ text, wrong: expect.any(String) });
		expect(read('cost', ' ')).toEqual({ value: null });
		expect(read('reorderPoint', '1,000')).toEqual({ value: 1000 });
		for (const text of ['1.5', '-2', '', 'ten']) expect(read('reorderPoint', text)).toHaveProperty('wrong');
		expect(read('category', '  Kitchen  ware ')).toEqual({ value: 'Kitchen ware' });
		expect(read('category', 'x'.repeat(901))).toHaveProperty('wrong');
	});
});

describe('the sheet', () => {
	it('takes a block from the cell on, marks what it cannot read and tells what had no place', () => {
		const s = open();
		expect(s.paste(one(1, 1), blockOf('12.00\tfree\n25.00\t9.00\n1\t1'))).toBe(2);
		expect([s.text(1, 'price'), s.text(1, 'cost'), s.text(2, 'price'), s.text(2, 'cost')]).toEqual(['€12.00', 'free', '€25.00', '€9.00']);
		expect(s.wrong).toEqual(['12.cost']);
		expect(s.changes()).toEqual([
			{ id: 1, version: 1, variants: [{ id: 12, price: 1200 }] },
			{ id: 2, version: 1, variants: [{ id: 21, price: 2500, cost: 900 }] }
		]);
		s.undo();
		expect([s.changed, s.undoable, s.text(1, 'price')]).toEqual([0, false, '€11.00']);
	});

	it('lays one value over an area, and fills an area from its first row', () => {
		const s = open();
		s.paste({ top: 0, bottom: 2, left: 3, right: 3 }, [['7']]);
		expect(s.lines.map((_, row) => s.text(row, 'reorderPoint'))).toEqual(['7', '7', '7']);
		s.fill({ top: 0, bottom: 2, left: 1, right: 1 });
		expect(s.lines.map((_, row) => s.text(row, 'price'))).toEqual(['€10.00', '€10.00', '€10.00']);
		expect(s.entries.has('11.price')).toBe(false);
	});

	it('changes the category of all variants of a product, and forgets a change that is none', () => {
		const s = open();
		s.set(0, 'category', 'Table');
		expect(s.text(1, 'category')).toBe('Table');
		expect(s.changes()).toEqual([{ id: 1, version: 1, category: 'Table', variants: [] }]);
		s.set(1, 'category', 'Kitchen');
		expect(s.changed).toBe(0);
	});

	it('keeps the typing beside what somebody else saved, and takes the rest from them', () => {
		const s = open();
		s.set(0, 'price', '12');
		s.set(2, 'price', '21');
		s.meet({ ...product(1, [{ id: 11, price: 1300 }, { id: 12, price: 1400 }]), version: 2 });
		expect([s.text(0, 'price'), s.conflicts.get('11.price'), s.text(1, 'price'), s.conflicts.has('12.price')]).toEqual(['€12.00', 1300, '€14.00', false]);
		s.meet({ ...product(2, [{ id: 21, price: 2100 }]), version: 2 });
		expect([s.entries.has('21.price'), s.conflicts.has('21.price')]).toEqual([false, false]);
		s.takeTheirs('11.price');
		expect([s.text(0, 'price'), s.changed, s.troubled(0)]).toEqual(['€13.00', 0, false]);
		s.meet({ ...product(1, [{ id: 11, price: 1 }]), version: 3 });
		expect(s.lines.map((l) => l.variant.id)).toEqual([11, 21]);
	});

	it('saves what it can, sends once more what nobody contests, and marks the rest', async () => {
		const s = open();
		s.set(0, 'price', '12');
		s.set(2, 'price', '21');
		s.set(2, 'cost', '3');
		const theirs = { ...product(1, [{ id: 11, price: 1000 }, { id: 12, price: 1500 }]), version: 2 };
		const saved = { ...product(1, [{ id: 11, price: 1200 }, { id: 12, price: 1500 }]), version: 3 };
		post.mockResolvedValueOnce({
			done: 0, failed: 2, items: [
				{ id: 1, product: theirs, refused: [{ field: '', code: 'stale', message: '' }] },
				{ id: 2, product: product(2, [{ id: 21, price: 2000 }]), refused: [{ field: 'variants[0].cost', code: 'forbidden', message: 'No.' }] }
			]
		});
		post.mockResolvedValueOnce({ done: 1, failed: 0, items: [{ id: 1, product: saved, refused: [] }] });
		expect(await s.save()).toEqual({ done: 1, failed: 1 });
		expect(post.mock.calls[1]![1].body.products).toEqual([{ id: 1, version: 2, variants: [{ id: 11, price: 1200 }] }]);
		expect([s.text(0, 'price'), s.text(1, 'price'), s.entries.has('11.price')]).toEqual(['€12.00', '€15.00', false]);
		expect([s.problem(2, 'cost') !== '', s.problem(2, 'price'), s.troubled(2), s.busy]).toEqual([true, '', true, false]);
		s.set(2, 'cost', '');
		expect(s.problem(2, 'cost')).toBe('');
	});
});

describe('the cursor', () => {
	it('stays within the sheet and reaches over an area', () => {
		const c = new Cursor(() => 3, () => 4);
		c.move(-1, -1);
		expect([c.row, c.col]).toEqual([0, 0]);
		c.move(1, 1);
		c.move(9, 0, true);
		expect(c.area).toEqual({ top: 1, bottom: 2, left: 1, right: 1 });
		expect([c.row, c.col]).toEqual([1, 1]);
		c.move(0, 1);
		expect(c.area).toEqual({ top: 1, bottom: 1, left: 2, right: 2 });
		c.span(5, 9);
		expect(c.area).toEqual({ top: 1, bottom: 2, left: 2, right: 3 });
	});
});
