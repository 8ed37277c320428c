import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:purchases', 'live:locations');
	await parent();
	return { purchase: await api(fetch).get('/purchase-orders/{id}', { path: { id: idOf(params.id) } }) };
};
