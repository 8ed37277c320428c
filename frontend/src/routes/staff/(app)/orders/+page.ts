import { api } from '$lib/api';
import { filters, queryOf } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:orders', 'live:locations');
	const query = queryOf(url.searchParams);
	const [page, locations, customer] = await Promise.all([
		api(fetch).get('/orders', { query }),
		api(fetch).get('/locations'),
		query.customerId ? api(fetch).get('/customers/{id}', { path: { id: query.customerId } }) : null
	]);
	const values = Object.fromEntries(filters.map((f) => [f, url.searchParams.get(f) ?? ''])) as Record<(typeof filters)[number], string>;
	return { page, query, values, all: url.searchParams.get('show') === 'all', locations: locations.items, customer };
};
