import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { guard } from '../guard';

export const load = async ({ fetch, params, depends, parent }) => {
	await parent();
	guard();
	depends('live:imports');
	const id = idOf(params.id);
	const file = await api(fetch).get('/imports/{id}', { path: { id } });
	const pictures = file.status === 'committed' && file.pictures ? await api(fetch).get('/imports/{id}/pictures', { path: { id } }) : null;
	return { file, pictures };
};
