import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { OrderDraft } from './draft.svelte';

type Order = Schema['Order'];
type Line = Schema['OrderLine'];

const line = (id: number, change: Partial<Line> = {}) =>
	({ id, variantId: id * 10, name: `Line ${id}`, options: '', sku: `S${id}`, unitPrice: 1000, quantity: 2, discount: 0, fulfilled: 0, backordered: 0, returned: 0, ...change }) as Line;

function order(change: Partial<Order> = {}): Order {
	return {
		id: 7, version: 1, status: 'placed', note: '', discountReason: '', discountCode: '', shipping: 0, shippingTaxRate: 0, tags: [], fulfilments: [],
		customer: { id: 3, name: 'Ada', email: 'ada@example.com', phone: '' }, address: { line1: 'Hauptstr. 1', city: 'Berlin' }, lines: [line(1), line(2)], ...change
	} as Order;
}

/** An order on the screen, changed here and, meanwhile, by somebody else. */
function both(here: (draft: OrderDraft) => void, there: Partial<Order>): OrderDraft {
	const draft = new OrderDraft(order());
	here(draft);
	draft.meet(order({ version: 2, ...there }));
	return draft;
}

describe('what is saved', () => {
	it('is nothing where nothing was changed, whatever the order has', () => {
		const full = order({ discountPercent: 10_000, discountAmount: undefined, discountReason: 'Regular', shipping: 490, shippingTaxRate: 19_000, promisedOn: '2026-12-01', lines: [line(1, { discount: 100 }), line(2, { discount: 200, discountPercent: 10_000 })] });
		expect(new OrderDraft(full).body).toEqual({});
		expect(new OrderDraft(order({ discountCode: 'MAY', discountAmount: 500 })).changed).toBe(false);
	});

	it('is only what was changed', () => {
		const draft = new OrderDraft(order({ shipping: 490, shippingTaxRate: 19_000, promisedOn: '2026-12-01', discountAmount: 300 }));
		draft.note = 'Ring twice.';
		expect(draft.body).toEqual({ note: 'Ring twice.' });
		draft.lines[0]!.quantity = 5;
		expect(draft.body).toEqual({ note: 'Ring twice.', lines: [{ id: 1, quantity: 5 }, { id: 2, quantity: 2 }] });
		draft.shipping = null;
		expect(draft.body.shipping).toEqual({ price: 0, taxRate: 0 });
		draft.off = { discount: null, reason: '', code: '' };
		expect(draft.body.discount).toEqual({ amount: 0, reason: '' });
	});
});

