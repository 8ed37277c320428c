import { SvelteMap } from 'svelte/reactivity';
import { api, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { Scanned } from '$lib/scan/scanned.svelte';
import { refuse } from '$lib/scan/sound';
import { toast } from '$lib/ui/toast.svelte';
import type { Item } from '../../variants';
import { minds, type Transfer } from '../words';

export interface DraftLine {
	variantId: number;
	name: string;
	sku: string;
	quantity: number;
}

/** The most that a transfer has (db/stock/transfer_moves.go). */
const most = 100;

/** A transfer while it is drafted: what was loaded, and what is on the screen. */
export class TransferDraft extends Scanned {
	from = $state(0);
	to = $state(0);
	note = $state('');
	lines = $state<DraftLine[]>([]);
	/** The draft that this began with; none of a new one. */
	base = $state.raw<Transfer | null>(null);
	/** What could leave of each variant, where that may be known. */
	#available = new SvelteMap<number, number>();
	#of = 0;
	#start = '';

	readonly body = $derived.by(() => this.#body());
	readonly changed = $derived(JSON.stringify(this.body) !== this.#start);
	readonly units = $derived(this.lines.reduce((n, l) => n + l.quantity, 0));

	constructor(t: Transfer | null, from: number, to: number) {
		super();
		this.from = from;
		this.to = to;
		if (t) this.load(t);
		else this.#start = JSON.stringify(this.#body());
	}

	load(t: Transfer) {
		this.base = t;
		this.from = t.fromLocationId;
		this.to = t.toLocationId;
		this.note = t.note;
		this.lines = t.lines.map(lineOf);
		this.#know(t);
		this.#start = JSON.stringify(this.#body());
	}

	/** Goes on with the draft as somebody else left it: what was changed here stays, the rest is theirs. */
	rebase(t: Transfer) {
		const was = this.base!;
		if (this.from === was.fromLocationId) this.from = t.fromLocationId;
		if (this.to === was.toLocationId) this.to = t.toLocationId;
		if (this.note === was.note) this.note = t.note;
		const here = new Map(this.lines.map((l) => [l.variantId, l]));
		const had = new Map(was.lines.map((l) => [l.variantId, l.quantity]));
		const kept = t.lines.flatMap((l) => {
			const mine = here.get(l.variantId)?.quantity;
			const theirs = lineOf(l);
			if (mine === had.get(l.variantId)) return [theirs];
			return mine === undefined ? [] : [{ ...theirs, quantity: mine }];
		});
		const there = new Set(t.lines.map((l) => l.variantId));
		const mine = this.lines.filter((l) => !there.has(l.variantId) && l.quantity !== had.get(l.variantId));
		this.lines = [...kept, ...mine];
		this.base = t;
		this.#know(t);
		this.#start = JSON.stringify(bodyOf(t));
	}

	/** How many somebody else made a line meanwhile, where that is not what it had. */
	theirs(line: DraftLine, now: Transfer): number | undefined {
		const then = this.base?.lines.find((l) => l.variantId === line.variantId)?.quantity ?? 0;
		const there = now.lines.find((l) => l.variantId === line.variantId)?.quantity ?? 0;
		return there === then ? undefined : there;
	}

	/** How many could leave; undefined where that is not known. */
	available(variantId: number): number | undefined {
		return this.#of === this.from ? this.#available.get(variantId) : undefined;
	}

	add(item: Item, count: number) {
		if (!item.tracked) {
			refuse();
			return void toast(m.stock_not_tracked({ name: item.name }), { tone: 'info' });
		}
		const line = this.lines.find((l) => l.variantId === item.id);
		if (line) line.quantity += count;
		else if (this.lines.length >= most) {
			refuse();
			return void toast(m.transfers_full({ count: most }), { tone: 'error' });
		} else {
			this.lines.push({ variantId: item.id, name: item.name, sku: item.sku, quantity: count });
			void this.look([item.id]);
		}
		this.last = item.id;
		this.said = m.transfers_scanned({ name: item.name, count: (line?.quantity ?? count).toString() });
	}

	/** Takes a line out; undone, it is back where it was. */
	remove(line: DraftLine) {
		const at = this.lines.findIndex((l) => l.variantId === line.variantId);
		const gone = this.lines[at]!;
		this.lines.splice(at, 1);
		toast(m.transfers_taken_out({ name: line.name }), { undo: () => this.lines.splice(Math.min(at, this.lines.length), 0, gone) });
	}

	protected take(item: Item) {
		this.add(item, item.scannedQuantity);
	}

	/** Asks what could leave, where that may be seen; what cannot be read is not warned of. */
	async look(variantIds: number[] = this.lines.map((l) => l.variantId)) {
		const locationId = this.from;
		if (!minds(locationId)) return;
		if (this.#of !== locationId) {
			this.#available.clear();
			this.#of = locationId;
		}
		const read = async (variantId: number) => {
			const { items } = await api().get('/stock', { query: { variantId, locationId } });
			if (this.#of === locationId) this.#available.set(variantId, items[0]?.available ?? 0);
		};
		await Promise.all(variantIds.map((id) => read(id).catch(() => undefined)));
	}

	#know(t: Transfer) {
		this.#of = t.fromLocationId;
		this.#available.clear();
		for (const l of t.lines) if (l.available !== undefined) this.#available.set(l.variantId, l.available);
	}

	#body() {
		return {
			fromLocationId: this.from,
			toLocationId: this.to,
			note: this.note.trim(),
			lines: this.lines.map(({ variantId, quantity }) => ({ variantId, quantity }))
		} satisfies Schema['NewTransfer'];
	}
}

const lineOf = ({ variantId, name, sku, quantity }: Schema['TransferLine']): DraftLine => ({ variantId, name, sku, quantity });

const bodyOf = (t: Transfer): Schema['NewTransfer'] => ({
	fromLocationId: t.fromLocationId,
	toLocationId: t.toLocationId,
	note: t.note,
	lines: t.lines.map(({ variantId, quantity }) => ({ variantId, quantity }))
});
