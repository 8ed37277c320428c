import { api } from '$lib/api';
import { filterOf } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap'); // the list follows its events by itself; only after a gap is it read again
	const filter = filterOf(url.searchParams);
	const [page, locations] = await Promise.all([api(fetch).get('/stock/set-aside', { query: filter }), api(fetch).get('/locations')]);
	return { page, filter, locations: locations.items };
};
