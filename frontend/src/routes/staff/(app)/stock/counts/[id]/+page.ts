import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { listOf } from '../filter';

export const load = async ({ fetch, params, url, depends }) => {
	depends('live:counts');
	const id = idOf(params.id);
	const count = await api(fetch).get('/stock/counts/{id}', { path: { id } });
	const show = listOf(url.searchParams, count.status);
	const lines = await api(fetch).get('/stock/counts/{id}/lines', { path: { id }, query: { state: show } });
	return { count, show, lines };
};
