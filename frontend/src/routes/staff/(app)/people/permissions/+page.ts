import { api } from '$lib/api';

export const load = async ({ fetch, depends, parent }) => {
	depends('live:users');
	await parent();
	return { permissions: await api(fetch).get('/permissions') };
};
