import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, url, depends, parent }) => {
	depends('live:suppliers', 'live:purchases');
	const buys = (await parent(), can('purchases.read'));
	const path = { id: idOf(params.id) };
	const q = url.searchParams.get('q') || undefined;
	const [supplier, page, orders] = await Promise.all([
		api(fetch).get('/suppliers/{id}', { path }),
		api(fetch).get('/suppliers/{id}/items', { path, query: { q } }),
		buys ? api(fetch).get('/purchase-orders', { query: { supplierId: path.id, limit: 5 } }) : { items: [], next: '' }
	]);
	return { supplier, q, page, orders };
};
