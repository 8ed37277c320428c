import { api } from '$lib/api';
import { guard } from '../guard';

export const load = async ({ fetch, params, depends, parent }) => {
	await parent();
	guard();
	depends('live:imports');
	return { file: await api(fetch).get('/imports/{id}', { path: { id: Number(params.id) } }) };
};
