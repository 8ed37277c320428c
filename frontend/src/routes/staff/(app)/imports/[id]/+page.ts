import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';
import { guard } from '../guard';

export const load = async ({ fetch, params, depends, parent }) => {
	await parent();
	guard();
	depends('live:imports');
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	const file = await api(fetch).get('/imports/{id}', { path: { id } });
	const pictures = file.status === 'committed' && file.pictures ? await api(fetch).get('/imports/{id}/pictures', { path: { id } }) : null;
	return { file, pictures };
};
