import { SvelteMap } from 'svelte/reactivity';
import { api, type Schema } from '$lib/api';
import { live } from '$lib/live/index.svelte';

const pause = 150;

/** How much of something is left, and whether that is little. */
export interface Left {
	count: number;
	state: Schema['Level']['state'];
}

/** What can still be sold at one location, for what is low and for what is in the cart; kept up to date. */
export class Shelf {
	readonly left = new SvelteMap<number, Left>();
	#locationId = 0;
	#watched = new Set<number>();
	#stale = new Set<number>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Reads what is low or out here, and follows it until the returned function is called. */
	open(locationId: number): () => void {
		this.#locationId = locationId;
		this.left.clear();
		void this.#readLow();
		for (const id of this.#watched) this.watch(id, true);
		const stop = live.on((e) => {
			if (e.topic !== 'stock') return;
			this.#stale.add(e.entityId);
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#again(), pause);
		});
		return () => {
			clearTimeout(this.#timer);
			stop();
		};
	}

	/** Reads one variant, once. */
	watch(variantId: number, again = false) {
		if (!again && this.#watched.has(variantId)) return;
		this.#watched.add(variantId);
		void this.#read({ variantId }, variantId);
	}

	/** Reads all variants of one product. */
	product(productId: number) {
		void this.#read({ productId });
	}

	/** Reads what a search would find. */
	search(q: string) {
		void this.#read({ q });
	}

	#again() {
		const ids = [...this.#stale].filter((id) => this.#watched.has(id) || this.left.has(id));
		this.#stale.clear();
		for (const id of ids.slice(0, 20)) this.watch(id, true);
		if (ids.length > 20) void this.#readLow();
	}

	#readLow() {
		return this.#read({ state: ['out', 'low'] });
	}

	// Figures on a tile are a help: the order itself is checked by the server.
	async #read(query: { variantId?: number; productId?: number; q?: string; state?: ('out' | 'low')[] }, variantId?: number) {
		const locationId = this.#locationId;
		try {
			const { items } = await api().get('/stock', { query: { ...query, locationId: locationId || undefined, limit: 200 } });
			if (locationId !== this.#locationId) return;
			if (variantId !== undefined) this.left.set(variantId, { count: 0, state: 'out' });
			for (const l of items) this.left.set(l.variantId, { count: l.available, state: l.state });
		} catch {
			return;
		}
	}
}
