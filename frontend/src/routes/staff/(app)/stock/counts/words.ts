import type { Schema } from '$lib/api';
import { date, percent } from '$lib/format';
import { m } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';
import { exactly } from './accuracy';

type Item = Schema['CountItem'];
export type Line = Schema['CountLine'];

export const countStatus: Record<Item['status'], () => { tone: Tone; text: string }> = {
	open: () => ({ tone: 'accent', text: m.counts_is_open() }),
	review: () => ({ tone: 'blue', text: m.counts_is_review() }),
	posting: () => ({ tone: 'amber', text: m.counts_is_posting() }),
	posted: () => ({ tone: 'green', text: m.counts_is_posted() }),
	abandoned: () => ({ tone: 'neutral', text: m.counts_is_abandoned() })
};

/** What a count is of. */
export function scopeOf(c: Pick<Item, 'kind' | 'category'>): string {
	if (c.kind === 'category') return c.category;
	return { full: m.counts_of_full, chosen: m.counts_of_chosen, daily: m.counts_of_daily }[c.kind]();
}

/** The share of lines that agreed with the books; empty where that is not told, or nothing was counted. */
export function exact(c: Pick<Item, 'lineCount' | 'matching'>): string {
	if (c.matching === undefined || c.lineCount === 0) return '';
	return percent(exactly(c.matching, c.lineCount));
}

/** The lot that a line is of. */
export function lotOf(l: Pick<Line, 'lotId' | 'lot' | 'expiresOn'>): string {
	if (l.lotId === null) return '';
	return [l.lot && m.counts_lot_of({ lot: l.lot }), l.expiresOn && m.counts_lot_until({ date: date(l.expiresOn) })].filter(Boolean).join(', ');
}

export const stepWord: Record<Schema['CountStep']['kind'], () => string> = {
	started: () => m.counts_step_started(),
	reviewed: () => m.counts_step_reviewed(),
	reopened: () => m.counts_step_reopened(),
	zeroed: () => m.counts_step_zeroed(),
	posting: () => m.counts_step_posting(),
	posted: () => m.counts_step_posted(),
	abandoned: () => m.counts_step_abandoned()
};
