export interface Row {
	id: number;
}

export interface Page<T> {
	items: T[];
	next: string;
}

/** How a list is read: the page after a cursor, and one row by itself, where one can be. */
export interface Source<T> {
	after: (cursor: string) => Promise<Page<T>>;
	one?: (id: number) => Promise<T>;
}

/** The rows on the screen, the newest first. What changes is changed in its place, and what is new waits to be asked for. */
export class Rows<T extends Row> {
	items = $state.raw<T[]>([]);
	next = $state('');
	/** Rows that came while somebody was looking. */
	fresh = $state.raw<T[]>([]);
	#source: Source<T>;

	constructor(page: Page<T>, source: Source<T>) {
		this.#source = source;
		this.reset(page, source);
	}

	/** Another list, or the same from its top. */
	reset(page: Page<T>, source: Source<T> = this.#source) {
		this.items = page.items;
		this.next = page.next;
		this.fresh = [];
		this.#source = source;
	}

	/** The first page was read again. */
	merge(page: Page<T>) {
		if (this.items.length === 0) return this.reset(page);
		const top = this.items[0]!.id;
		const now = new Map(page.items.map((r) => [r.id, r]));
		this.items = this.items.map((r) => now.get(r.id) ?? r);
		this.fresh = page.items.filter((r) => r.id > top);
	}

	/** One row that the first page does not carry, or no longer: it stays where it is. */
	async again(id: number) {
		if (!this.items.some((r) => r.id === id)) return;
		const row = await this.#source.one?.(id).catch(() => null);
		if (row) this.items = this.items.map((r) => (r.id === id ? row : r));
	}

	async more() {
		const page = await this.#source.after(this.next);
		const shown = new Set(this.items.map((r) => r.id));
		this.items = [...this.items, ...page.items.filter((r) => !shown.has(r.id))];
		this.next = page.next;
	}

	/** As many rows as there were before somebody left the page. */
	async fill(count: number) {
		while (this.items.length < count && this.next) await this.more();
	}
}
