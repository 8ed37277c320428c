import type { Schema } from '$lib/api';
import { date, quantity, startOf } from '$lib/format';
import { m } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';

export type Reason = Schema['Movement']['reason'];
export type GivenReason = Schema['Adjustment']['reason'];
export type GivenAside = Schema['AsideChange']['reason'];

/** What a person says who changes the stock by hand, with the direction it has. */
export const reasons: { value: GivenReason; label: () => string; sign: -1 | 0 | 1 }[] = [
	{ value: 'received', label: () => m.stock_reason_received(), sign: 1 },
	{ value: 'found', label: () => m.stock_reason_found(), sign: 1 },
	{ value: 'damage', label: () => m.stock_reason_damage(), sign: -1 },
	{ value: 'theft', label: () => m.stock_reason_theft(), sign: -1 },
	{ value: 'waste', label: () => m.stock_reason_waste(), sign: -1 },
	{ value: 'donated', label: () => m.stock_reason_donated(), sign: -1 },
	{ value: 'correction', label: () => m.stock_reason_correction(), sign: 0 }
];

const moved: Record<Reason, () => string> = {
	received: () => m.stock_moved_received(),
	found: () => m.stock_moved_found(),
	damage: () => m.stock_moved_damage(),
	theft: () => m.stock_moved_theft(),
	waste: () => m.stock_moved_waste(),
	donated: () => m.stock_moved_donated(),
	correction: () => m.stock_moved_correction(),
	sale: () => m.stock_moved_sale(),
	reversal: () => m.stock_moved_reversal(),
	return: () => m.stock_moved_return(),
	transfer: () => m.stock_moved_transfer(),
	lost: () => m.stock_moved_lost(),
	miscounted: () => m.stock_moved_miscounted(),
	count: () => m.stock_moved_count()
};

const classed: Record<'A' | 'B' | 'C', () => string> = { A: () => m.stock_class_a(), B: () => m.stock_class_b(), C: () => m.stock_class_c() };

/** What part of all that is sold goods make. */
export const classWord = (c: 'A' | 'B' | 'C'): string => classed[c]();

/** What movements for a reason did, in a word. */
export const reasonWord = (reason: Reason): string => moved[reason]();

/** What happened, in a word. */
export const movedWord = ({ reason, document }: Pick<Schema['Movement'], 'reason' | 'document'>): string =>
	reason === 'reversal' && document?.type !== 'order' ? m.stock_moved_undone() : moved[reason]();

/** Movements summed up by kind, the one that moved most first. */
export function byKind(movements: readonly Schema['Movement'][]): { word: string; reason: Reason; count: number; sum: number }[] {
	const kinds = new Map<string, { word: string; reason: Reason; count: number; sum: number }>();
	for (const move of movements) {
		const word = movedWord(move);
		const kind = kinds.get(word) ?? { word, reason: move.reason, count: 0, sum: 0 };
		kinds.set(word, { ...kind, count: kind.count + 1, sum: kind.sum + move.delta });
	}
	return [...kinds.values()].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum) || a.word.localeCompare(b.word));
}

/** Whether a movement's adjustment can be taken back. */
export const undoable = (row: Schema['Movement']): boolean => row.document?.type === 'adjustment' && row.reason !== 'reversal' && !row.undone;

/** Every reason of a movement. */
export const everyReason = Object.keys(moved) as Reason[];

const aside: Record<Schema['Aside']['reason'], () => string> = {
	quarantine: () => m.stock_aside_quarantine(),
	damaged: () => m.stock_aside_damaged(),
	safety: () => m.stock_aside_safety(),
	expired: () => m.stock_aside_expired()
};

/** Why something is set aside, in a word or two. */
export const asideWord = (reason: Schema['Aside']['reason']): string => aside[reason]();

/** The colour of a reason: what is broken, what has to be looked at, what is kept on purpose. */
export const asideTone: Record<Schema['Aside']['reason'], Tone> = { quarantine: 'amber', damaged: 'red', safety: 'blue', expired: 'red' };

/** A lot by its name and the day it expires, with how many are of it. */
export const lotName = (l: { lot: string; expiresOn: string | null }, count?: number): string =>
	[l.lot, l.expiresOn ? m.stock_lot_expires({ date: date(startOf(l.expiresOn)) }) : l.lot ? '' : m.stock_lot_none(), count === undefined ? '' : quantity(count)].filter(Boolean).join(' · ');

/** Where the paper behind a movement is found. */
export function documentLink(d: Schema['Document']): { href: string; label: string } | null {
	if (d.type === 'order') return { href: `/staff/orders/${d.id}`, label: m.stock_order({ number: d.number }) };
	if (d.type === 'transfer') return { href: `/staff/stock/transfers/${d.id}`, label: m.stock_transfer({ number: d.number }) };
	if (d.type === 'purchase') return { href: `/staff/purchases/${d.id}`, label: m.purchases_one({ number: d.number }) };
	if (d.type === 'count') return { href: `/staff/stock/counts/${d.id}`, label: m.counts_document({ number: d.number }) };
	if (d.type === 'import') return { href: `/staff/imports/${d.id}`, label: m.stock_import({ name: d.number }) };
	return null;
}

/** Which of a level's figures is asked for. */
export type Figure = 'available' | 'onHand' | 'committed' | 'incoming';

export function figureOf(text: string | null): Figure {
	return text === 'onHand' || text === 'committed' || text === 'incoming' ? text : 'available';
}

export const whyTitle = (count: number) => m.stock_why({ count: quantity(count) });
