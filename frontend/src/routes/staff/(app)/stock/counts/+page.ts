import { api } from '$lib/api';
import { queryOf, valuesOf } from './filter';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:counts', 'live:locations');
	await parent();
	const values = valuesOf(url.searchParams);
	const query = queryOf(values);
	const [page, locations] = await Promise.all([api(fetch).get('/stock/counts', { query }), api(fetch).get('/locations')]);
	return { values, query, page, locations: locations.items };
};
