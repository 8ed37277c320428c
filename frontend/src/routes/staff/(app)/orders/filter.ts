import type { paths } from '$lib/api/schema';

type Query = NonNullable<paths['/orders']['get']['parameters']['query']>;

/** What the address says, as the API asks for it. */
export function queryOf(params: URLSearchParams): Query {
	const get = <K extends keyof Query>(name: K) => (params.get(name) as Query[K]) || undefined;
	const many = <K extends keyof Query>(name: K) => (params.get(name)?.split(',').filter(Boolean) as Query[K]) || undefined;
	return {
		open: params.get('show') === 'all' ? undefined : true,
		q: get('q'),
		status: many('status'),
		paymentStatus: many('paymentStatus'),
		fulfilmentStatus: many('fulfilmentStatus'),
		parcelStatus: get('parcelStatus'),
		channel: get('channel'),
		locationId: Number(params.get('locationId')) || undefined,
		customerId: Number(params.get('customerId')) || undefined,
		tag: get('tag'),
		assignedTo: get('assignedTo'),
		waiting: params.get('waiting') === 'true' || undefined,
		held: params.get('held') === 'true' || undefined,
		unacknowledged: params.get('unacknowledged') === 'true' || undefined,
		from: get('from'),
		to: get('to')
	};
}

export const filters = [
	'q', 'status', 'paymentStatus', 'fulfilmentStatus', 'parcelStatus', 'channel', 'locationId', 'customerId', 'tag', 'assignedTo', 'waiting', 'held', 'unacknowledged', 'from', 'to'
] as const;

export type Values = Record<(typeof filters)[number], string>;

/** What of an address is the list itself, in an order of its own: two addresses that show the same are the same. */
export function searchOf(params: URLSearchParams): string {
	const kept = new URLSearchParams();
	if (params.get('show') === 'all') kept.set('show', 'all');
	for (const name of filters) {
		const value = params.get(name);
		if (value) kept.set(name, value);
	}
	return kept.toString();
}
