import { api, type Schema } from '$lib/api';
import { normalizeBarcode } from '$lib/scan';
import type { Sellable } from './cart.svelte';

/** Codes this screen has met: a known one costs no question, and works without the server. */
const known = new Map<string, Sellable>();

export function fromItem(v: Schema['VariantItem']): Sellable {
	const found = {
		variantId: v.id,
		name: v.productName,
		options: optionsOf(v),
		sku: v.sku,
		price: v.price,
		taxRate: v.taxRate,
		tracked: v.tracked,
		backorder: v.policy === 'backorder',
		picture: v.image
	};
	for (const code of v.barcodes) known.set(normalizeBarcode(code), found);
	return found;
}

export function fromProduct(p: Schema['Product'], v: Schema['Variant']): Sellable {
	const found = {
		variantId: v.id,
		name: p.name,
		options: v.name,
		sku: v.sku,
		price: v.price,
		taxRate: p.taxRate,
		tracked: v.tracked,
		backorder: v.policy === 'backorder',
		picture: v.image
	};
	for (const code of v.barcodes) known.set(normalizeBarcode(code), found);
	return found;
}

/** What has this barcode, or null where nothing has. */
export async function byCode(code: string): Promise<Sellable | null> {
	const barcode = normalizeBarcode(code);
	const met = known.get(barcode);
	if (met) return met;
	const { items } = await api().get('/variants', { query: { barcode } });
	return items[0] ? fromItem(items[0]) : null;
}

/** The same variant as it is now. */
export async function bySku({ sku, variantId }: Sellable): Promise<Sellable | null> {
	const { items } = await api().get('/variants', { query: { q: sku, limit: 20 } });
	const found = items.find((v) => v.id === variantId);
	return found ? fromItem(found) : null;
}

/** Prices changed: what was met may be out of date. */
export function forget() {
	known.clear();
}

// The full name is the product's and the values of its options: "Blue mug - L / Blue".
function optionsOf(v: Schema['VariantItem']): string {
	return v.name.startsWith(`${v.productName} - `) ? v.name.slice(v.productName.length + 3) : '';
}
