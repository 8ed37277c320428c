import type { Schema } from '$lib/api';

type Order = Pick<Schema['Order'], 'lines' | 'tax' | 'shippingTax' | 'shippingTaxRate' | 'total' | 'shipping' | 'pricesIncludeTax'>;

export interface TaxOfRate {
	/** Thousandths of a percent. */
	rate: number;
	net: number;
	tax: number;
}

/** The tax of an order by rate, shipping's with it, the highest first; the sums are the order's own. */
export function taxes(o: Order): TaxOfRate[] {
	const byRate = new Map<number, TaxOfRate>();
	const add = (rate: number, net: number, tax: number) => {
		const t = byRate.get(rate) ?? { rate, net: 0, tax: 0 };
		byRate.set(rate, { rate, net: t.net + net, tax: t.tax + tax });
	};
	for (const l of o.lines) add(l.taxRate, l.total - l.tax, l.tax);
	add(o.shippingTaxRate, o.pricesIncludeTax ? o.shipping - o.shippingTax : o.shipping, o.shippingTax);
	return [...byRate.values()].filter((t) => t.rate !== 0).sort((a, b) => b.rate - a.rate);
}
