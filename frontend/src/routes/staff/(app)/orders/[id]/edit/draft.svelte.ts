import type { Schema } from '$lib/api';
import { typedAddress } from '$lib/orders/address';
import type { Coded } from '$lib/orders/code';
import type { Sellable } from '$lib/orders/lookup';
import { unpacked } from '$lib/orders/status';
import { totals, type Discount } from '$lib/orders/totals';

type Order = Schema['Order'];

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
	taxRate: number;
	quantity: number;
	/** How many are packed or gone. */
	least: number;
	discount: Discount | null;
	picture?: Schema['Picture'];
}

/** An order while it is changed: what was loaded, and what is on the screen. */
export class OrderDraft {
	lines = $state<DraftLine[]>([]);
	discount = $state<Discount | null>(null);
	reason = $state('');
	/** The code in place of a discount by hand. */
	coded = $state.raw<Coded | null>(null);
	shipping = $state<number | null>(null);
	/** Null for the one that the shop's settings name. */
	shippingRate = $state<number | null>(null);
	customer = $state({ name: '', email: '', phone: '' });
	address = $state(typedAddress());
	note = $state('');
	promisedOn = $state('');
	/** The order that this began with. */
	base = $state.raw<Order>()!;
	#keys = 0;
	#start = '';

	readonly body = $derived.by(() => this.#body());
	readonly changed = $derived(JSON.stringify(this.body) !== this.#start);
	readonly totals = $derived(
		totals(
			this.lines.map((l) => ({ ...l, discount: l.discount ?? undefined, apart: this.#apart(l) })),
			this.coded?.discount ?? this.discount ?? undefined,
			this.base.pricesIncludeTax,
			{ price: this.shipping ?? 0, taxRate: this.shippingRate ?? Math.max(0, ...this.lines.map((l) => l.taxRate)) }
		)
	);

	constructor(order: Order) {
		this.load(order);
	}

	load(order: Order) {
		const left = unpacked(order);
		this.base = order;
		this.lines = order.lines.map((l) => this.#lineOf(l, l.quantity - (left.get(l.id) ?? 0)));
		const discount = asked(order.discountAmount, order.discountPercent);
		const of = order.lines.filter((l) => l.inDiscount).map((l) => l.variantId);
		this.coded = order.discountCode && discount ? { code: order.discountCode, discount, of } : null;
		this.discount = this.coded ? null : discount;
		this.reason = order.discountReason;
		this.shipping = order.shipping || null;
		this.shippingRate = order.shipping ? order.shippingTaxRate : null;
		const { name = '', email = '', phone = '' } = order.customer ?? {};
		this.customer = { name, email, phone };
		this.address = typedAddress(order.address);
		this.note = order.note;
		this.promisedOn = order.promisedOn ?? '';
		this.#start = JSON.stringify(this.#body());
	}

	/** Goes on with the order as somebody else left it; what is typed stays. */
	rebase(order: Order) {
		const left = unpacked(order);
		const known = new Set(this.base.lines.map((l) => l.id));
		const there = new Map(order.lines.map((l) => [l.id, l]));
		this.lines = this.lines.flatMap((l) => {
			if (l.id === undefined) return [l];
			const now = there.get(l.id);
			return now ? [{ ...l, least: now.quantity - (left.get(l.id) ?? 0), quantity: Math.max(l.quantity, now.quantity - (left.get(l.id) ?? 0)) }] : [];
		});
		this.lines.push(...order.lines.filter((l) => !known.has(l.id)).map((l) => this.#lineOf(l, l.quantity - (left.get(l.id) ?? 0))));
		this.base = order;
		this.#start = '';
	}

	add(item: Sellable, quantity = 1): DraftLine {
		// One more of what was added; what the order had keeps its own price.
		const line = this.lines.find((l) => l.id === undefined && l.variantId === item.variantId);
		if (line) {
			line.quantity += quantity;
			return line;
		}
		const { variantId, name, options, sku, price, taxRate, picture } = item;
		this.lines.push({ key: ++this.#keys, variantId, name, options, sku, price, taxRate, quantity, least: 0, discount: null, picture });
		return this.lines.at(-1)!;
	}

	/** Takes a line off; the answer puts it back where it was. */
	remove(line: DraftLine): () => void {
		const at = this.lines.findIndex((l) => l.key === line.key);
		const [gone] = this.lines.splice(at, 1);
		return () => {
			if (gone) this.lines.splice(Math.min(at, this.lines.length), 0, gone);
		};
	}

	/** What the order had stays as it was sold, in its code or not. */
	#apart(l: DraftLine): boolean {
		if (!this.coded) return false;
		const was = this.coded.code === this.base.discountCode ? this.base.lines.find((b) => b.id === l.id) : undefined;
		return was ? !was.inDiscount : !this.coded.of.includes(l.variantId);
	}

	#lineOf(l: Schema['OrderLine'], least: number): DraftLine {
		return {
			id: l.id, key: ++this.#keys, variantId: l.variantId, name: l.name, options: l.options, sku: l.sku, price: l.unitPrice, taxRate: l.taxRate,
			quantity: l.quantity, least, discount: asked(l.discount || undefined, l.discountPercent), picture: l.image
		};
	}

	/** A code that stays is not said again. */
	#discount(): Pick<Schema['OrderChange'], 'discount' | 'discountCode'> {
		if (this.coded) return this.coded.code === this.base.discountCode ? {} : { discountCode: this.coded.code };
		return { discount: { ...(this.discount ?? { amount: 0 }), reason: this.discount ? this.reason : '' } };
	}

	#body() {
		const customer = trimmed(this.customer);
		const c = this.base.customer;
		const same = customer.name === (c?.name ?? '') && customer.email === (c?.email ?? '') && customer.phone === (c?.phone ?? '');
		return {
			lines: this.lines.map((l) => ({
				...(l.id === undefined ? { variantId: l.variantId } : { id: l.id }),
				quantity: l.quantity,
				discount: l.discount ?? { amount: 0 }
			})),
			...this.#discount(),
			shipping: { price: this.shipping ?? 0, taxRate: this.shipping ? (this.shippingRate ?? undefined) : 0 },
			// Who stays themselves is named as they are known; somebody else is found by what was typed.
			...(same || !Object.values(customer).some(Boolean) ? {} : { customer, ...(c?.id && customer.email === c.email ? { customerId: c.id } : {}) }),
			address: trimmed(this.address),
			note: this.note,
			// A day that has passed since stays as it is.
			...(this.promisedOn === (this.base.promisedOn ?? '') ? {} : { promisedOn: this.promisedOn })
		} satisfies Schema['OrderChange'];
	}
}

function asked(amount: number | undefined, percent: number | undefined): Discount | null {
	if (percent !== undefined) return { percent };
	return amount ? { amount } : null;
}

function trimmed<T extends Record<string, string>>(values: T): T {
	return Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.trim()])) as T;
}
