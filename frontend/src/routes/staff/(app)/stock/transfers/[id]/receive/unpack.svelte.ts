import { errorText } from '$lib/api';
import { m } from '$lib/i18n';
import { refuse } from '$lib/scan/sound';
import { toast } from '$lib/ui/toast.svelte';
import { byBarcode } from '../../../variants';
import { sum, type Transfer } from '../../words';

const storage = (id: number) => `onhand.unpack.${id}`;

/** A transfer while it is unpacked: how much of each line is here. It survives a reload; half a box is not counted twice. */
export class Unpacking {
	here = $state<Record<number, number>>({});
	/** The line that was counted last; it is shown. */
	last = $state(0);
	said = $state('');
	/** A scanned code that nothing has. */
	unknown = $state('');
	#transfer: () => Transfer;

	readonly open = $derived.by(() => this.#transfer().lines.filter((l) => l.onWay > 0));
	readonly units = $derived(sum(this.open, (l) => this.of(l.id)));
	readonly expected = $derived(sum(this.open, (l) => l.onWay));

	constructor(transfer: () => Transfer) {
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

	// Scans wait for each other, so that each is counted.
	#queue = Promise.resolve();
	scan(code: string) {
		this.#queue = this.#queue.then(() => this.#scanned(code));
	}

	async #scanned(code: string) {
		this.unknown = '';
		try {
			const item = await byBarcode(code);
			if (!item) {
				refuse();
				return void (this.unknown = code);
			}
			const line = this.#transfer().lines.find((l) => l.variantId === item.id);
			if (!line) return this.#no(m.transfers_not_expected({ name: item.name }));
			const count = this.of(line.id) + item.scannedQuantity;
			if (count > line.onWay) return this.#no(m.transfers_more_than_sent({ name: item.name }));
			this.set(line.id, count);
			this.said = m.transfers_scanned({ name: item.name, count: String(count) });
		} catch (e) {
			this.#no(errorText(e));
		}
	}

	#no(why: string) {
		refuse();
		this.said = why;
		toast(why, { tone: 'error' });
	}

	#keep() {
		localStorage.setItem(storage(this.#transfer().id), JSON.stringify(this.here));
	}
}
