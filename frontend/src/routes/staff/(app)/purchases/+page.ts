import { api } from '$lib/api';
import { queryOf, valuesOf } from './filter';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:purchases', 'live:locations');
	await parent();
	const values = valuesOf(url.searchParams);
	const query = queryOf(values);
	const page = await api(fetch).get('/purchase-orders', { query });
	return { values, query, page };
};
