import { api } from '$lib/api';

export const load = async ({ fetch, url, depends }) => {
	depends('live:customers');
	const q = url.searchParams.get('q') || undefined;
	return { q, page: await api(fetch).get('/customers', { query: { q } }) };
};
