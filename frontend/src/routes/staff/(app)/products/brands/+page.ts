import { api } from '$lib/api';

export const load = async ({ fetch, url, depends }) => {
	depends('live:brands', 'live:products');
	const q = url.searchParams.get('q') || undefined;
	return { q, page: await api(fetch).get('/brands', { query: { q } }) };
};
