import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:transfers', 'live:locations');
	await parent();
	const [transfer, stores] = await Promise.all([
		api(fetch).get('/stock/transfers/{id}', { path: { id: idOf(params.id) } }),
		api(fetch).get('/locations/names')
	]);
	return { transfer, stores: stores.items };
};
