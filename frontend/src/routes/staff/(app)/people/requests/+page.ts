import { api } from '$lib/api';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:registrations');
	await parent();
	const status: 'pending' | 'rejected' = url.searchParams.get('status') === 'rejected' ? 'rejected' : 'pending';
	return { status, page: await api(fetch).get('/registrations', { query: { status } }) };
};
