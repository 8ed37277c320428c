import { api } from '$lib/api';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:users');
	await parent();
	const q = url.searchParams.get('q') || undefined;
	const status: 'active' | 'disabled' = url.searchParams.get('status') === 'disabled' ? 'disabled' : 'active';
	return { q, status, page: await api(fetch).get('/users', { query: { q, status } }) };
};
