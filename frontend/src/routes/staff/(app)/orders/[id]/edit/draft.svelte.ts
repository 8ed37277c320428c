import type { Schema } from '$lib/api';
import { typedAddress } from '$lib/orders/address';
import { Basket, type DraftLine } from '$lib/orders/basket.svelte';
import { unpacked } from '$lib/orders/status';
import type { Discount } from '$lib/orders/totals';

type Order = Schema['Order'];

/** An order while it is changed: what was loaded, and what is on the screen. */
export class OrderDraft extends Basket {
	discount = $state<Discount | null>(null);
	reason = $state('');
	/** The code in place of a discount by hand. */
	code = $state('');
	shipping = $state<number | null>(null);
	/** Null for the one that the shop's settings name. */
	shippingRate = $state<number | null>(null);
	customer = $state({ name: '', email: '', phone: '' });
	address = $state(typedAddress());
	note = $state('');
	promisedOn = $state('');
	/** The order that this began with. */
	base = $state.raw<Order>()!;
	#start = '';

	readonly body = $derived.by(() => this.#body());
	readonly changed = $derived(JSON.stringify(this.body) !== this.#start);
	/** What of it moves money. */
	readonly priced = $derived.by(() => {
		const { lines, discount, discountCode, shipping } = this.body;
		return { lines, discount, discountCode, shipping };
	});

	constructor(order: Order) {
		super();
		this.load(order);
	}

	load(order: Order) {
		const left = unpacked(order);
		this.base = order;
		this.lines = order.lines.map((l) => this.#lineOf(l, l.quantity - (left.get(l.id) ?? 0)));
		const discount = asked(order.discountAmount, order.discountPercent);
		this.code = order.discountCode;
		this.discount = this.code ? null : discount;
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

	#lineOf(l: Schema['OrderLine'], least: number): DraftLine {
		return {
			id: l.id, key: this.key(), variantId: l.variantId, name: l.name, options: l.options, sku: l.sku, price: l.unitPrice,
			quantity: l.quantity, least, discount: asked(l.discount || undefined, l.discountPercent), picture: l.image
		};
	}

	/** A code that stays is not said again. */
	#off(): Pick<Schema['OrderChange'], 'discount' | 'discountCode'> {
		if (this.code) return this.code === this.base.discountCode ? {} : { discountCode: this.code };
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
			...this.#off(),
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
