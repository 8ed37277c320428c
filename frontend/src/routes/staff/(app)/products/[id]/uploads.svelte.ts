import { api, ApiError, isApiError, newKey, type Schema } from '$lib/api';
import { m } from '$lib/i18n';

const most = 32 * 1024 * 1024 - 4096; // what one request may carry, with its form

/** One picture on its way. */
export interface Upload {
	/** Of the request: sent again, it is the same picture. */
	key: string;
	file: File;
	/** How much is sent, from 0 to 1. */
	part: number;
	/** Why it was not added. */
	error: string;
}

/** Pictures on their way to a product, one after the other: each is there or refused by itself. */
export class Uploads {
	list = $state<Upload[]>([]);
	#busy = false;

	constructor(
		private readonly productId: () => number,
		private readonly onadded: (product: Schema['Product']) => unknown
	) {}

	add(files: Iterable<File>) {
		for (const file of files) this.list.push({ key: newKey(), file, part: 0, error: file.size > most ? m.images_wrong_large() : '' });
		void this.#run();
	}

	retry(key: string) {
		const u = this.list.find((x) => x.key === key);
		if (u) u.error = '';
		void this.#run();
	}

	dismiss(key: string) {
		this.list = this.list.filter((x) => x.key !== key);
	}

	async #run() {
		if (this.#busy) return;
		this.#busy = true;
		for (let next; (next = this.list.find((u) => !u.error)); ) await this.#send(next);
		this.#busy = false;
	}

	async #send(u: Upload) {
		const body = new FormData();
		body.set('file', u.file);
		u.part = 0;
		try {
			const path = { id: this.productId() };
			const product = await api().post('/products/{id}/images', { path, body, key: u.key, onsent: (part) => (u.part = part) });
			this.dismiss(u.key);
			await this.onadded(product);
		} catch (e) {
			u.error = reason(e);
		}
	}
}

/** What is wrong with the picture itself is said of its file. */
function reason(e: unknown): string {
	if (isApiError(e) && e.status === 413) return m.images_wrong_large();
	if (!(e instanceof ApiError)) return m.error_unexpected();
	return Object.values(e.fields)[0] ?? e.message;
}
