import type { Schema } from '$lib/api';
import { typedAddress } from '$lib/orders/address';
import { Basket, type DraftLine } from '$lib/orders/basket.svelte';
import { unpacked } from '$lib/orders/status';
import type { Discount } from '$lib/orders/totals';

type Order = Schema['Order'];

/** What is taken off the whole order: by hand with a reason, or by a code. */
export interface Off {
	discount: Discount | null;
	reason: string;
	code: string;
}

const off = (discount: Discount | null, reason: string, code: string): Off =>
	code ? { discount: null, reason: '', code } : { discount, reason: discount ? reason.trim() : '', code: '' };

/** What can be typed of an order, next to its lines, its customer and its address. */
interface Words {
	off: Off;
	shipping: number | null;
	/** Null for the one that the shop's settings name. */
	shippingRate: number | null;
	note: string;
	promisedOn: string;
}

/** An order while it is changed: what was loaded, what is on the screen, and what somebody else changed of it meanwhile. */
export class OrderDraft extends Basket implements Words {
	off = $state.raw<Off>(off(null, '', ''));
	shipping = $state<number | null>(null);
	shippingRate = $state<number | null>(null);
	customer = $state({ name: '', email: '', phone: '' });
	address = $state(typedAddress());
	note = $state('');
	promisedOn = $state('');
	/** The order as it is saved, as far as it was met. */
	base = $state.raw<Order>()!;
	/** What somebody else changed meanwhile, by the names of the fields. */
	#others = $state.raw<ReadonlySet<string>>(new Set());

