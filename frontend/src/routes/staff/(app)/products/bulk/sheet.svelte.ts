import { SvelteMap } from 'svelte/reactivity';
import { api, type Schema } from '$lib/api';
import { wordsFor } from '$lib/api/words';
import { m } from '$lib/i18n';
import { read, shown, typedOf, valueOf, type Column, type Entry, type Line, type Value } from './cells';

type Product = Schema['Product'];
type Change = Schema['BulkProduct'];

/** A corner to another one, both included. */
export interface Area {
	top: number;
	bottom: number;
	left: number;
	right: number;
}

/** Many products while they are edited: what the shop has, what was typed, what others changed meanwhile. */
export class Sheet {
	lines = $state.raw<Line[]>([]);
	busy = $state(false);
	/** By cell: what stands there instead of what the shop has. */
	readonly entries = new SvelteMap<string, Entry>();
	/** By cell that was changed here: what somebody else made of it meanwhile. */
	readonly conflicts = new SvelteMap<string, Value>();
	/** By cell: why the shop refused it. A product as a whole is refused in its first column. */
	readonly refused = new SvelteMap<string, string>();
	#past: Map<string, Entry | undefined>[] = [];
	#past_length = $state(0);

	constructor(
		products: Product[],
		readonly columns: Column[]
	) {
		this.lines = products.flatMap((product) => product.variants.map((variant) => ({ product, variant })));
	}

	get undoable(): boolean {
		return this.#past_length > 0;
	}

	/** How many cells hold something else than the shop. */
	get changed(): number {
		return this.entries.size;
	}

	get wrong(): string[] {
		return [...this.entries].flatMap(([key, e]) => ('wrong' in e ? [key] : []));
	}

	/** Variants of one product share its category: they share the cell too. */
	key(row: number, column: Column): string {
		const { product, variant } = this.lines[row]!;
		return column === 'category' ? `p${product.id}` : `${variant.id}.${column}`;
	}

	text(row: number, column: Column): string {
		const entry = this.entries.get(this.key(row, column));
		if (entry && 'wrong' in entry) return entry.text;
		return shown(column, entry ? entry.value : valueOf(this.lines[row]!, column));
	}

	/** What stands there when one begins to type in it. */
	typed(row: number, column: Column): string {
		const entry = this.entries.get(this.key(row, column));
		if (entry && 'wrong' in entry) return entry.text;
		return typedOf(column, entry ? entry.value : valueOf(this.lines[row]!, column));
	}

	/** What is to be said about a cell. */
	problem(row: number, column: Column): string {
		const key = this.key(row, column);
		const entry = this.entries.get(key);
		return entry && 'wrong' in entry ? entry.wrong : (this.refused.get(key) ?? '');
	}

	/** Whether a line has something that somebody has to look at. */
	troubled(row: number): boolean {
		return this.columns.some((c) => this.problem(row, c) !== '' || this.conflicts.has(this.key(row, c)));
	}

	set(row: number, column: Column, text: string) {
		this.#write([[row, column, text]]);
	}

	/** Lays a block over the sheet from a cell on, or one value over a whole area. Answers how much of it had no place. */
	paste(area: Area, block: string[][]): number {
		const single = block.length === 1 && block[0]!.length === 1;
		const writes: [number, Column, string][] = [];
		let outside = 0;
		const [height, width] = single ? [area.bottom - area.top + 1, area.right - area.left + 1] : [block.length, 0];
		for (let r = 0; r < height; r++) {
			const cells = single ? Array.from({ length: width }, () => block[0]![0]!) : block[r]!;
			for (const [c, text] of cells.entries()) {
				const [row, column] = [area.top + r, this.columns[area.left + c]];
				if (row >= this.lines.length || column === undefined) outside++;
				else writes.push([row, column, text]);
			}
		}
		this.#write(writes);
		return outside;
	}

	/** The first row of an area goes to the rows below it. */
	fill(area: Area) {
		const writes: [number, Column, string][] = [];
		for (let c = area.left; c <= area.right; c++) {
			const column = this.columns[c]!;
			const text = this.typed(area.top, column);
			for (let row = area.top + 1; row <= area.bottom; row++) writes.push([row, column, text]);
		}
		this.#write(writes);
	}

	clear(area: Area) {
		const writes: [number, Column, string][] = [];
		for (let row = area.top; row <= area.bottom; row++) {
			for (let c = area.left; c <= area.right; c++) writes.push([row, this.columns[c]!, '']);
		}
		this.#write(writes);
	}

	copy(area: Area): string[][] {
		const rows = [];
		for (let row = area.top; row <= area.bottom; row++) rows.push(this.columns.slice(area.left, area.right + 1).map((c) => this.typed(row, c)));
		return rows;
	}

	undo() {
		const last = this.#past.pop();
		this.#past_length = this.#past.length;
		for (const [key, entry] of last ?? []) {
			if (entry) this.entries.set(key, entry);
			else this.entries.delete(key);
		}
	}

	discard() {
		this.entries.clear();
		this.conflicts.clear();
		this.refused.clear();
		this.#forget();
	}

	takeTheirs(key: string) {
		this.entries.delete(key);
		this.conflicts.delete(key);
	}

