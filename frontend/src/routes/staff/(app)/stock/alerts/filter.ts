import type { Schema } from '$lib/api';

export type Alert = Schema['Alert'];
export type Kind = Alert['kind'];

export interface Filter {
	kind?: Kind[];
	snoozed: boolean;
}

export const kinds: Kind[] = ['out', 'low', 'over'];

/** What the address asks for: what is not snoozed, if it does not say. */
export function filterOf(params: Pick<URLSearchParams, 'get'>): Filter {
	const wanted = (params.get('kind') ?? '').split(',');
	const kind = kinds.filter((k) => wanted.includes(k));
	return { kind: kind.length ? kind : undefined, snoozed: params.get('snoozed') === 'true' };
}
