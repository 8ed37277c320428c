import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, url, depends }) => {
	depends('live:suppliers');
	const path = { id: idOf(params.id) };
	const q = url.searchParams.get('q') || undefined;
	const [supplier, page] = await Promise.all([
		api(fetch).get('/suppliers/{id}', { path }),
		api(fetch).get('/suppliers/{id}/items', { path, query: { q } })
	]);
	return { supplier, q, page };
};