	#write(writes: [number, Column, string][]) {
		const before = new Map<string, Entry | undefined>();
		for (const [row, column, text] of writes) {
			const key = this.key(row, column);
			const entry = read(column, text);
			if (!before.has(key)) before.set(key, this.entries.get(key));
			this.refused.delete(key);
			if ('value' in entry && entry.value === valueOf(this.lines[row]!, column)) {
				this.entries.delete(key);
				this.conflicts.delete(key);
			} else this.entries.set(key, entry);
		}
		if (before.size === 0) return;
		this.#past.push(before);
		this.#past_length = this.#past.length;
	}

	#forget() {
		this.#past = [];
		this.#past_length = 0;
	}

	/** A product as the shop has it now. What was typed stays; where both changed a cell, theirs is kept beside it. */
	meet(now: Product) {
		const rows = this.lines.flatMap((l, row) => (l.product.id === now.id ? [row] : []));
		if (rows.length === 0 || this.lines[rows[0]!]!.product.version >= now.version) return;
		for (const row of rows) {
			const was = this.lines[row]!;
			const variant = now.variants.find((v) => v.id === was.variant.id);
			if (!variant) continue;
			for (const column of this.columns) this.#compare(this.key(row, column), valueOf(was, column), valueOf({ product: now, variant }, column));
		}
		// A variant that was taken out of the product is no longer to be edited.
		this.lines = this.lines.flatMap((l) => {
			if (l.product.id !== now.id) return [l];
			const variant = now.variants.find((v) => v.id === l.variant.id);
			return variant ? [{ product: now, variant }] : [];
		});
	}

	#compare(key: string, was: Value, theirs: Value) {
		const entry = this.entries.get(key);
		if (!entry || was === theirs) return;
		if ('value' in entry && entry.value === theirs) this.takeTheirs(key);
		else this.conflicts.set(key, theirs);
	}

	/** What is to be sent: the products of which something was changed. */
	changes(): Change[] {
		const changes = new Map<number, Change>();
		for (const [row, { product, variant }] of this.lines.entries()) {
			const of = (column: Column) => {
				const entry = this.columns.includes(column) ? this.entries.get(this.key(row, column)) : undefined;
				return entry && 'value' in entry ? entry : undefined;
			};
			const [category, price, cost, reorderPoint] = [of('category'), of('price'), of('cost'), of('reorderPoint')];
			if (!category && !price && !cost && !reorderPoint) continue;
			const change = changes.get(product.id) ?? { id: product.id, version: product.version, variants: [] };
			changes.set(product.id, change);
			if (category) change.category = category.value as string;
			if (!price && !cost && !reorderPoint) continue;
			change.variants!.push({
				id: variant.id,
				...(price ? { price: price.value as number } : {}),
				...(cost ? { cost: cost.value as number | null } : {}),
				...(reorderPoint ? { reorderPoint: reorderPoint.value as number } : {})
			});
		}
		return [...changes.values()];
	}

	/** Saves all that was changed. What others changed meanwhile and nobody changed here is no reason to ask: it is sent once more. */
	async save(): Promise<{ done: number; failed: number }> {
		this.busy = true;
		try {
			const first = await this.#send(this.changes());
			const again = this.changes().filter((c) => first.stale.has(c.id) && !this.#contested(c.id));
			const second = again.length ? await this.#send(again) : { done: 0, stale: new Set<number>() };
			this.#forget();
			const left = new Set(this.changes().map((c) => c.id));
			return { done: first.done + second.done, failed: left.size };
		} finally {
			this.busy = false;
		}
	}

	#contested(productId: number): boolean {
		return this.lines.some((l, row) => l.product.id === productId && this.columns.some((c) => this.conflicts.has(this.key(row, c))));
	}

	async #send(products: Change[]): Promise<{ done: number; stale: Set<number> }> {
		const stale = new Set<number>();
		if (products.length === 0) return { done: 0, stale };
		const { items, done } = await api().post('/products/bulk', { body: { products } });
		for (const [i, o] of items.entries()) {
			const sent = products[i]!;
			if (o.refused.length === 0) this.#saved(sent);
			else if (o.refused[0]!.code === 'stale') stale.add(o.id);
			else this.#refuse(sent, o.refused);
			if (o.product) this.meet(o.product);
		}
		return { done, stale };
	}

	#saved(sent: Change) {
		const keys = sent.variants!.flatMap((v) => this.columns.map((c) => `${v.id}.${c}`));
		for (const key of [...keys, `p${sent.id}`]) {
			const entry = this.entries.get(key);
			if (entry && 'value' in entry) this.takeTheirs(key);
		}
	}

	#refuse(sent: Change, flaws: Schema['BulkFlaw'][]) {
		for (const f of flaws) {
			const said = wordsFor(f.code, f.params ?? {}) || f.message;
			const [, at, field] = /^variants\[(\d+)\]\.(\w+)/.exec(f.field) ?? [];
			const variant = at === undefined ? undefined : sent.variants![Number(at)];
			const cell = variant && this.columns.includes(field as Column) ? `${variant.id}.${field}` : `p${sent.id}`;
			if (!this.refused.has(cell)) this.refused.set(cell, said || m.error_unexpected());
		}
	}
}
