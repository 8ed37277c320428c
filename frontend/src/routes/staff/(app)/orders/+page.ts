import { api } from '$lib/api';
import { filters, queryOf, searchOf, type Values } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:orders', 'live:locations', 'live:views');
	const query = queryOf(url.searchParams);
	const [page, locations, customer, people, views] = await Promise.all([
		api(fetch).get('/orders', { query }),
		api(fetch).get('/locations'),
		query.customerId ? api(fetch).get('/customers/{id}', { path: { id: query.customerId } }) : null,
		api(fetch).get('/orders/assignees', { query: { limit: 200 } }),
		api(fetch).get('/views', { query: { kind: 'orders' } })
	]);
	const values = Object.fromEntries(filters.map((f) => [f, url.searchParams.get(f) ?? ''])) as Values;
	return {
		page, query, values, all: url.searchParams.get('show') === 'all', locations: locations.items, customer, people: people.items, views: views.items,
		search: searchOf(url.searchParams), view: Number(url.searchParams.get('view')) || 0
	};
};
