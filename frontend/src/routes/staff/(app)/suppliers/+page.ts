import { api } from '$lib/api';

export const load = async ({ fetch, url, depends }) => {
	depends('live:suppliers');
	const q = url.searchParams.get('q') || undefined;
	const archived = url.searchParams.get('state') === 'archived';
	return { q, archived, page: await api(fetch).get('/suppliers', { query: { q, archived: archived || undefined } }) };
};
