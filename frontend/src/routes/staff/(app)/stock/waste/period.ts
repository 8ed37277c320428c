import { dateIn } from '$lib/format';

export type Preset = 'today' | 'yesterday' | 'week' | 'thirty' | 'month' | 'last_month' | 'year' | 'custom';

export interface Period {
	preset: Preset;
	from: string;
	to: string;
}

const day = 86_400_000;
const isDay = (text: string | null): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text!));

/** A date so many days after another one. */
export const shifted = (date: string, days: number) => new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);

/** The dates that a preset means today. */
export function datesOf(preset: Exclude<Preset, 'custom'>, today = dateIn(0)): { from: string; to: string } {
	const first = `${today.slice(0, 8)}01`;
	switch (preset) {
		case 'today':
			return { from: today, to: today };
		case 'yesterday':
			return { from: shifted(today, -1), to: shifted(today, -1) };
		case 'week':
			return { from: shifted(today, -6), to: today };
		case 'thirty':
			return { from: shifted(today, -29), to: today };
		case 'month':
			return { from: first, to: today };
		case 'last_month': {
			const last = shifted(first, -1);
			return { from: `${last.slice(0, 8)}01`, to: last };
		}
		case 'year':
			return { from: `${today.slice(0, 4)}-01-01`, to: today };
	}
}

export const presets: Preset[] = ['today', 'yesterday', 'week', 'thirty', 'month', 'last_month', 'year', 'custom'];

/** What the address asks for: 30 days, if it does not say. */
export function periodOf(params: Pick<URLSearchParams, 'get'>): Period {
	const preset = presets.find((p) => p === params.get('period')) ?? 'thirty';
	if (preset !== 'custom') return { preset, ...datesOf(preset) };
	const [from, to] = [params.get('from'), params.get('to')];
	if (!isDay(from) || !isDay(to) || from > to) return { preset, ...datesOf('thirty') };
	return { preset, from, to };
}

/** The part of a period that lies in a month such as 2026-07. */
export function within(month: string, { from, to }: { from: string; to: string }): { from: string; to: string } {
	const first = `${month}-01`;
	const last = shifted(`${shifted(first, 31).slice(0, 8)}01`, -1);
	return { from: from > first ? from : first, to: to < last ? to : last };
}
