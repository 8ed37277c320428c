import { api } from '$lib/api';

export const load = async ({ fetch, depends }) => {
	depends('live:orders', 'live:stock', 'live:products');
	return { dashboard: await api(fetch).get('/reports/dashboard') };
};
