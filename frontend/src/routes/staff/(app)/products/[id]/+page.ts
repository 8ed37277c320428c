import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { taxRates } from '$lib/shop/rates';

export const load = async ({ fetch, params, depends }) => {
	depends('live:products', 'live:stock');
	const id = idOf(params.id);
	const [product, levels, { rates }] = await Promise.all([
		api(fetch).get('/products/{id}', { path: { id } }),
		api(fetch).get('/stock', { query: { productId: id, limit: 200 } }),
		taxRates(api(fetch))
	]);
	return { product, levels: levels.items, rates };
};
