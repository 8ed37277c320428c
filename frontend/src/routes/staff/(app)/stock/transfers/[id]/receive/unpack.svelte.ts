import { m } from '$lib/i18n';
import { Scanned } from '$lib/scan/scanned.svelte';
import type { Item } from '../../../variants';
import { sum, type Transfer } from '../../words';

const storage = (id: number) => `onhand.unpack.${id}`;

/** A transfer while it is unpacked: how much of each line is here. It survives a reload; half a box is not counted twice. */
export class Unpacking extends Scanned {
	here = $state<Record<number, number>>({});
	#transfer: () => Transfer;

	readonly open = $derived.by(() => this.#transfer().lines.filter((l) => l.onWay > 0));
	readonly units = $derived(sum(this.open, (l) => this.of(l.id)));
	readonly expected = $derived(sum(this.open, (l) => l.onWay));

	constructor(transfer: () => Transfer) {
		super();
		this.#transfer = transfer;
		try {
			this.here = JSON.parse(localStorage.getItem(storage(transfer().id)) ?? '{}');
		} catch {
			this.here = {};
		}
	}

	/** How many of a line are here; never more than are on their way, whatever others received meanwhile. */
	of(lineId: number): number {
		const l = this.#transfer().lines.find((line) => line.id === lineId);
		return Math.min(this.here[lineId] ?? 0, l?.onWay ?? 0);
	}

	set(lineId: number, count: number) {
		this.here[lineId] = count;
		this.last = lineId;
		this.#keep();
	}

	all() {
		for (const l of this.open) this.here[l.id] = l.onWay;
		this.last = 0;
		this.#keep();
	}

	/** What is counted is received: the next count begins anew. */
	clear() {
		this.here = {};
		this.last = 0;
		this.said = '';
		localStorage.removeItem(storage(this.#transfer().id));
	}

	protected take(item: Item) {
		const line = this.#transfer().lines.find((l) => l.variantId === item.id);
		if (!line) return this.object(m.transfers_not_expected({ name: item.name }));
		const count = this.of(line.id) + item.scannedQuantity;
		if (count > line.onWay) return this.object(m.transfers_more_than_sent({ name: item.name }));
		this.set(line.id, count);
		this.said = m.transfers_scanned({ name: item.name, count: String(count) });
	}

	#keep() {
		localStorage.setItem(storage(this.#transfer().id), JSON.stringify(this.here));
	}
}
