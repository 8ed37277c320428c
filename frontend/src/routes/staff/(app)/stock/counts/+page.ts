import { api } from '$lib/api';
import { queryOf, valuesOf } from './filter';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:counts', 'live:locations');
	await parent();
	const values = valuesOf(url.searchParams);
	const query = queryOf(values);
	const [page, posted, locations] = await Promise.all([
		api(fetch).get('/stock/counts', { query }),
		api(fetch).get('/stock/counts', { query: { status: 'posted', locationId: query.locationId, limit: 50 } }),
		api(fetch).get('/locations')
	]);
	return { values, query, page, posted: posted.items, locations: locations.items };
};
