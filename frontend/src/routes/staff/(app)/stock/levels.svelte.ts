import { SvelteMap } from 'svelte/reactivity';
import { api } from '$lib/api';
import { compare } from '$lib/format';
import type { Filter, Level } from './filter';

/** More changed variants than this at once are read as whole pages. */
const few = 8;
const most = 200;

interface Page {
	items: Level[];
	next: string;
}

const keyOf = (l: Level) => `${l.variantId}/${l.locationId}`;

/** The loaded part of the stock list. What changes is put where its row stands; what is new waits until asked for. */
export class LevelList {
	rows = $state.raw<Level[]>([]);
	next = $state('');
	/** There are rows that belong into the list now but are not shown. */
	waiting = $state(false);
	#touched = new SvelteMap<string, number>();
	#filter: Filter = {};
	#asked = '';

	/** A page as it was read: of another filter it is the list, of the same one it is put where its rows stand. */
	take(page: Page, filter: Filter) {
		const asked = JSON.stringify(filter);
		if (asked !== this.#asked || this.rows.length === 0) {
			this.#asked = asked;
			this.#filter = filter;
			return this.#begin(page);
		}
		this.#put(page.items);
		this.#wait(page.items);
		if (this.rows.length > page.items.length) this.refresh(null).catch(() => {}); // the banner says that the server is away
	}

	/** The list anew, with what waits. */
	async renew() {
		this.#begin(await api().get('/stock', { query: this.#filter }));
	}

	#begin(page: Page) {
		this.rows = page.items;
		this.next = page.next;
		this.waiting = false;
	}

	/** Whether this row is one that the last change was about. */
	touched(l: Level): boolean {
		return this.#touched.has(keyOf(l));
	}

	async more() {
		const page = await api().get('/stock', { query: { ...this.#filter, after: this.next } });
		const known = new Set(this.rows.map(keyOf));
		this.rows = [...this.rows, ...page.items.filter((l) => !known.has(keyOf(l)))];
		this.next = page.next;
	}

	/** As many rows as there were before somebody left the page. */
	async fill(count: number) {
		while (this.rows.length < count && this.next) await this.more();
	}

	/** Reads again what changed: these variants, or everything that is shown. */
	async refresh(variantIds: number[] | null) {
		if (variantIds && variantIds.length <= few) await Promise.all(variantIds.map((id) => this.#variant(id)));
		else await this.#shown();
	}

	async #variant(variantId: number) {
		for (const key of [...this.#touched.keys()]) if (key.startsWith(`${variantId}/`)) this.#touched.delete(key);
		// Without the filter of states: a row that has left it keeps its place until the list is asked for anew.
		const { items } = await api().get('/stock', { query: { variantId, locationId: this.#filter.locationId, limit: most } });
		if (this.#put(items) && !this.waiting) {
			const fitting = await api().get('/stock', { query: { ...this.#filter, variantId, limit: most } });
			this.#wait(fitting.items);
		}
	}

	async #shown() {
		let after = '';
		let left = this.rows.length;
		do {
			const page = await api().get('/stock', { query: { ...this.#filter, after, limit: most } });
			this.#put(page.items);
			if (left > 0) this.#wait(page.items.slice(0, left));
			left -= page.items.length;
			after = page.next;
		} while (after && left > 0);
	}

	/** Puts what is shown into its place; answers whether something is not shown. */
	#put(items: Level[]): boolean {
		const fresh = new Map(items.map((l) => [keyOf(l), l]));
		this.rows = this.rows.map((row) => {
			const now = fresh.get(keyOf(row));
			fresh.delete(keyOf(row));
			if (!now) return row;
			if (now.version !== row.version) this.#touched.set(keyOf(row), now.version);
			return now;
		});
		return fresh.size > 0;
	}

	// What comes after the last row is met by "Show more".
	#wait(items: Level[]) {
		const known = new Set(this.rows.map(keyOf));
		const last = this.next ? this.rows.at(-1) : undefined;
		if (items.some((l) => !known.has(keyOf(l)) && (!last || compare(l.name, last.name) < 0))) this.waiting = true;
	}
}
