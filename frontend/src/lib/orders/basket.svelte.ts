import { api, errorText, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { refuse } from '$lib/scan/sound';
import { toast } from '$lib/ui/toast.svelte';
import { byCode, type Sellable } from './lookup';
import type { Discount } from './totals';

/** A line as it is typed. */
export interface DraftLine {
	/** Of the order's line; none for a new one. */
	id?: number;
	/** For the screen. */
	key: number;
	variantId: number;
	name: string;
	options: string;
	sku: string;
	price: number;
	quantity: number;
	/** How many are packed or gone. */
	least: number;
	discount: Discount | null;
	picture?: Schema['Picture'];
	/** Of the order until somebody else took it off: saved, it is added anew. */
	again?: boolean;
}

/** Goods on their way into an order, by search and by scan. */
export class Basket {
	lines = $state<DraftLine[]>([]);
	/** What a scan could not find. */
	unknown = $state('');
	#keys = 0;

	/** For the screen: each line has one of its own. */
	protected key = () => ++this.#keys;

	add({ variantId, name, options, sku, price, picture }: Sellable, quantity = 1) {
		// One more of what was added; what the order had keeps its own price.
		const line = this.lines.find((l) => l.id === undefined && l.variantId === variantId);
		if (line) line.quantity += quantity;
		else this.lines.push({ key: this.key(), variantId, name, options, sku, price, quantity, least: 0, discount: null, picture });
		toast(m.orders_edit_did_add({ name: options ? `${name}, ${options}` : name }));
	}

	/** Takes a line off; undone, it is back where it was. */
	remove(line: DraftLine) {
		const at = this.lines.findIndex((l) => l.key === line.key);
		const [gone] = this.lines.splice(at, 1);
		toast(m.counter_removed({ name: line.name }), { undo: () => gone && this.restore(gone, at) });
	}

	protected restore(line: DraftLine, at: number) {
		this.lines.splice(Math.min(at, this.lines.length), 0, line);
	}

	async scan(code: string) {
		try {
			const met = await byCode(code);
			if (!met) refuse();
			this.unknown = met ? '' : code;
			if (met) this.add(met.item, met.count);
		} catch (e) {
			toast(errorText(e), { tone: 'error' });
		}
	}

	search = async (text: string, signal: AbortSignal): Promise<Schema['VariantItem'][]> =>
		(await api().get('/variants', { query: { q: text, limit: 20 }, signal })).items;
}
