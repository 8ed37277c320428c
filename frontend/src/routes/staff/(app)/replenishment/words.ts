import type { Schema } from '$lib/api';
import { decimal, money, percent, quantity } from '$lib/format';
import { m } from '$lib/i18n';

export type Advice = Schema['Advice'];

export const key = (a: Advice) => `${a.variantId}-${a.locationId}`;

/** A figure of which halves and thirds are seen, and no more. */
const about = (n: number) => decimal(Math.round(n * 10) / 10);

/** One term of the sum behind a quantity. */
export interface Term {
	id: 'demand' | 'rule' | 'most' | 'safety' | 'available' | 'incoming' | 'drafted' | 'backordered' | 'packs' | 'cheapest';
	sign: '' | '+' | '−' | '→';
	text: string;
	/** What it means, shown when it is tapped. */
	help: string;
	/** Where more is said of it. */
	href?: string;
}

/** For how many days an order has to last: until it is here, and beyond. */
export const daysOf = (a: Advice) => a.leadTime.days + a.orderDays;

/** What would be ordered if the supplier sold any number: the sum of the terms before it is rounded to packs. */
export const needed = (a: Advice) => a.target - a.available - a.incoming - a.drafted + a.backordered;

/** The terms that add up to the quantity. Those that are 0 are left out, but for what is available and what is coming. */
export function termsOf(a: Advice): Term[] {
	const why = `/staff/stock?why=${a.variantId}-${a.locationId}`;
	const terms: Term[] = [];
	if (a.basis === 'sales') {
		const unlimited = Math.ceil(a.perDay * daysOf(a) - 1e-9);
		const limited = a.maxStock !== null && unlimited + a.safety > a.maxStock;
		terms.push(
			limited
				? { id: 'most', sign: '', text: m.replenish_most({ count: quantity(a.target) }), help: m.replenish_most_help({ count: quantity(unlimited + a.safety) }) }
				: {
						id: 'demand',
						sign: '',
						text: m.replenish_demand({ perDay: about(a.perDay), days: about(daysOf(a)) }),
						help: m.replenish_demand_help({ sold: quantity(a.sold), days: quantity(a.days), lead: about(a.leadTime.days), beyond: quantity(a.orderDays), count: quantity(unlimited) })
					}
		);
		if (!limited && a.safety) terms.push({ id: 'safety', sign: '+', text: m.replenish_safety({ count: quantity(a.safety) }), help: m.replenish_safety_help({ deviation: about(a.deviation), lead: about(a.leadTime.deviation), level: String(a.serviceLevel) }) });
	} else {
		terms.push({ id: 'rule', sign: '', text: m.replenish_rule({ count: quantity(a.target) }), help: a.maxStock === null ? m.replenish_rule_help({ point: quantity(a.reorderPoint) }) : m.replenish_rule_most_help({ point: quantity(a.reorderPoint) }) });
	}
	terms.push({ id: 'available', sign: '−', text: m.replenish_available({ count: quantity(a.available) }), help: m.replenish_available_help(), href: why });
	terms.push({ id: 'incoming', sign: '−', text: m.replenish_incoming({ count: quantity(a.incoming) }), help: m.replenish_incoming_help(), href: why });
	if (a.drafted) terms.push({ id: 'drafted', sign: '−', text: m.replenish_drafted({ count: quantity(a.drafted) }), help: m.replenish_drafted_help(), href: '/staff/purchases?show=draft' });
	if (a.backordered) terms.push({ id: 'backordered', sign: '+', text: m.replenish_backordered({ count: quantity(a.backordered) }), help: m.replenish_backordered_help(), href: why });
	if (a.quantity !== needed(a)) terms.push({ id: 'packs', sign: '→', text: a.packSize > 1 ? m.replenish_packs({ count: quantity(a.quantity), pack: quantity(a.packSize) }) : m.replenish_least({ count: quantity(a.quantity) }), help: m.replenish_packs_help({ moq: quantity(a.moq), pack: quantity(a.packSize) }) });
	return terms;
}

/** What would be cheapest to order at once, beside the sum: it changes nothing of it. Null where nobody knows. */
export function cheapestOf(a: Advice): Term | null {
	const e = a.economic;
	if (!e) return null;
	return {
		id: 'cheapest',
		sign: '',
		text: m.replenish_cheapest({ count: quantity(e.quantity) }),
		help: m.replenish_cheapest_help({
			order: money(e.orderCost),
			rate: percent(e.holdingRate),
			demand: quantity(e.demand),
			count: quantity(e.quantity),
			ordering: money(e.ordering),
			holding: money(e.holding)
		})
	};
}

/** What is bought from one supplier for one store. */
export interface Group {
	id: string;
	supplierId: number | null;
	supplier: string;
	locationId: number;
	locationName: string;
	lines: Advice[];
}

/** One group a supplier and store, by name; what nobody sells to the shop comes last. */
export function groupsOf(advice: readonly Advice[]): Group[] {
	const groups = new Map<string, Group>();
	for (const a of advice) {
		const id = `${a.supplierId}-${a.locationId}`;
		const group = groups.get(id) ?? { id, supplierId: a.supplierId, supplier: a.supplier, locationId: a.locationId, locationName: a.locationName, lines: [] };
		group.lines.push(a);
		groups.set(id, group);
	}
	return [...groups.values()].sort(
		(a, b) => Number(a.supplierId === null) - Number(b.supplierId === null) || a.supplier.localeCompare(b.supplier) || a.locationName.localeCompare(b.locationName)
	);
}
