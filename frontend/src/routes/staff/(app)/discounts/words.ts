import type { Schema } from '$lib/api';
import { date, money, percent, quantity, startOf } from '$lib/format';
import { m } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';

export type Code = Schema['DiscountCode'];
export type State = Code['state'];

const states: Record<State, { text: () => string; tone: Tone }> = {
	active: { text: m.discounts_state_active, tone: 'green' },
	scheduled: { text: m.discounts_state_scheduled, tone: 'blue' },
	used_up: { text: m.discounts_state_used_up, tone: 'amber' },
	ended: { text: m.discounts_state_ended, tone: 'neutral' },
	inactive: { text: m.discounts_state_inactive, tone: 'neutral' }
};

/** All states, the one that matters first. */
export const stateOptions = Object.keys(states) as State[];

export const stateName = (s: State): string => states[s].text();
export const stateTone = (s: State): Tone => states[s].tone;

/** A state of an address; none for what is no state. */
export const stateOf = (text: string | null): State | undefined => stateOptions.find((s) => s === text);

/** What a code takes off. */
export const takes = (c: Code): string => (c.percent !== undefined ? percent(c.percent) : money(c.amount ?? 0));

/** How often it was used, of how often it may be: "12 of 100". */
export const uses = (c: Code): string => (c.maxUses ? m.discounts_uses_of({ count: quantity(c.uses), of: quantity(c.maxUses) }) : quantity(c.uses));

const day = (d: string) => date(startOf(d));

/** Its days; empty where it has none. */
export function period(c: Code): string {
	if (c.startsOn && c.endsOn) return `${day(c.startsOn)} – ${day(c.endsOn)}`;
	if (c.startsOn) return m.discounts_from({ date: day(c.startsOn) });
	return c.endsOn ? m.discounts_until({ date: day(c.endsOn) }) : '';
}
