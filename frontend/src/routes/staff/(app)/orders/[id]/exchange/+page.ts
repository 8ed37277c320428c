import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends }) => {
	depends('live:orders');
	const id = idOf(params.id);
	const [order, timeline] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		api(fetch).get('/orders/{id}/timeline', { path: { id }, query: { limit: 20 } })
	]);
	return { order, timeline: timeline.items };
};
