import { api, type Schema } from '$lib/api';
import { normalizeBarcode } from '$lib/scan';

/** What a tile, a search or a scan puts into an order. */
export interface Sellable {
	variantId: number;
	name: string;
	options: string;
	sku: string;
	price: number;
	taxRate: number;
	tracked: boolean;
	backorder: boolean;
	picture?: Schema['Picture'];
}

/** What a code stands for: one, or the pack it is printed on. */
export interface Met {
	item: Sellable;
	count: number;
}

/** Codes this screen has met: a known one costs no question, and works without the server. */
const known = new Map<string, Met>();

function meet(item: Sellable, { barcodes, packs }: Pick<Schema['Variant'], 'barcodes' | 'packs'>): Sellable {
	for (const code of barcodes) known.set(normalizeBarcode(code), { item, count: 1 });
	for (const { code, quantity } of packs) known.set(normalizeBarcode(code), { item, count: quantity });
	return item;
}

/** How many of an item a typed code stands for. */
export function countOf(code: string, item: Sellable): number {
	const met = known.get(normalizeBarcode(code));
	return met?.item.variantId === item.variantId ? met.count : 1;
}

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
	return meet(found, v);
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
	return meet(found, v);
}

/** What has this barcode, or null where nothing has. */
export async function byCode(code: string): Promise<Met | null> {
	const barcode = normalizeBarcode(code);
	const met = known.get(barcode);
	if (met) return met;
	const { items } = await api().get('/variants', { query: { barcode } });
	return items[0] ? { item: fromItem(items[0]), count: items[0].scannedQuantity } : null;
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
