import type { Schema } from '$lib/api';

type Order = Pick<Schema['Order'], 'lines' | 'tax' | 'shippingTax' | 'total' | 'shipping' | 'pricesIncludeTax'>;

export interface TaxOfRate {
	/** Thousandths of a percent; null for shipping, whose rate the order does not tell. */
	rate: number | null;
	net: number;
	tax: number;
}

/** The tax of an order by rate, the highest first; the sums are the order's own. */
export function taxes(o: Order): TaxOfRate[] {
	const byRate = new Map<number, TaxOfRate>();
	for (const l of o.lines) {
		const t = byRate.get(l.taxRate) ?? { rate: l.taxRate, net: 0, tax: 0 };
		t.net += l.total - l.tax;
		t.tax += l.tax;
		byRate.set(l.taxRate, t);
	}
	const found = [...byRate.values()].filter((t) => t.rate !== 0).sort((a, b) => b.rate! - a.rate!);
	if (o.shippingTax > 0) {
		const net = o.pricesIncludeTax ? o.shipping - o.shippingTax : o.shipping;
		found.push({ rate: null, net, tax: o.shippingTax });
	}
	return found;
}
