import type { Schema } from '$lib/api';
import { dateIn } from '$lib/format';
import { m } from '$lib/i18n';
import { Scanned } from '$lib/scan/scanned.svelte';
import type { Item } from '$lib/scan/variants';
import { sum, type Line, type Purchase } from '../../words';

/** So many of a line, of one lot. */
export interface Part {
	quantity: number;
	lot: string;
	expiresOn: string;
}

const none = (): Part => ({ quantity: 0, lot: '', expiresOn: '' });
const storage = (id: number) => `onhand.delivery.${id}`;

/** A delivery while it is unpacked: how much of each line is here, and of which lots. It survives a reload; half a pallet is not counted twice. */
export class Delivery extends Scanned {
	parts = $state<Record<number, Part[]>>({});
	/** What one of a line cost after all, where the bill says otherwise. */
	costs = $state<Record<number, number | null>>({});
	freight = $state<number | null>(null);
	duty = $state<number | null>(null);
	#purchase: () => Purchase;

	readonly lines = $derived.by(() => this.#purchase().lines.filter((l) => l.onWay > 0 || this.of(l.id) > 0));
	readonly units = $derived(sum(this.lines, (l) => this.of(l.id)));
	readonly expected = $derived(sum(this.lines, (l) => l.onWay));
	/** Lines of which more is here than is on its way. */
	readonly over = $derived(this.lines.filter((l) => this.of(l.id) > l.onWay));

	constructor(purchase: () => Purchase) {
		super();
		this.#purchase = purchase;
		try {
			const kept = JSON.parse(localStorage.getItem(storage(purchase().id)) ?? '{}') as Partial<Pick<Delivery, 'parts' | 'costs' | 'freight' | 'duty'>>;
			this.parts = kept.parts ?? {};
			this.costs = kept.costs ?? {};
			this.freight = kept.freight ?? null;
			this.duty = kept.duty ?? null;
		} catch {
			this.parts = {};
		}
		$effect(() => localStorage.setItem(storage(purchase().id), JSON.stringify({ parts: this.parts, costs: this.costs, freight: this.freight, duty: this.duty })));
	}

	/** How many more of a line are here than are on their way. */
	beyond(l: Line): number {
		return Math.max(0, this.of(l.id) - l.onWay);
	}

	/** What is here beyond the order costs, as ordered or as the bill says; undefined where nobody knows, or nobody may. */
	costBeyond(lines: readonly Line[]): number | undefined {
		const each = (l: Line) => this.costs[l.id] ?? l.unitCost;
		return lines.some((l) => each(l) === undefined) ? undefined : sum(lines, (l) => this.beyond(l) * each(l)!);
	}

	/** The parts of a line: one, unless it came in several lots. */
	partsOf(lineId: number): Part[] {
		return this.parts[lineId] ?? [none()];
	}

	of(lineId: number): number {
		return sum(this.parts[lineId] ?? [], (p) => p.quantity);
	}

	set(lineId: number, at: number, change: Partial<Part>) {
		this.parts[lineId] = this.partsOf(lineId).map((p, i) => (i === at ? { ...p, ...change } : p));
		this.last = lineId;
	}

	/** Begins another lot of a line, with what is still to come of it. */
	another(l: Line) {
		this.parts[l.id] = [...this.partsOf(l.id), { ...none(), quantity: Math.max(0, l.onWay - this.of(l.id)) }];
	}

	without(lineId: number, at: number) {
		this.parts[lineId] = this.partsOf(lineId).filter((_, i) => i !== at);
	}

	/** All of what is still to come is here, in the lots that were named. */
	all() {
		for (const l of this.lines) {
			const rest = l.onWay - this.of(l.id);
			if (rest > 0) this.set(l.id, 0, { quantity: this.partsOf(l.id)[0]!.quantity + rest });
		}
		this.last = 0;
	}

	/** What a part lacks: the lot of what tracks lots. */
	lacks(l: Line, p: Part): boolean {
		return l.tracksLots && p.quantity > 0 && !p.lot.trim() && !p.expiresOn;
	}

	expired(p: Part): boolean {
		return p.quantity > 0 && p.expiresOn !== '' && p.expiresOn <= dateIn(0);
	}

	/** The receipt, and which line and part each of its rows is of. */
	rows(): { row: Schema['PurchaseArrival']; lineId: number; at: number }[] {
		return this.lines.flatMap((l) =>
			this.partsOf(l.id)
				.map((p, at) => ({ p, at }))
				.filter(({ p }) => p.quantity > 0)
				.map(({ p, at }) => {
					const cost = this.costs[l.id];
					const lot = l.tracksLots ? { ...(p.lot.trim() ? { lot: p.lot.trim() } : {}), ...(p.expiresOn ? { expiresOn: p.expiresOn } : {}) } : {};
					return { row: { lineId: l.id, quantity: p.quantity, ...lot, ...(cost == null || cost === l.unitCost ? {} : { unitCost: cost }) }, lineId: l.id, at };
				})
		);
	}

	/** What is counted is received: the next delivery begins anew. */
	clear() {
		this.parts = {};
		this.costs = {};
		this.freight = this.duty = null;
		this.last = 0;
		this.said = '';
	}

	protected take(item: Item) {
		const line = this.#purchase().lines.find((l) => l.variantId === item.id);
		if (!line) return this.object(m.purchases_not_ordered({ name: item.name }));
		const at = this.partsOf(line.id).length - 1; // of the lot that was begun last
		this.set(line.id, at, { quantity: this.partsOf(line.id)[at]!.quantity + item.scannedQuantity });
		this.said = m.purchases_scanned({ name: item.name, count: String(this.of(line.id)) });
		if (this.of(line.id) > line.onWay) this.object(m.purchases_more_than_ordered({ name: item.name }));
	}
}
