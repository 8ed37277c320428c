import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:transfers', 'live:locations');
	await parent();
	const transfer = await api(fetch).get('/stock/transfers/{id}', { path: { id: idOf(params.id) } });
	if (transfer.status === 'draft') depends('live:stock'); // it says what could leave
	return { transfer };
};
