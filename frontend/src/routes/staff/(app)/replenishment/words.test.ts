import { describe, expect, it } from 'vitest';
import { cheapestOf, groupsOf, needed, termsOf, type Advice } from './words';

const advice = (more: Partial<Advice> = {}): Advice => ({
	variantId: 1, productId: 1, sku: 'MUG', name: 'Blue mug', locationId: 1, locationName: 'Main store', supplierId: 1, supplier: 'Acme', code: '', moq: 1, packSize: 1,
	available: 3, incoming: 0, drafted: 0, backordered: 0, basis: 'sales', sold: 270, days: 90, perDay: 3, deviation: 1, leadTime: { days: 4, deviation: 1, orders: 5 },
	orderDays: 3, serviceLevel: 95, safety: 6, reorderPoint: 18, maxStock: null, target: 27, quantity: 24, daysOfCover: 1, cap: 270, overCap: false, class: '', ...more
});

const words = (a: Advice) => termsOf(a).map((t) => `${t.sign} ${t.text}`.trim());

describe('the terms of advice', () => {
	it('add up to the quantity', () => {
		expect(words(advice())).toEqual(['3 a day × 7 days', '+ 6 safety', '− 3 available', '− 0 incoming']);
		expect(needed(advice())).toBe(24);
	});
	it('name drafts, who waits and packs where there are any', () => {
		const a = advice({ drafted: 6, backordered: 2, quantity: 24, packSize: 12 });
		expect(words(a).slice(2)).toEqual(['− 3 available', '− 0 incoming', '− 6 in drafts', '+ 2 waited for', '→ 24 in packs of 12']);
		expect(needed(a)).toBe(20);
	});
	it('begin with the most there should be where that is less', () => {
		expect(words(advice({ maxStock: 20, target: 20, quantity: 17 }))[0]).toBe('up to 20 at most');
	});
	it('begin with the product\'s own points where little is known', () => {
		expect(words(advice({ basis: 'rule', target: 20, safety: 0, quantity: 17 }))).toEqual(['up to 20', '− 3 available', '− 0 incoming']);
	});
});

describe('the cheapest quantity', () => {
	it('is said beside the sum where it is known', () => {
		const a = advice({ economic: { quantity: 165, demand: 1095, perYear: 6.6, orderCost: 1500, holdingRate: 20_000, ordering: 9955, holding: 9900 } });
		expect(cheapestOf(a)?.text).toBe('The cheapest quantity to order at once is 165');
		expect(cheapestOf(a)?.help).toMatch(/1,095 .* 165 .*99\.55.*99\.00/);
		expect(words(a)).toEqual(words(advice()));
		expect(cheapestOf(advice())).toBeNull();
	});
});

describe('groups of advice', () => {
	it('are of a supplier and a store, and end with what nobody sells', () => {
		const groups = groupsOf([advice({ supplierId: null, supplier: '' }), advice({ supplier: 'Bolt', supplierId: 2 }), advice(), advice({ variantId: 2 }), advice({ locationId: 2, locationName: 'Harbour' })]);
		expect(groups.map((g) => `${g.supplier}/${g.locationName}/${g.lines.length}`)).toEqual(['Acme/Harbour/1', 'Acme/Main store/2', 'Bolt/Main store/1', '/Main store/1']);
	});
});
