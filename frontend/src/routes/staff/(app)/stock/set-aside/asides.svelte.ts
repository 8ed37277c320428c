import { api } from '$lib/api';
import type { Aside, Filter } from './filter';

const most = 200;

interface Page {
	items: Aside[];
	next: string;
}

export const keyOf = (a: Aside) => `${a.variantId}/${a.locationId}/${a.lotId ?? 0}/${a.reason}`;

/** The loaded part of what is set aside, what waits longest first: what is new comes at the end, and moves nothing. */
export class AsideList {
	rows = $state.raw<Aside[]>([]);
	next = $state('');
	#filter: Filter = {};
	#asked = '';

	/** A page as it was read: of another filter it is the list, of the same one it is read again as far as it is shown. */
	take(page: Page, filter: Filter) {
		const asked = JSON.stringify(filter);
		if (asked === this.#asked && this.rows.length) return void this.refresh().catch(() => {}); // the banner says that the server is away
		this.#asked = asked;
		this.#filter = filter;
		this.rows = page.items;
		this.next = page.next;
	}

	async more() {
		const page = await api().get('/stock/set-aside', { query: { ...this.#filter, after: this.next } });
		const known = new Set(this.rows.map(keyOf));
		this.rows = [...this.rows, ...page.items.filter((a) => !known.has(keyOf(a)))];
		this.next = page.next;
	}

	/** As many rows as there were before somebody left the page. */
	async fill(count: number) {
		while (this.rows.length < count && this.next) await this.more();
	}

	/** Reads again what is shown. What became more keeps its place until the list is asked for anew. */
	async refresh() {
		const now = new Map<string, Aside>();
		const shown = Math.max(1, this.rows.length);
		let next = '';
		do {
			const page: Page = await api().get('/stock/set-aside', { query: { ...this.#filter, after: next, limit: most } });
			for (const a of page.items) now.set(keyOf(a), a);
			next = page.next;
		} while (next && now.size < shown);
		const here = this.rows.filter((a) => now.has(keyOf(a))).map((a) => now.get(keyOf(a))!);
		const known = new Set(here.map(keyOf));
		this.rows = [...here, ...[...now.values()].filter((a) => !known.has(keyOf(a)))];
		this.next = next;
	}
}
