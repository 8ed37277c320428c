import type { Schema } from '$lib/api';

export type Alert = Schema['Alert'];
export type Kind = Alert['kind'];

export interface Filter {
	kind?: Kind[];
	snoozed: boolean;
}

export const kinds: Kind[] = ['out', 'low', 'over'];

/** Where what is out or low is ordered: at its row of what to buy, as the mail about it leads there. Empty for what there is too much of. */
export const orderAt = ({ kind, item }: Pick<Alert, 'kind' | 'item'>): string => (kind === 'over' ? '' : `/staff/replenishment?at=${item.variantId}-${item.locationId}`);

/** What the address asks for: what is not snoozed, if it does not say. */
export function filterOf(params: Pick<URLSearchParams, 'get'>): Filter {
	const wanted = (params.get('kind') ?? '').split(',');
	const kind = kinds.filter((k) => wanted.includes(k));
	return { kind: kind.length ? kind : undefined, snoozed: params.get('snoozed') === 'true' };
}
