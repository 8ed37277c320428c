import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Eye from '@lucide/svelte/icons/eye';
import FileText from '@lucide/svelte/icons/file-text';
import HandCoins from '@lucide/svelte/icons/hand-coins';
import Package from '@lucide/svelte/icons/package';
import PackageCheck from '@lucide/svelte/icons/package-check';
import PackageX from '@lucide/svelte/icons/package-x';
import Pencil from '@lucide/svelte/icons/pencil';
import ShoppingBasket from '@lucide/svelte/icons/shopping-basket';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import TimerOff from '@lucide/svelte/icons/timer-off';
import Truck from '@lucide/svelte/icons/truck';
import Undo2 from '@lucide/svelte/icons/undo-2';
import type { Schema } from '$lib/api';
import { date, dateTime, money, percent, quantity } from '$lib/format';
import { languageNames, m, type Locale } from '$lib/i18n';
import { methodName } from '$lib/orders/status';
import type { TimelineItem as Item } from '$lib/ui/Timeline.svelte';

type Entry = Schema['TimelineItem'];

/** One thing that happened to an order, in words. */
export function entryWords(e: Entry, currency: string): Item {
	const said = titles[e.kind]?.(e.params, currency) ?? { title: m.orders_did_change() };
	return { id: e.id, at: e.at, by: e.approver ? m.approval_by({ name: e.actor, approver: e.approver }) : e.actor, ...said };
}

type Said = Pick<Item, 'title' | 'detail' | 'changes' | 'icon' | 'tone'>;

const titles: Record<string, (p: Entry['params'], currency: string) => Said> = {
	drafted: () => ({ title: m.orders_did_draft(), icon: Pencil }),
	placed: (p, currency) => ({ title: m.orders_did_place({ total: sum(p.total, currency) }), icon: ShoppingBasket }),
	edited: (p, currency) => ({ title: m.orders_did_edit(), changes: (p.changes as Difference[]).map((d) => different(d, currency)), icon: Pencil, tone: 'blue' }),
	noted: (p) => ({ title: m.handling_did_note(), detail: text(p.text), icon: StickyNote, tone: 'amber' }),
	acknowledged: () => ({ title: m.handling_did_acknowledge(), icon: Eye }),
	confirmed: () => ({ title: m.orders_did_confirm(), icon: Check, tone: 'blue' }),
	paid: (p, currency) => ({
		title: m.orders_did_pay({ amount: sum(p.amount, currency) }),
		detail: methodName(p.method as Schema['Payment']['method']),
		icon: HandCoins,
		tone: 'green'
	}),
	packed: () => ({ title: m.orders_did_pack(), icon: Package }),
	ready: () => ({ title: m.orders_did_ready(), icon: PackageCheck, tone: 'blue' }),
	shipped: (p) => ({ title: m.orders_did_ship({ count: Number(p.units) }), detail: carried(p), icon: Truck, tone: 'blue' }),
	delivered: () => ({ title: m.orders_did_deliver(), icon: PackageCheck, tone: 'green' }),
	collected: (p) => ({ title: m.orders_did_collect({ count: Number(p.units) }), icon: PackageCheck, tone: 'green' }),
	parcel_cancelled: () => ({ title: m.orders_did_drop(), icon: PackageX, tone: 'amber' }),
	return_requested: (p) => ({ title: m.returns_did_request({ count: Number(p.units) }), icon: Undo2 }),
	return_approved: () => ({ title: m.returns_did_approve(), icon: Check, tone: 'blue' }),
	return_rejected: (p) => ({ title: m.returns_did_reject(), detail: text(p.reason), icon: Ban, tone: 'amber' }),
	return_received: (p, currency) =>
		Number(p.units) > 0
			? {
					title: m.returns_did_receive({ count: Number(p.units) }),
					detail: m.returns_did_receive_worth({ total: sum(p.total, currency) }),
					icon: Undo2,
					tone: 'blue'
				}
			: { title: m.returns_did_receive_none(), icon: Undo2 },
	return_closed: () => ({ title: m.returns_did_close(), icon: CircleCheck, tone: 'green' }),
	refunded: (p, currency) => ({
		title: p.allowance ? m.returns_did_allow({ amount: sum(p.amount, currency) }) : m.returns_did_refund({ amount: sum(p.amount, currency) }),
		detail: [methodName(p.method as Schema['Payment']['method']), text(p.reason)].filter(Boolean).join(' · '),
		icon: HandCoins,
		tone: 'amber'
	}),
	invoiced: (p, currency) => ({ title: m.orders_did_invoice({ number: text(p.number), total: sum(p.total, currency) }), icon: FileText }),
	credited: (p, currency) => ({ title: m.orders_did_credit({ number: text(p.number), total: sum(p.total, currency) }), icon: FileText, tone: 'amber' }),
	covered: () => ({ title: m.orders_did_cover(), icon: PackageCheck, tone: 'green' }),
	completed: () => ({ title: m.orders_did_complete(), icon: CircleCheck, tone: 'green' }),
	cancelled: (p) => ({ title: m.orders_did_cancel(), detail: text(p.reason), icon: Ban, tone: 'red' }),
	replaced: (p) => ({ title: m.orders_did_replace({ number: text(p.number) }), icon: Ban, tone: 'red' }),
	expired: () => ({ title: m.orders_did_expire(), detail: m.orders_did_expire_why(), icon: TimerOff, tone: 'red' })
};

