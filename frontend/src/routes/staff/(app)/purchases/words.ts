import Ban from '@lucide/svelte/icons/ban';
import Mail from '@lucide/svelte/icons/mail';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Pencil from '@lucide/svelte/icons/pencil';
import Send from '@lucide/svelte/icons/send';
import type { Schema } from '$lib/api';
import { date, day, money, quantity, startOf } from '$lib/format';
import { m } from '$lib/i18n';
import { can, session } from '$lib/session/index.svelte';
import { isOpen, type Purchase } from '$lib/suppliers/purchases';
import type { TimelineItem } from '$lib/ui/Timeline.svelte';

export { expectedWord, isOpen, purchaseStatus, type Purchase } from '$lib/suppliers/purchases';
export type Line = Schema['PurchaseLine'];
type Step = Schema['PurchaseStep'];

/** What it is called: it has a number once it was sent. */
export const purchaseName = (p: { number: string }) => p.number || m.purchases_draft();

/** Whether somebody here may put on the shelf what comes to a store. */
export const unpacks = (locationId: number) => can('stock.adjust') && session.locations.some((l) => l.id === locationId);

/** What is next, for who is here: nothing where others have to do it. */
export function nextOf(p: Purchase): 'send' | 'receive' | null {
	if (p.status === 'draft') return can('purchases.write') ? 'send' : null;
	return isOpen(p) && unpacks(p.locationId) ? 'receive' : null;
}

export const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((n, i) => n + of(i), 0);

/** The least of at least so many that the supplier sells: its minimum or more, in whole packs. */
export const orderable = (n: number, l: { moq: number; packSize: number }) => Math.ceil(Math.max(n, l.moq) / l.packSize) * l.packSize;

/** What the supplier may object to. */
export function objections(l: { quantity: number; moq: number; packSize: number }): string[] {
	return [
		l.quantity < l.moq ? m.purchases_below_moq({ count: quantity(l.moq) }) : '',
		l.quantity % l.packSize !== 0 ? m.purchases_off_pack({ count: quantity(l.packSize) }) : ''
	].filter(Boolean);
}

/** One thing that was done with an order, in words. */
export function stepWords(s: Step, id: number, p: Purchase): TimelineItem {
	return { id, at: s.at, by: s.actor, ...said(s, p) };
}

function said(s: Step, p: Purchase): Pick<TimelineItem, 'title' | 'detail' | 'changes' | 'icon' | 'tone'> {
	switch (s.kind) {
		case 'drafted':
			return { title: m.purchases_did_draft(), icon: Pencil };
		case 'changed':
			return { title: m.purchases_did_change(), changes: s.changes?.map(changed), icon: Pencil, tone: 'blue' };
		case 'sent':
			return { title: m.purchases_did_send(), detail: s.mailedTo ? m.purchases_mailed_to({ to: s.mailedTo }) : m.purchases_not_mailed(), icon: Send, tone: 'blue' };
		case 'mailed':
			return { title: m.purchases_did_mail(), detail: m.purchases_mailed_to({ to: s.mailedTo ?? '' }), icon: Mail, tone: 'blue' };
		case 'cancelled':
			return { title: p.number ? m.purchases_did_cancel_rest() : m.purchases_did_cancel(), icon: Ban };
		case 'received':
			return arrived(s, p);
	}
}

function arrived(s: Step, p: Purchase) {
	const lines = (s.lines ?? []).filter((l) => l.quantity > 0);
	const changes = lines.map((l) => {
		const lot = [l.lot, l.expiresOn ? m.purchases_until({ date: date(startOf(l.expiresOn)) }) : '', l.unitCost === undefined ? '' : m.purchases_each({ cost: money(l.unitCost) })];
		const what = [`${quantity(l.quantity)} × ${p.lines.find((line) => line.id === l.lineId)?.name ?? ''}`, ...lot];
		return what.filter(Boolean).join(', ');
	});
	const extra = [
		s.freightCost ? m.purchases_freight_of({ cost: money(s.freightCost) }) : '',
		s.dutyCost ? m.purchases_duty_of({ cost: money(s.dutyCost) }) : ''
	].filter(Boolean);
	return { title: m.purchases_did_receive({ count: sum(lines, (l) => l.quantity) }), changes: [...changes, ...extra], icon: PackageCheck, tone: 'green' as const };
}

function changed(e: Schema['PurchaseEdit']): string {
	const { before, after, name = '' } = e;
	switch (e.what) {
		case 'location':
			return m.purchases_changed_location({ before, after });
		case 'note':
			return after ? m.purchases_changed_note({ after }) : m.purchases_changed_note_gone();
		case 'expected':
			return after ? m.purchases_changed_expected({ after: day(after) }) : m.purchases_changed_expected_gone();
		case 'line':
			return m.purchases_changed_line({ name, before: quantity(Number(before)), after: quantity(Number(after)) });
		case 'cost':
			return m.purchases_changed_line({ name, before: money(Number(before)), after: money(Number(after)) });
	}
}
