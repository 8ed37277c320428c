import { api, type Schema } from '$lib/api';

export type Item = Schema['VariantItem'];

/** What goes by these words, for a field that suggests. */
export async function findVariants(q: string, signal?: AbortSignal): Promise<Item[]> {
	return (await api().get('/variants', { query: { q, limit: 20 }, signal })).items;
}

/** What carries this barcode, if anything does. */
export async function byBarcode(barcode: string): Promise<Item | undefined> {
	return (await api().get('/variants', { query: { barcode } })).items[0];
}