	readonly body = $derived.by(() => this.#body());
	readonly changed = $derived(Object.keys(this.body).length > 0);
	/** What of it moves money. */
	readonly priced = $derived.by(() => {
		const { lines, discount, discountCode, shipping } = this.body;
		return { lines, discount, discountCode, shipping };
	});
	/** Lines that were taken off here, and that somebody else changed and so wants to keep. */
	readonly missed = $derived(this.base.lines.filter((l) => this.#others.has(`lines.${l.id}`) && !this.lines.some((mine) => mine.id === l.id)));

	constructor(order: Order) {
		super();
		this.load(order);
	}

	load(order: Order) {
		this.base = order;
		this.lines = linesOf(order).map((l) => ({ ...l, key: this.key() }));
		Object.assign(this, wordsOf(order));
		this.customer = contactOf(order);
		this.address = typedAddress(order.address);
		this.#others = new Set();
	}

	/**
	 * The order as somebody else left it: what was not typed becomes theirs, and what was typed stays. Only what then differs from theirs
	 * is saved.
	 */
	meet(order: Order) {
		const was = this.base;
		const others = new Set(this.#others);
		lay<Words>(wordsOf(was), this, wordsOf(order), '', others);
		// Half of one person is not joined with half of another.
		const another = was.customer?.id !== order.customer?.id && !same(this.customer, contactOf(was));
		lay(contactOf(was), another ? { ...this.customer } : this.customer, contactOf(order), 'customer.', others);
		lay(typedAddress(was.address), this.address, typedAddress(order.address), 'address.', others);
		this.lines = this.#met(was, order, others);
		this.base = order;
		this.#others = others;
	}

	#met(was: Order, order: Order, others: Set<string>): DraftLine[] {
		const before = new Map(linesOf(was).map((l) => [l.id, l]));
		const mine = new Map(this.lines.map((l) => [l.id, l]));
		const kept = linesOf(order).flatMap((now) => {
			const [then, typed] = [before.get(now.id), mine.get(now.id)];
			if (!then || (!typed && now.least > 0)) {
				others.add(`lines.${now.id}`);
				return { ...now, key: this.key() };
			}
			if (!typed) {
				if (now.quantity !== then.quantity || !same(now.discount, then.discount)) others.add(`lines.${now.id}`);
				return [];
			}
			const { quantity, discount, least, price } = now;
			lay<Pick<DraftLine, 'quantity' | 'discount'>>(then, typed, { quantity, discount }, `lines.${now.id}.`, others);
			return Object.assign(typed, { least, price, quantity: Math.max(typed.quantity, least) });
		});
		const there = new Set(order.lines.map((l) => l.id));
		const rest = this.lines.filter((l) => {
			if (l.id === undefined) return true;
			const then = before.get(l.id);
			if (there.has(l.id) || !then || (l.quantity === then.quantity && same(l.discount, then.discount))) return false;
			// Somebody took it off; what was typed of it is a new line.
			Object.assign(l, anew(l));
			return true;
		});
		return [...kept, ...rest];
	}

	/** Whether somebody else changed a field, and whether something else stands here now. */
	other(name: string): 'taken' | 'differs' | null {
		if (!this.#others.has(name)) return null;
		if (/^lines\.\d+$/.test(name)) return 'taken';
		return same(valueAt(this, name), valueAt(typedOf(this.base), name)) ? 'taken' : 'differs';
	}

	/** Makes a field what it is in the shop. */
	take(name: string) {
		const value = valueAt(typedOf(this.base), name);
		const path = name.split('.');
		const last = path.pop()!;
		Object.assign(path.reduce<unknown>(inside, this) as object, { [last]: value });
	}

	/** Puts back a line that was taken off here, as somebody else left it. */
	keep(id: number) {
		const line = linesOf(this.base).find((l) => l.id === id);
		if (line && !this.lines.some((l) => l.id === id)) this.lines.push({ ...line, key: this.key() });
	}

	/** What somebody else changed was looked at: where both did, it stays beside what is typed. */
	seen() {
		this.#others = new Set([...this.#others].filter((name) => this.other(name) === 'differs' || this.missed.some((l) => name === `lines.${l.id}`)));
	}

	/** A line that was taken off by mistake; the order may be another one by now. */
	protected override restore(line: DraftLine, at: number) {
		if (line.id === undefined) return super.restore(line, at);
		if (this.missed.some((l) => l.id === line.id)) return this.keep(line.id);
		if (this.lines.some((l) => l.id === line.id)) return;
		super.restore(this.base.lines.some((l) => l.id === line.id) ? line : anew(line), at);
	}

	#body(): Schema['OrderChange'] {
		const { base } = this;
		const was = wordsOf(base);
		const customer = trimmed(this.customer);
		const address = trimmed(this.address);
		const price = this.shipping ?? 0;
		const rate = price ? (this.shippingRate ?? undefined) : 0;
		return {
			...this.#lines(),
			...(same(this.off, was.off) ? {} : this.off.code ? { discountCode: this.off.code } : { discount: { ...(this.off.discount ?? { amount: 0 }), reason: this.off.reason } }),
			...(price === base.shipping && (!price || rate === base.shippingTaxRate) ? {} : { shipping: { price, taxRate: rate } }),
			// Who stays themselves is named as they are known; somebody else is found by what was typed.
			...(same(customer, contactOf(base)) || !Object.values(customer).some(Boolean)
				? {}
				: { customer, ...(base.customer?.id && customer.email === base.customer.email ? { customerId: base.customer.id } : {}) }),
			...(same(address, typedAddress(base.address)) ? {} : { address }),
			...(this.note === base.note ? {} : { note: this.note }),
			...(this.promisedOn === was.promisedOn ? {} : { promisedOn: this.promisedOn })
		};
	}

	/** All lines, where one is not as it is in the shop; a discount that stays is not said again. */
	#lines(): Pick<Schema['OrderChange'], 'lines'> {
		const was = new Map(linesOf(this.base).map((l) => [l.id, l]));
		const stays = (l: DraftLine) => l.quantity === was.get(l.id)?.quantity && same(l.discount, was.get(l.id)?.discount);
		if (this.lines.length === was.size && this.lines.every(stays)) return {};
		return {
			lines: this.lines.map((l) => ({
				...(l.id === undefined ? { variantId: l.variantId } : { id: l.id }),
				quantity: l.quantity,
				...(same(l.discount, was.get(l.id)?.discount ?? null) ? {} : { discount: l.discount ?? { amount: 0 } })
			}))
		};
	}
}

/** What can be typed, by its names. */
const typedOf = (order: Order) => ({
	...wordsOf(order),
	customer: contactOf(order),
	address: typedAddress(order.address),
	lines: linesOf(order)
});

function wordsOf(o: Order): Words {
	return {
		off: off(asked(o.discountAmount, o.discountPercent), o.discountReason, o.discountCode),
		shipping: o.shipping || null,
		shippingRate: o.shipping ? o.shippingTaxRate : null,
		note: o.note,
		promisedOn: o.promisedOn ?? ''
	};
}

const contactOf = ({ customer: c }: Order) => ({ name: c?.name ?? '', email: c?.email ?? '', phone: c?.phone ?? '' });

function linesOf(order: Order): Omit<DraftLine, 'key'>[] {
	const left = unpacked(order);
	return order.lines.map((l) => ({
		id: l.id, variantId: l.variantId, name: l.name, options: l.options, sku: l.sku, price: l.unitPrice, quantity: l.quantity,
		least: l.quantity - (left.get(l.id) ?? 0), discount: asked(l.discount || undefined, l.discountPercent), picture: l.image
	}));
}

/** A line that the order does not have any more. */
const anew = (line: DraftLine): DraftLine => ({ ...line, id: undefined, least: 0, again: true });

/** Lays theirs below what was typed, and names what they changed. */
function lay<T extends object>(was: T, mine: T, theirs: T, at: string, others: Set<string>) {
	for (const f of Object.keys(theirs) as (keyof T & string)[]) {
		if (same(was[f], theirs[f])) continue;
		others.add(at + f);
		if (same(mine[f], was[f])) mine[f] = theirs[f];
	}
}

/** What stands at a name as of "address.city"; a line is named by its id. */
function valueAt(of: object, name: string): unknown {
	return name.split('.').reduce<unknown>(inside, of);
}

function inside(of: unknown, part: string): unknown {
	if (Array.isArray(of)) return of.find((l: { id?: number }) => String(l.id) === part);
	return (of as Record<string, unknown> | undefined)?.[part];
}

function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

function asked(amount: number | undefined, percent: number | undefined): Discount | null {
	if (percent !== undefined) return { percent };
	return amount ? { amount } : null;
}

function trimmed<T extends Record<string, string>>(values: T): T {
	return Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.trim()])) as T;
}
