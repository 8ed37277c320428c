import CircleCheck from '@lucide/svelte/icons/circle-check';
import TrendingDown from '@lucide/svelte/icons/trending-down';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import type { Schema } from '$lib/api';
import { money, time, date, dateIn } from '$lib/format';
import { m } from '$lib/i18n';
import { methodName } from '$lib/orders/status';
import type { Icon, Tone } from '$lib/ui/types';

/** By how much a till differs, in a word, a colour and a sign. */
export function difference(amount: number, currency?: string): { text: string; tone: Tone; icon: Icon } {
	if (amount === 0) return { text: m.tills_exact(), tone: 'green', icon: CircleCheck };
	if (amount < 0) return { text: m.tills_short({ amount: money(-amount, currency) }), tone: 'red', icon: TrendingDown };
	return { text: m.tills_over({ amount: money(amount, currency) }), tone: 'amber', icon: TrendingUp };
}

/** Since when a till is open: the time alone where that was today. */
export function since(till: Pick<Schema['Till'], 'businessDate' | 'openedAt'>): string {
	return till.businessDate === dateIn(0) ? time(till.openedAt) : `${date(till.businessDate)}, ${time(till.openedAt)}`;
}

/** Whether a till was left open over night. */
export const forgotten = (till: Schema['Till']) => till.status === 'open' && till.businessDate < dateIn(0);

const kinds: Record<Schema['TillLine']['kind'], () => string> = {
	payment: m.tills_kind_payment,
	refund: m.tills_kind_refund,
	paid_in: m.tills_kind_paid_in,
	paid_out: m.tills_kind_paid_out
};

export const kindName = (kind: Schema['TillLine']['kind']) => kinds[kind]();
/** What a line is: "Payment · Card". */
export const lineKind = (l: Schema['TillLine']) => (l.kind === 'payment' || l.kind === 'refund' ? `${kindName(l.kind)} · ${methodName(l.method)}` : kindName(l.kind));
export const leaves = (l: Schema['TillLine']) => l.kind === 'refund' || l.kind === 'paid_out';