describe('after somebody else saved', () => {
	const theirs: [string, Partial<Order>][] = [
		['the shipping', { shipping: 490, shippingTaxRate: 19_000 }],
		['the discount', { discountPercent: 10_000, discountReason: 'Regular' }],
		['the code', { discountCode: 'MAY', discountAmount: 500 }],
		['the day', { promisedOn: '2026-12-24' }],
		['the customer', { customer: { id: 9, name: 'Bob', email: 'bob@example.com', phone: '' } }],
		['the address', { address: { line1: 'Nebenstr. 2', city: 'Bonn' } } as Partial<Order>],
		['a quantity', { lines: [line(1, { quantity: 9 }), line(2)] }],
		["a line's discount", { lines: [line(1, { discount: 150 }), line(2)] }],
		['a line that came', { lines: [line(1), line(2), line(3)] }],
		['a line that went', { lines: [line(2)] }],
		['the hold, the tags and whose it is', { holdUntil: '2026-12-24T12:00:00Z', tags: ['gift'], assignedTo: { id: 5, name: 'Cleo' } } as Partial<Order>]
	];

	it.each(theirs)('keeps %s, where only the note was typed', (_, there) => {
		expect(both((d) => (d.note = 'Mine'), there).body).toEqual({ note: 'Mine' });
	});

	it('shows what was taken over until it was seen', () => {
		const draft = both((d) => (d.note = 'Mine'), { shipping: 490, lines: [line(1, { quantity: 9 }), line(2), line(3)] });
		expect([draft.shipping, draft.lines.map((l) => l.quantity)]).toEqual([490, [9, 2, 2]]);
		expect(['shipping', 'lines.1.quantity', 'lines.3', 'note', 'lines.2.quantity'].map((n) => draft.other(n))).toEqual(['taken', 'taken', 'taken', null, null]);
		draft.seen();
		expect(['shipping', 'lines.1.quantity', 'lines.3'].map((n) => draft.other(n))).toEqual([null, null, null]);
	});

	it('keeps what both typed, and takes theirs when it is told to', () => {
		const draft = both((d) => ((d.note = 'Mine'), (d.address.city = 'Köln'), (d.lines[0]!.quantity = 4)), {
			note: 'Theirs', address: { line1: 'Hauptstr. 1', city: 'Bonn', postalCode: '53111' } as Order['address'], lines: [line(1, { quantity: 9, discount: 100 }), line(2)]
		});
		draft.seen();
		expect(['note', 'address.city', 'lines.1.quantity'].map((n) => draft.other(n))).toEqual(['differs', 'differs', 'differs']);
		expect(draft.body).toMatchObject({ note: 'Mine', address: { city: 'Köln', postalCode: '53111' }, lines: [{ id: 1, quantity: 4 }, { id: 2, quantity: 2 }] });
		expect(draft.body.lines![0]).not.toHaveProperty('discount');
		for (const name of ['note', 'address.city', 'lines.1.quantity']) draft.take(name);
		expect(draft.body).toEqual({});
		expect(draft.other('note')).toBe('taken');
	});

	it('joins no half of one customer with half of another', () => {
		const draft = both((d) => (d.customer.phone = '123'), { customer: { id: 9, name: 'Bob', email: 'bob@example.com', phone: '' } });
		expect(draft.customer).toEqual({ name: 'Ada', email: 'ada@example.com', phone: '123' });
		expect(['customer.name', 'customer.email'].map((n) => draft.other(n))).toEqual(['differs', 'differs']);
		expect(both((d) => (d.customer.phone = '123'), { customer: { id: 3, name: 'Ada L.', email: 'ada@example.com', phone: '' } }).customer).toMatchObject({ name: 'Ada L.', phone: '123' });
	});

	it('asks about a line that was taken off here and changed there', () => {
		const draft = both((d) => d.lines.splice(0, 1), { lines: [line(1, { quantity: 9 }), line(2)] });
		draft.seen();
		expect(draft.missed.map((l) => l.id)).toEqual([1]);
		expect(draft.body.lines).toEqual([{ id: 2, quantity: 2 }]);
		draft.keep(1);
		expect(draft.missed).toEqual([]);
		expect(draft.body).toEqual({});
	});

	it('puts a line back that was packed meanwhile', () => {
		const fulfilments = [{ status: 'packed', lines: [{ orderLineId: 1, quantity: 1 }] }] as Order['fulfilments'];
		const draft = both((d) => d.lines.splice(0, 1), { fulfilments });
		expect(draft.lines.map((l) => [l.id, l.quantity, l.least])).toEqual([[1, 2, 1], [2, 2, 0]]);
	});

	it('adds a line anew that was changed here and taken off there', () => {
		const draft = both((d) => (d.lines[0]!.quantity = 5), { lines: [line(2)] });
		expect(draft.body.lines).toEqual([{ id: 2, quantity: 2 }, { variantId: 10, quantity: 5 }]);
		expect(draft.lines[1]!.again).toBe(true);
	});

	it('remembers what both changed when a third one saves', () => {
		const draft = both((d) => (d.note = 'Mine'), { note: 'Theirs' });
		draft.meet(order({ version: 3, note: 'Theirs', shipping: 490 }));
		expect([draft.other('note'), draft.other('shipping')]).toEqual(['differs', 'taken']);
		expect(draft.body).toEqual({ note: 'Mine' });
	});
});
