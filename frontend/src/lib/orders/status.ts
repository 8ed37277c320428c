import type { Schema } from '$lib/api';
import { date, dateTime, duration, percent, time } from '$lib/format';
import { m, type Locale } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';

type Order = Schema['Order'];

/** What stands in a badge. */
export interface Word {
	text: string;
	tone: Tone;
}

/** The language of words on paper, which is the shop's and not the tablet's. */
export interface Spoken {
	locale: Locale;
}

/** What a person should do with an order now; null when nothing is left to do, or only time can help. */
export type NextStep = 'place' | 'confirm' | 'pay' | 'ready' | 'collect' | 'ship' | 'handover' | 'pack' | 'refund' | 'approve' | 'receive' | null;

const payments: Record<Order['paymentStatus'], () => Word> = {
	pending: () => ({ text: m.orders_payment_pending(), tone: 'amber' }),
	partially_paid: () => ({ text: m.orders_payment_partially_paid(), tone: 'amber' }),
	paid: () => ({ text: m.orders_payment_paid(), tone: 'green' }),
	partially_refunded: () => ({ text: m.orders_payment_partially_refunded(), tone: 'neutral' }),
	refunded: () => ({ text: m.orders_payment_refunded(), tone: 'neutral' }),
	overpaid: () => ({ text: m.orders_payment_overpaid(), tone: 'red' })
};

const fulfilments: Record<Order['fulfilmentStatus'], () => Word> = {
	unfulfilled: () => ({ text: m.orders_fulfilment_unfulfilled(), tone: 'amber' }),
	partially_fulfilled: () => ({ text: m.orders_fulfilment_partially_fulfilled(), tone: 'amber' }),
	fulfilled: () => ({ text: m.orders_fulfilment_fulfilled(), tone: 'green' })
};

const statuses: Record<Order['status'], () => Word> = {
	draft: () => ({ text: m.orders_status_draft(), tone: 'neutral' }),
	placed: () => ({ text: m.orders_status_placed(), tone: 'blue' }),
	confirmed: () => ({ text: m.orders_status_confirmed(), tone: 'blue' }),
	completed: () => ({ text: m.orders_status_completed(), tone: 'green' }),
	cancelled: () => ({ text: m.orders_status_cancelled(), tone: 'neutral' }),
	expired: () => ({ text: m.orders_status_expired(), tone: 'neutral' })
};

const channels: Record<Order['channel'], () => string> = {
	counter: () => m.orders_channel_counter(),
	phone: () => m.orders_channel_phone(),
	web: () => m.orders_channel_web(),
	api: () => m.orders_channel_api(),
	import: () => m.orders_channel_import()
};

const methods: Record<Schema['Payment']['method'], (spoken?: Spoken) => string> = {
	cash: (spoken) => m.orders_method_cash({}, spoken),
	card: (spoken) => m.orders_method_card({}, spoken),
	transfer: (spoken) => m.orders_method_transfer({}, spoken),
	other: (spoken) => m.orders_method_other({}, spoken)
};

const steps: Record<NonNullable<NextStep>, () => string> = {
	place: () => m.orders_step_place(),
	confirm: () => m.orders_step_confirm(),
	pay: () => m.orders_step_pay(),
	ready: () => m.orders_step_ready(),
	collect: () => m.orders_step_handover(),
	ship: () => m.orders_step_ship(),
	handover: () => m.orders_step_handover(),
	pack: () => m.orders_step_pack(),
	refund: () => m.orders_step_refund(),
	approve: () => m.orders_step_approve(),
	receive: () => m.orders_step_receive()
};

export const paymentWord = (o: Order): Word => payments[o.paymentStatus]();
export const fulfilmentWord = (o: Order): Word => fulfilments[o.fulfilmentStatus]();
export const statusWord = (o: Order): Word => statuses[o.status]();
export const channelName = (channel: Order['channel']): string => channels[channel]();
export const methodName = (method: Schema['Payment']['method'], spoken?: Spoken): string => methods[method](spoken);
export const stepName = (step: NonNullable<NextStep>): string => steps[step]();

/** How an order is called: its number, or that it is a draft. */
export function orderName(o: Pick<Order, 'number'>, spoken?: Spoken): string {
	return o.number ? `#${o.number}` : m.orders_draft({}, spoken);
}

/** What was sold in a line: the product with its size or colour. */
export const lineName = (l?: Pick<Schema['OrderLine'], 'name' | 'options'>): string => [l?.name, l?.options].filter(Boolean).join(', ');

export function customerName(o: Order): string {
	return o.customer?.name || o.customer?.email || o.customer?.phone || '';
}

export function units(o: Order): number {
	return o.lines.reduce((sum, l) => sum + l.quantity, 0);
}

/** Whether the customer hears of what becomes of an order by mail: not of what they hold in their hands, nor of a draft. */
export function mailable(order: Pick<Order, 'channel' | 'status' | 'customer'>): boolean {
	return Boolean(order.customer?.email) && order.channel !== 'counter' && order.channel !== 'import' && order.status !== 'draft';
}

/** Whether an order still waits for something. */
export function isOpen(o: Order): boolean {
	return o.status === 'placed' || o.status === 'confirmed';
}

