import type { Schema } from '$lib/api';
import type { Locale } from '$lib/i18n';
import type { TypedAddress } from '$lib/orders/address';
import type { Coded } from '$lib/orders/code';
import type { Sellable } from '$lib/orders/lookup';
import { totals, type Discount } from '$lib/orders/totals';
import { shop } from '$lib/shop/index.svelte';

export interface CartLine extends Sellable {
	quantity: number;
	discount?: Discount;
}

export interface CartCustomer {
	id?: number;
	name: string;
	email: string;
	phone: string;
	/** That they read their mails in; the shop's when there is none. */
	language?: Locale;
}

/** An order on its way: kept before it is sent, so that every retry is the same order. */
export interface Pending {
	key: string;
	body: Schema['NewOrder'];
	/** What the person is told when it has arrived. */
	change: number;
}

/** Where the goods go; without, they are collected. */
export interface CartDelivery {
	address: TypedAddress;
	/** What it costs, as prices are entered. */
	shipping: number | null;
}

interface Kept {
	lines: CartLine[];
	discount: Discount | null;
	reason: string;
	/** A code in place of a discount by hand. */
	coded: Coded | null;
	customer: CartCustomer | null;
	locationId: number;
	/** Where the tablet stands, as somebody chose; who may not sell there sells elsewhere meanwhile. */
	homeId: number;
	note: string;
	delivery: CartDelivery | null;
	pending: Pending | null;
}

const storage = 'onhand.cart';
const empty = { discount: null, reason: '', coded: null, customer: null, note: '', delivery: null, pending: null };

/** The cart of this device. It survives a reload, and what is being sent survives with it. */
class Cart {
	lines = $state<CartLine[]>([]);
	discount = $state<Discount | null>(null);
	reason = $state('');
	coded = $state.raw<Coded | null>(null);
	customer = $state<CartCustomer | null>(null);
	locationId = $state(0);
	homeId = $state(0);
	note = $state('');
	delivery = $state<CartDelivery | null>(null);
	pending = $state.raw<Pending | null>(null);
	/** The line that was added to last; it is shown. */
	last = $state(0);

	readonly totals = $derived.by(() => {
		const { coded } = this;
		const lines = coded ? this.lines.map((l) => ({ ...l, apart: !coded.of.includes(l.variantId) })) : this.lines;
		return totals(lines, coded?.discount ?? this.discount ?? undefined, shop.pricesIncludeTax);
	});
	readonly units = $derived(this.lines.reduce((n, l) => n + l.quantity, 0));

	constructor() {
		this.#take(read());
	}

	add(item: Sellable, quantity = 1) {
		const line = this.lines.find((l) => l.variantId === item.variantId);
		if (line) Object.assign(line, { ...item, quantity: line.quantity + quantity });
		else this.lines.push({ ...item, quantity });
		this.last = item.variantId;
	}

	/** Takes a line out; the returned function puts it back where it was. */
	remove(variantId: number): () => void {
		const at = this.lines.findIndex((l) => l.variantId === variantId);
		const [line] = this.lines.splice(at, 1);
		return () => {
			if (line && !this.lines.some((l) => l.variantId === variantId)) this.lines.splice(Math.min(at, this.lines.length), 0, line);
		};
	}

	/** The next sale; the location stays. */
	clear() {
		this.lines = [];
		Object.assign(this, empty);
		this.save();
	}

	/** Brings prices up to date; says which lines changed. */
	refresh(item: Sellable): boolean {
		const line = this.lines.find((l) => l.variantId === item.variantId);
		if (!line) return false;
		const changed = line.price !== item.price || line.taxRate !== item.taxRate;
		Object.assign(line, item);
		return changed;
	}

	save() {
		const { lines, discount, reason, coded, customer, locationId, homeId, note, delivery, pending } = this;
		localStorage.setItem(storage, JSON.stringify({ lines, discount, reason, coded, customer, locationId, homeId, note, delivery, pending } satisfies Kept));
	}

	/** Another tab of this device sold or changed the cart. */
	follow(): () => void {
		const onstorage = (e: StorageEvent) => e.key === storage && this.#take(read());
		window.addEventListener('storage', onstorage);
		return () => window.removeEventListener('storage', onstorage);
	}

	#take(kept: Partial<Kept>) {
		Object.assign(this, { ...empty, lines: [], locationId: 0, homeId: 0, ...kept });
	}
}

function read(): Partial<Kept> {
	if (typeof localStorage === 'undefined') return {};
	try {
		return JSON.parse(localStorage.getItem(storage) ?? '{}');
	} catch {
		return {};
	}
}

export const cart = new Cart();
