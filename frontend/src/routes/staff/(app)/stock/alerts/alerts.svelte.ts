import { api, type Schema } from '$lib/api';
import type { Alert, Filter } from './filter';

const most = 200;

export interface Row extends Alert {
	/** It is not so any more: stock arrived, or was sold. */
	settled?: boolean;
}

interface Page {
	items: Alert[];
	next: string;
}

/** The loaded part of the alerts, the newest first. A row keeps its place whatever becomes of it; what is new waits. */
export class AlertList {
	rows = $state.raw<Row[]>([]);
	next = $state('');
	/** There are alerts that belong into the list now but are not shown. */
	waiting = $state(false);
	#filter: Filter = { snoozed: false };
	#asked = '';

	/** A page as it was read: of another filter it is the list, of the same one it is put where its rows stand. */
	take(page: Page, filter: Filter) {
		const asked = JSON.stringify(filter);
		if (asked === this.#asked && this.rows.length) return void this.refresh().catch(() => {}); // the banner says that the server is away
		this.#asked = asked;
		this.#filter = filter;
		this.#begin(page);
	}

	/** The list anew, with what waits and without what is settled. */
	async renew() {
		this.#begin(await api().get('/alerts', { query: this.#filter }));
	}

	#begin(page: Page) {
		this.rows = page.items;
		this.next = page.next;
		this.waiting = false;
	}

	async more() {
		const page = await api().get('/alerts', { query: { ...this.#filter, after: this.next } });
		const known = new Set(this.rows.map((r) => r.id));
		this.rows = [...this.rows, ...page.items.filter((a) => !known.has(a.id))];
		this.next = page.next;
	}

	/** As many rows as there were before somebody left the page. */
	async fill(count: number) {
		while (this.rows.length < count && this.next) await this.more();
	}

	/** Reads again what is shown. */
	async refresh() {
		if (!this.rows.length) return this.renew(); // there is nothing that could move
		const last = this.next ? (this.rows.at(-1)?.id ?? 0) : 0;
		const now = new Map<number, Alert>();
		let after = '';
		do {
			// Snoozed or not: a row that has left the filter keeps its place until the list is asked for anew.
			const page: Page = await api().get('/alerts', { query: { kind: this.#filter.kind, after, limit: most } });
			for (const a of page.items) if (a.id >= last) now.set(a.id, a);
			after = (page.items.at(-1)?.id ?? 0) > last ? page.next : '';
		} while (after);
		const known = new Set(this.rows.map((r) => r.id));
		this.rows = this.rows.map((r) => now.get(r.id) ?? { ...r, settled: true });
		this.waiting = [...now.values()].some((a) => !known.has(a.id) && a.snoozed === this.#filter.snoozed);
	}

	/** Whether a row shows this variant. */
	shows(variantId: number): boolean {
		return this.rows.some((r) => r.item.variantId === variantId);
	}

	async snooze(id: number, body: Schema['Snooze'], key?: string) {
		this.#put(await api().post('/alerts/{id}/snooze', { path: { id }, body, key }));
	}

	async wake(id: number) {
		this.#put(await api().post('/alerts/{id}/wake', { path: { id } }));
	}

	#put(now: Alert) {
		this.rows = this.rows.map((r) => (r.id === now.id ? now : r));
	}
}
