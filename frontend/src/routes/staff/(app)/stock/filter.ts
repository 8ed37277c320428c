import type { Schema } from '$lib/api';

export type Level = Schema['Level'];
export type State = Level['state'];
export type Class = Exclude<Level['class'], ''>;

export interface Filter {
	q?: string;
	state?: State[];
	locationId?: number;
	class?: Class[];
}

const states: State[] = ['low', 'out', 'expiring', 'over'];
export const classes: Class[] = ['A', 'B', 'C'];

/** What the address asks for; what is no filter is not there. */
export function filterOf(params: Pick<URLSearchParams, 'get'>): Filter {
	const wanted = (params.get('state') ?? '').split(',');
	const of = classes.filter((c) => (params.get('class') ?? '').split(',').includes(c));
	const state = states.filter((s) => wanted.includes(s));
	return {
		q: params.get('q') || undefined,
		state: state.length ? state : undefined,
		locationId: idIn(params, 'locationId'),
		class: of.length ? of : undefined
	};
}

/** A level that an address names as 3-1: a variant, or 0 for one to be looked for, and a location. */
export function levelIn(params: Pick<URLSearchParams, 'get'>, name: string): { variantId: number; locationId: number } | null {
	const [, variantId, locationId] = /^(\d+)-(\d+)$/.exec(params.get(name) ?? '') ?? [];
	return locationId ? { variantId: Number(variantId), locationId: Number(locationId) } : null;
}

/** A positive whole number of the address, or undefined. */
export function idIn(params: Pick<URLSearchParams, 'get'>, name: string): number | undefined {
	const n = Number(params.get(name));
	return Number.isSafeInteger(n) && n > 0 ? n : undefined;
}
