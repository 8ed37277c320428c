import type { Schema } from '$lib/api';
import { idIn } from '../filter';
import type { GivenAside } from '../words';

export type Aside = Schema['Aside'];

export interface Filter {
	reason?: GivenAside;
	locationId?: number;
	/** Set aside that many days ago or more. */
	days?: number;
}

export const reasons: GivenAside[] = ['quarantine', 'damaged', 'safety'];

/** What the address asks for; what is no filter is not there. */
export function filterOf(params: Pick<URLSearchParams, 'get'>): Filter {
	return { reason: reasons.find((r) => r === params.get('reason')), locationId: idIn(params, 'locationId'), days: idIn(params, 'days') };
}
