import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:transfers', 'live:locations');
	await parent();
	return { transfer: await api(fetch).get('/stock/transfers/{id}', { path: { id: idOf(params.id) } }) };
};
