import type { paths } from '$lib/api/schema';

type Query = NonNullable<paths['/orders']['get']['parameters']['query']>;

/** What the address says, as the API asks for it. */
export function queryOf(params: URLSearchParams): Query {
	const get = <K extends keyof Query>(name: K) => (params.get(name) as Query[K]) || undefined;
	return {
		open: params.get('show') === 'all' ? undefined : true,
		q: get('q'),
		paymentStatus: get('paymentStatus'),
		fulfilmentStatus: get('fulfilmentStatus'),
		channel: get('channel'),
		locationId: Number(params.get('locationId')) || undefined,
		customerId: Number(params.get('customerId')) || undefined,
		from: get('from'),
		to: get('to')
	};
}

export const filters = ['q', 'paymentStatus', 'fulfilmentStatus', 'channel', 'locationId', 'customerId', 'from', 'to'] as const;
