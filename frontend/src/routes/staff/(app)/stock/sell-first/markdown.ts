import { api, type Schema } from '$lib/api';

type Variant = Schema['Variant'];

/** A price that is so many percent lower, on a round figure below it where there is one. */
export function lower(price: number, percent: number): number {
	const exact = Math.round((price * (100 - percent)) / 100);
	const step = exact >= 1000 ? 50 : exact >= 200 ? 10 : 1;
	return Math.max(0, Math.floor(exact / step) * step);
}

/** Sets the sale of one variant, and answers how it was before. */
export async function setSale(productId: number, variantId: number, sale: Pick<Variant, 'salePrice' | 'saleStarts' | 'saleEnds'>, key?: string) {
	const product = await api().get('/products/{id}', { path: { id: productId } });
	const before = product.variants.find((v) => v.id === variantId)!;
	// Whoever leaves a variant out archives it.
	const variants = product.variants.map((v) => (v.id === variantId ? { id: v.id, ...sale } : { id: v.id }));
	await api().patch('/products/{id}', { path: { id: productId }, body: { version: product.version, variants }, key });
	return { salePrice: before.salePrice, saleStarts: before.saleStarts, saleEnds: before.saleEnds };
}
