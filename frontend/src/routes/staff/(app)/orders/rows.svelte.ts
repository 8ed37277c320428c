import { api, type Schema } from '$lib/api';
import type { queryOf } from './filter';

type Order = Schema['Order'];
type Page = Schema['PageOrder'];
type Query = ReturnType<typeof queryOf>;

/** The rows on the screen. What changes is changed in its place, and what is new waits to be asked for. */
export class Rows {
	items = $state.raw<Order[]>([]);
	next = $state('');
	/** Orders that came while somebody was looking. */
	fresh = $state.raw<Order[]>([]);
	#query: Query = {};

	constructor(page: Page, query: Query) {
		this.reset(page, query);
	}

	reset(page: Page, query: Query) {
		this.items = page.items;
		this.next = page.next;
		this.fresh = [];
		this.#query = query;
	}

	/** The first page was read again. */
	merge(page: Page) {
		if (this.items.length === 0) return this.reset(page, this.#query);
		const top = this.items[0]!.id;
		const now = new Map(page.items.map((o) => [o.id, o]));
		this.items = this.items.map((o) => now.get(o.id) ?? o);
		this.fresh = page.items.filter((o) => o.id > top);
	}

	/** One row that the first page does not carry, or no longer: it stays where it is. */
	async again(id: number) {
		if (!this.items.some((o) => o.id === id)) return;
		const order = await api().get('/orders/{id}', { path: { id } }).catch(() => null);
		if (order) this.items = this.items.map((o) => (o.id === id ? order : o));
	}

	async more() {
		const page = await api().get('/orders', { query: { ...this.#query, after: this.next } });
		const shown = new Set(this.items.map((o) => o.id));
		this.items = [...this.items, ...page.items.filter((o) => !shown.has(o.id))];
		this.next = page.next;
	}

	/** As many rows as there were before somebody left the page. */
	async fill(count: number) {
		while (this.items.length < count && this.next) await this.more();
	}
}
