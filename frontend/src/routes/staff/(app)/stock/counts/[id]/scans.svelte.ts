import { api, ApiError, errorText, net, newKey, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { accept, refuse } from '$lib/scan/sound';
import { toast } from '$lib/ui/toast.svelte';
import { byBarcode, type Item } from '../../variants';

export type Counted = Schema['CountedLine'];
type Line = Schema['CountLine'];

/** What stands in the middle of the screen: the product that was counted last. */
export interface Current {
	variantId: number;
	name: string;
	sku: string;
	image?: Schema['Picture'];
	tracksLots: boolean;
	/** As the server last told it; null where nobody counted it. */
	line: Line | null;
}

interface Waiting {
	key: string;
	line: Counted;
	item: Current;
}

/** What one tablet counts: one thing after the other, each until the server has it. */
export class Scans {
	current = $state.raw<Current | null>(null);
	/** A scanned code that nothing has. */
	unknown = $state('');
	#waiting = $state.raw<Waiting[]>([]);
	#codes = Promise.resolve();
	#sending = false;
	readonly #id: () => number;
	readonly #ondone: (c: Schema['Count']) => void;

	constructor(id: () => number, ondone: (c: Schema['Count']) => void) {
		this.#id = id;
		this.#ondone = ondone;
		$effect(() => net.onback(() => void this.#send()));
	}

	/** How many the server does not have yet. */
	get unsent() {
		return this.#waiting.length;
	}

	/** Codes wait for each other: the screen shows the last one. */
	scan(code: string) {
		this.#codes = this.#codes.then(() => this.#read(code));
	}

	async #read(code: string) {
		this.unknown = '';
		try {
			const found = await byBarcode(code);
			if (!found) {
				refuse();
				this.unknown = code;
			} else if (!found.tracked) {
				refuse();
				toast(m.stock_not_tracked({ name: found.name }), { tone: 'info' });
			} else {
				this.add(found.scannedQuantity, this.#show(found));
			}
		} catch (e) {
			refuse();
			toast(errorText(e), { tone: 'error' });
		}
	}

	/** Puts a product in the middle, without counting it. */
	choose(item: Item) {
		if (!item.tracked) return void toast(m.stock_not_tracked({ name: item.name }), { tone: 'info' });
		this.#show(item);
	}

	#show(item: Item): Current {
		const line = this.current?.variantId === item.id ? this.current.line : null;
		const shown = { variantId: item.id, name: item.name, sku: item.sku, image: item.image, tracksLots: item.tracksLots, line };
		this.current = shown;
		return shown;
	}

	/** So many more of what is shown, or of its lot; below zero takes them back. */
	add(n: number, item: Current) {
		const lotId = item.line?.lotId ?? undefined;
		this.#queue({ variantId: item.variantId, lotId, add: n }, item);
	}

	/** So many are there. */
	set(line: Counted, item: Current) {
		this.current = item;
		this.#queue(line, item);
	}

	#queue(line: Counted, item: Current) {
		this.#waiting = [...this.#waiting, { key: newKey(), line, item }];
		void this.#send();
	}

	async #send() {
		if (this.#sending) return;
		this.#sending = true;
		try {
			for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
				try {
					this.#told(next, await api().post('/stock/counts/{id}/lines', { path: { id: this.#id() }, body: { lines: [next.line] }, key: next.key }));
				} catch (e) {
					if (e instanceof ApiError && (e.status === 0 || e.status >= 502)) return; // it goes again, under its key, when the server is back
					refuse();
					toast(errorText(e), { tone: 'error' });
				}
				this.#waiting = this.#waiting.slice(1);
			}
		} finally {
			this.#sending = false;
		}
	}

	#told({ item }: Waiting, count: Schema['Count']) {
		accept();
		if (this.current?.variantId === item.variantId) this.current = { ...this.current, line: count.lines[0] ?? null };
		this.#ondone(count);
	}

	/** What the server tells of lines, also of those that other tablets counted. */
	hear(lines: Line[]) {
		const now = this.current;
		if (!now || this.unsent) return;
		const line = lines.find((l) => l.variantId === now.variantId && l.counted !== null && (!now.line || l.id === now.line.id));
		if (line) this.current = { ...now, line };
	}
}
