import { api, type Schema } from '$lib/api';

type Format = Schema['ShelfLabels']['format'];

/** What gets labels, and how many. */
export interface Row {
	variantId: number;
	productId: number;
	name: string;
	options: string;
	sku: string;
	copies: number;
}

export const columns = 3;
export const places = 24;
/** What one document holds. */
export const most = 2000;
const storage = 'onhand.labels';

export function rowsOf(products: Pick<Schema['Product'], 'id' | 'name' | 'variants'>[]): Row[] {
	return products.flatMap((p) => p.variants.map((v) => ({ variantId: v.id, productId: p.id, name: p.name, options: v.name, sku: v.sku, copies: 1 })));
}

export const totalOf = (rows: Row[]) => rows.reduce((n, r) => n + r.copies, 0);

/** How many sheets so many labels are, the first begun at a place. */
export const sheetsOf = (total: number, start: number) => Math.ceil((total + start - 1) / places);

/** What is on hand of each variant at a location, or at all that one may see. */
export async function onHand(rows: Row[], locationId: number | undefined): Promise<Map<number, number>> {
	const waiting = [...new Set(rows.map((r) => r.productId))];
	const found = new Map<number, number>();
	const one = async () => {
		for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
			let after = '';
			do {
				const page = await api().get('/stock', { query: { productId: id, locationId, limit: 200, after } });
				for (const l of page.items) found.set(l.variantId, (found.get(l.variantId) ?? 0) + l.onHand);
				after = page.next;
			} while (after);
		}
	};
	await Promise.all([one(), one(), one(), one()]);
	return found;
}

/** The paper that this device printed on last. */
export function lastFormat(): Format {
	return localStorage.getItem(storage) === 'roll' ? 'roll' : 'a4';
}

export function keepFormat(format: Format) {
	localStorage.setItem(storage, format);
}
