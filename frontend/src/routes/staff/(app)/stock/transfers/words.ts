import Ban from '@lucide/svelte/icons/ban';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Pencil from '@lucide/svelte/icons/pencil';
import Truck from '@lucide/svelte/icons/truck';
import type { Schema } from '$lib/api';
import { date, quantity, startOf } from '$lib/format';
import { m } from '$lib/i18n';
import { can, session } from '$lib/session/index.svelte';
import type { TimelineItem } from '$lib/ui/Timeline.svelte';
import type { Tone } from '$lib/ui/types';

export type Transfer = Schema['Transfer'];
type Step = Schema['TransferStep'];

/** Where a transfer is, in a word. */
export const transferStatus: Record<Transfer['status'], () => { text: string; tone: Tone }> = {
	draft: () => ({ text: m.transfers_draft(), tone: 'neutral' }),
	shipped: () => ({ text: m.transfers_status_shipped(), tone: 'blue' }),
	partially_received: () => ({ text: m.transfers_status_partly(), tone: 'amber' }),
	received: () => ({ text: m.transfers_status_received(), tone: 'green' }),
	cancelled: () => ({ text: m.transfers_status_cancelled(), tone: 'neutral' })
};

/** What it is called: it has a number once it has left. */
export const transferName = (t: { number: string }) => t.number || m.transfers_draft();

export const sees = (locationId: number) => session.locations.some((l) => l.id === locationId);

/** Whether somebody here may see to a store's goods. */
export const minds = (locationId: number) => can('stock.adjust') && sees(locationId);

/** What is next, for who is here: nothing where others have to do it. */
export function nextOf(t: Transfer): 'send' | 'receive' | null {
	if (t.status === 'draft') return minds(t.fromLocationId) ? 'send' : null;
	return (t.status === 'shipped' || t.status === 'partially_received') && minds(t.toLocationId) ? 'receive' : null;
}

export const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((n, i) => n + of(i), 0);

/** A lot in words: its name and the day it expires. */
export function lotName(l: { lot: string; expiresOn: string | null }): string {
	const name = l.lot ? m.transfers_lot({ lot: l.lot }) : m.transfers_lot_unnamed();
	return `${name}, ${l.expiresOn ? m.transfers_lot_expires({ date: date(startOf(l.expiresOn)) }) : m.transfers_lot_never()}`;
}

const reasons: Record<string, () => string> = {
	lost: () => m.transfers_reason_lost(),
	damage: () => m.transfers_reason_damage(),
	miscounted: () => m.transfers_reason_miscounted()
};

/** One thing that was done with a transfer, in words. */
export function stepWords(s: Step, id: number, t: Transfer): TimelineItem {
	const by = s.approver ? m.approval_by({ name: s.actor, approver: s.approver }) : s.actor;
	return { id, at: s.at, by, ...said(s, t) };
}

function said(s: Step, t: Transfer): Pick<TimelineItem, 'title' | 'detail' | 'changes' | 'icon' | 'tone'> {
	switch (s.kind) {
		case 'drafted':
			return { title: m.transfers_did_draft(), icon: Pencil };
		case 'changed':
			return { title: m.transfers_did_change(), changes: s.changes?.map(changed), icon: Pencil, tone: 'blue' };
		case 'shipped':
			return { title: m.transfers_did_send(), icon: Truck, tone: 'blue' };
		case 'cancelled':
			return { title: m.transfers_did_cancel(), icon: Ban };
		case 'received':
			return arrived(s.lines ?? [], t);
	}
}

function arrived(lines: Schema['ArrivingLine'][], t: Transfer) {
	const came = sum(lines, (l) => l.quantity);
	const gone = sum(lines, (l) => l.missing ?? 0);
	const title = [came ? m.transfers_did_receive({ count: came }) : '', gone ? m.transfers_did_give_up({ count: gone }) : ''].filter(Boolean).join(' · ');
	const changes = lines.map((l) => {
		const lost = l.missing ? m.transfers_lost({ count: quantity(l.missing), reason: reasons[l.reason ?? '']?.() ?? '' }) : '';
		const what = [l.quantity > 0 ? quantity(l.quantity) : '', lost].filter(Boolean).join(', ');
		return m.transfers_came({ name: t.lines.find((line) => line.id === l.lineId)?.name ?? '', what });
	});
	return { title, changes, icon: PackageCheck, tone: gone ? ('amber' as const) : ('green' as const) };
}

function changed(e: Schema['TransferEdit']): string {
	const { before, after } = e;
	switch (e.what) {
		case 'from':
			return m.transfers_changed_from({ before, after });
		case 'to':
			return m.transfers_changed_to({ before, after });
		case 'note':
			return after ? m.transfers_changed_note({ after }) : m.transfers_changed_note_gone();
		case 'line':
			return m.transfers_changed_line({ name: e.name ?? '', before: quantity(Number(before)), after: quantity(Number(after)) });
	}
}
