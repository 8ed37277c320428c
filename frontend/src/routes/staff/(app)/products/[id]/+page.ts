import { api } from '$lib/api';

export const load = async ({ fetch, params, depends }) => {
	depends('live:products', 'live:stock');
	const id = Number(params.id);
	const [product, levels] = await Promise.all([
		api(fetch).get('/products/{id}', { path: { id } }),
		api(fetch).get('/stock', { query: { productId: id, limit: 200 } })
	]);
	return { product, levels: levels.items };
};
