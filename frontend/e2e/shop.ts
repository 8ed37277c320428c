import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIRequestContext } from 'playwright-core';
import { setupToken } from './house';

export const owner = { name: 'Anna Vogel', email: 'anna@example.com', password: 'correct horse battery' };
export const shopName = 'Vogel & Söhne';
export const store = 'Main store';

/** What somebody who was hired signs in with. */
export const credentials = (name: string) => ({ email: `${name.split(' ')[0]!.toLowerCase()}@example.com`, password: 'violet anchor teapot' });

/** A file of e2e/fixtures. */
export const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

export interface Level {
	variantId: number;
	locationId: number;
	onHand: number;
	available: number;
	unavailable: number;
	version: number;
}

/** A date of the shop, so many days from now. */
export const dayIn = (days: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(Date.now() + days * 86_400_000);

/** The API, for what a story takes as given. */
export class Shop {
	readonly #request: APIRequestContext;
	readonly #url: string;

	constructor(request: APIRequestContext, url: string) {
		this.#request = request;
		this.#url = url;
	}

	async get<T>(path: string): Promise<T> {
		return this.#reply(await this.#request.get(`${this.#url}/api/v1${path}`));
	}

	async post<T>(path: string, data: unknown): Promise<T> {
		const headers = { Origin: this.#url, 'Idempotency-Key': randomUUID() };
		return this.#reply(await this.#request.post(`${this.#url}/api/v1${path}`, { data, headers }));
	}

	async patch<T>(path: string, data: unknown): Promise<T> {
		return this.#reply(await this.#request.patch(`${this.#url}/api/v1${path}`, { data, headers: { Origin: this.#url } }));
	}

	/** Sets the shop up and signs its owner in. */
	async setUp() {
		await this.post('/setup', {
			token: setupToken,
			shop: { name: shopName, currency: 'EUR', timeZone: 'Europe/Berlin', pricesIncludeTax: true, language: 'en' },
			owner,
			location: { name: store }
		});
	}

	/** Pictures of a product, from e2e/fixtures. */
	async pictures(productId: number, ...names: string[]) {
		const form = new FormData();
		for (const name of names) form.append('file', new Blob([new Uint8Array(await readFile(fixture(name)))]), name);
		const headers = { Origin: this.#url, 'Idempotency-Key': randomUUID() };
		return this.#reply(await this.#request.post(`${this.#url}/api/v1/products/${productId}/images`, { multipart: form, headers }));
	}

	/** Somebody who asks to work here; answers their id. */
	async asks(name: string): Promise<number> {
		await this.post('/registrations', { name, ...credentials(name), note: 'I start on Monday.' });
		const { items } = await this.get<{ items: { id: number; email: string }[] }>('/registrations');
		return items.find((r) => r.email === credentials(name).email)!.id;
	}

	/** Somebody who works here, and whom they are signed in as; in some of the stores, or in all of them. */
	async hire(name: string, role: string, locationIds?: number[]): Promise<number> {
		const id = await this.asks(name);
		await this.post(`/registrations/${id}/approve`, { role, locationIds });
		return id;
	}

	/** Signs somebody in who was hired, past the page. */
	async signIn(name: string) {
		await this.post('/session', credentials(name));
	}

	/** A product with one variant; answers the variant's id. */
	async product(name: string, variant: { price: number; barcode?: string; onHand?: number; category?: string; cost?: number }): Promise<number> {
		const { variants } = await this.post<{ variants: { id: number }[] }>('/products', {
			name,
			category: variant.category,
			taxRate: 19000,
			variants: [{ price: variant.price, cost: variant.cost, barcodes: variant.barcode ? [variant.barcode] : undefined, reorderPoint: 2 }]
		});
		const id = variants[0]!.id;
		if (variant.onHand) await this.adjust(id, variant.onHand);
		return id;
	}

	/** A product that tracks lots: of each its name, how many days it keeps (what is over has expired) and how many there are. */
	async perishable(name: string, price: number, lots: [name: string, days: number, quantity: number][]): Promise<number> {
		const { variants } = await this.post<{ variants: { id: number }[] }>('/products', { name, taxRate: 7000, variants: [{ price, cost: Math.round(price / 2), tracksLots: true, reorderPoint: 0 }] });
		const variantId = variants[0]!.id;
		const lines = lots.map(([lot, days, delta]) => ({ variantId, delta, lot, expiresOn: dayIn(days) }));
		await this.post('/stock/adjustments', { locationId: 1, reason: 'received', lines });
		return variantId;
	}

	async adjust(variantId: number, delta: number) {
		await this.post('/stock/adjustments', { locationId: 1, reason: delta > 0 ? 'received' : 'correction', lines: [{ variantId, delta }] });
	}

	async sell(variantId: number, quantity: number, more: object = {}) {
		return this.post<{ id: number; number: string }>('/orders', { channel: 'counter', locationId: 1, lines: [{ variantId, quantity }], ...more });
	}

	async level(variantId: number): Promise<Level> {
		const { items } = await this.get<{ items: Level[] }>(`/stock?variantId=${variantId}`);
		return items[0]!;
	}

	async #reply<T>(response: Awaited<ReturnType<APIRequestContext['get']>>): Promise<T> {
		const text = await response.text();
		if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${text}`);
		return (text ? JSON.parse(text) : undefined) as T;
	}
}
