import type { Schema } from '$lib/api';
import { money } from '$lib/format';
import { m } from '$lib/i18n';

/** What a product costs now: one price, or the least and the most of its variants. */
export function priceOf(p: Schema['Product']): string {
	if (p.variants.length === 0) return m.products_unpriced();
	const prices = p.variants.map((v) => v.currentPrice);
	const [from, to] = [Math.min(...prices), Math.max(...prices)];
	return from === to ? money(from) : m.products_price_range({ from: money(from), to: money(to) });
}
