import { api } from '$lib/api';
import { filterOf } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap'); // the list follows its events by itself; only after a gap is it read again
	const filter = filterOf(url.searchParams);
	return { page: await api(fetch).get('/alerts', { query: filter }), filter };
};
