import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import FileText from '@lucide/svelte/icons/file-text';
import HandCoins from '@lucide/svelte/icons/hand-coins';
import Package from '@lucide/svelte/icons/package';
import PackageCheck from '@lucide/svelte/icons/package-check';
import PackageX from '@lucide/svelte/icons/package-x';
import Pencil from '@lucide/svelte/icons/pencil';
import ShoppingBasket from '@lucide/svelte/icons/shopping-basket';
import Truck from '@lucide/svelte/icons/truck';
import Undo2 from '@lucide/svelte/icons/undo-2';
import type { Schema } from '$lib/api';
import { money } from '$lib/format';
import { m } from '$lib/i18n';
import { methodName } from '$lib/orders/status';
import type { TimelineItem as Item } from '$lib/ui/Timeline.svelte';

type Entry = Schema['TimelineItem'];

/** One thing that happened to an order, in words. */
export function entryWords(e: Entry, currency: string): Item {
	const said = titles[e.kind]?.(e.params, currency) ?? { title: m.orders_did_change() };
	return { id: e.id, at: e.at, by: e.approver ? m.approval_by({ name: e.actor, approver: e.approver }) : e.actor, ...said };
}

type Said = Pick<Item, 'title' | 'detail' | 'icon' | 'tone'>;

const titles: Record<string, (p: Entry['params'], currency: string) => Said> = {
	drafted: () => ({ title: m.orders_did_draft(), icon: Pencil }),
	placed: (p, currency) => ({ title: m.orders_did_place({ total: sum(p.total, currency) }), icon: ShoppingBasket }),
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
	completed: () => ({ title: m.orders_did_complete(), icon: CircleCheck, tone: 'green' }),
	cancelled: (p) => ({ title: m.orders_did_cancel(), detail: text(p.reason), icon: Ban, tone: 'red' })
};

const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const sum = (v: unknown, currency: string): string => money(Number(v), currency);
const carried = (p: Entry['params']): string => [text(p.carrier), text(p.trackingNumber)].filter(Boolean).join(' · ');