interface Difference {
	what: string;
	name?: string;
	from: unknown;
	to: unknown;
}

const differences: Record<string, (p: { name: string; from: string; to: string }) => string> = {
	added: m.orders_diff_added,
	removed: m.orders_diff_removed,
	quantity: m.orders_diff_quantity,
	line_discount: m.orders_diff_line_discount,
	line_discount_kind: m.orders_diff_line_discount_kind,
	discount: m.orders_diff_discount,
	discount_kind: m.orders_diff_discount_kind,
	discount_code: m.orders_diff_discount_code,
	discount_reason: m.orders_diff_discount_reason,
	shipping: m.orders_diff_shipping,
	shipping_rate: m.orders_diff_shipping_rate,
	total: m.orders_diff_total,
	customer: m.orders_diff_customer,
	email: m.orders_diff_email,
	phone: m.orders_diff_phone,
	address: m.orders_diff_address,
	note: m.orders_diff_note,
	language: m.orders_diff_language,
	tags: m.handling_diff_tags,
	assigned: m.handling_diff_assigned,
	promise: m.orders_diff_promise,
	hold: m.orders_diff_hold
};
const amounts = new Set(['line_discount', 'discount', 'shipping', 'total']);

/** One thing that an edit changed, with what it was and what it is. */
function different({ what, name = '', from, to }: Difference, currency: string): string {
	const say = (v: unknown) => {
		if (amounts.has(what)) return money(Number(v), currency);
		if (what.endsWith('_kind')) return asked(v as Schema['NewDiscount'], currency);
		if (what === 'shipping_rate') return percent(Number(v));
		if (what === 'language') return languageNames[v as Locale] ?? m.orders_diff_none();
		if (what === 'promise') return v ? date(v as string) : m.orders_diff_none();
		if (what === 'hold') return v ? dateTime(v as string) : m.orders_diff_hold_none();
		return typeof v === 'number' ? quantity(v) : text(v) || m.orders_diff_none();
	};
	return differences[what]?.({ name, from: say(from), to: say(to) }) ?? '';
}

const asked = (d: Schema['NewDiscount'], currency: string): string => (d.percent ? percent(d.percent) : money(d.amount ?? 0, currency));
const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const sum = (v: unknown, currency: string): string => money(Number(v), currency);
const carried = (p: Entry['params']): string => [text(p.carrier), text(p.trackingNumber)].filter(Boolean).join(' · ');