/** How much of each line went by post, by line; the rest of what is gone was handed over. */
export function sentOf(o: Order): Map<number, number> {
	const sent = new Map<number, number>();
	for (const f of o.fulfilments) {
		if (f.status !== 'shipped' && f.status !== 'delivered') continue;
		for (const l of f.lines) sent.set(l.orderLineId, (sent.get(l.orderLineId) ?? 0) + l.quantity);
	}
	return sent;
}

/** How much of each line is neither gone nor packed, by line. */
export function unpacked(o: Order): Map<number, number> {
	const left = new Map(o.lines.map((l) => [l.id, l.quantity - l.fulfilled]));
	for (const f of o.fulfilments) {
		if (f.status !== 'packed' && f.status !== 'ready') continue;
		for (const l of f.lines) left.set(l.orderLineId, (left.get(l.orderLineId) ?? 0) - l.quantity);
	}
	return left;
}

/** How much of each line is gone and neither came back nor is on its way back, by line. */
export function returnable(o: Order): Map<number, number> {
	const left = new Map(o.lines.map((l) => [l.id, l.fulfilled - l.returned]));
	for (const r of o.returns) {
		if (r.status !== 'requested' && r.status !== 'approved') continue;
		for (const l of r.lines) left.set(l.orderLineId, (left.get(l.orderLineId) ?? 0) - l.quantity);
	}
	return left;
}

/** How much of each line could go now: unpacked, and not waiting for stock. */
export function packable(o: Order): Map<number, number> {
	const left = unpacked(o);
	for (const l of o.lines) left.set(l.id, Math.max(0, Math.min(left.get(l.id) ?? 0, l.quantity - l.fulfilled - l.backordered)));
	return left;
}

/**
 * The one next action. What the shop did not take itself is confirmed first, then the customer has their money back and an answer about
 * their return; whoever comes to the counter pays before the goods change hands; what is packed goes before more is packed. Goods that
 * are on their way back come last: they may not be there yet.
 */
export function nextStep(o: Order): NextStep {
	if (o.status === 'draft') return 'place';
	if (o.status === 'placed' && o.channel !== 'counter' && o.channel !== 'phone') return 'confirm';
	if (o.dueBack > 0) return 'refund';
	if (o.returns.some((r) => r.status === 'requested')) return 'approve';
	return (isOpen(o) ? nextOut(o) : null) ?? (o.returns.some((r) => r.status === 'approved') ? 'receive' : null);
}

/** What is next for what the customer gets. */
function nextOut(o: Order): NextStep {
	const waiting = o.fulfilments.find((f) => f.status === 'packed' || f.status === 'ready');
	if (waiting && !waiting.pickup) return 'ship';
	if (waiting?.status === 'packed' && o.channel !== 'counter') return 'ready';
	if (o.due > 0) return 'pay';
	if (waiting) return 'collect';
	if (![...packable(o).values()].some((n) => n > 0)) return null;
	return o.channel === 'counter' ? 'handover' : 'pack';
}

const hour = 3_600_000;

/** Until when an unpaid order is held: how long still when it is less than an hour, the time today, else the day too. */
export function hold(until: string, now: number): Word {
	const left = Date.parse(until) - now;
	if (left < hour) return { text: left < 60_000 ? m.orders_held_ends() : m.orders_held_for({ time: duration(left) }), tone: 'amber' };
	return { text: m.orders_held_until({ until: date(until) === date(now) ? time(until) : dateTime(until) }), tone: 'neutral' };
}

/** What an order's discount is called: by the code that gave it, or the reason. */
export function discountName(order: { discountCode: string; discountReason?: string }, spoken?: { locale: Locale }): string {
	if (order.discountCode) return m.orders_discount_code({ code: order.discountCode }, spoken);
	return order.discountReason ? m.orders_discount_for({ reason: order.discountReason }, spoken) : m.orders_discount({}, spoken);
}

/** What an order's discounts take: those of its lines, and the one of the whole order by its name. */
export function discountSums(order: Pick<Order, 'lines' | 'discount' | 'discountCode' | 'discountReason'>): { label: string; amount: number }[] {
	const whole = order.lines.reduce((sum, l) => sum + l.orderDiscount, 0);
	return [
		{ label: m.orders_discount_lines(), amount: order.discount - whole },
		{ label: discountName(order), amount: whole }
	].filter((d) => d.amount > 0);
}

/** The tax at one rate, by the name that the shop has for it: "Includes 19% tax (Standard)". */
export function taxName(t: { rate: number; name?: string }, included: boolean, spoken?: Spoken): string {
	const rate = percent(t.rate, spoken?.locale);
	const said = included ? m.orders_tax_included({ rate }, spoken) : m.orders_tax_added({ rate }, spoken);
	return t.name ? m.orders_tax_named({ tax: said, name: t.name }, spoken) : said;
}

/** A rate of a summary, by the name that the shop has for it: "Reduced 7%". */
export const rateName = (t: { rate: number; name?: string }, spoken?: Spoken): string => [t.name, percent(t.rate, spoken?.locale)].filter(Boolean).join(' ');
