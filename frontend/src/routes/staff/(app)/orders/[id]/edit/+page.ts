import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';

export const load = async ({ fetch, params, depends }) => {
	depends('live:orders');
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	const [order, timeline] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		api(fetch).get('/orders/{id}/timeline', { path: { id }, query: { limit: 20 } })
	]);
	return { order, timeline: timeline.items };
};
