import { api } from '$lib/api';
import { allCategories } from '$lib/shop/categories';
import { filterOf, listFilter } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:products');
	const client = api(fetch);
	const filter = filterOf(url.searchParams);
	const shelves = async () => {
		depends('live:categories', 'live:brands');
		const [categories, brands] = await Promise.all([
			allCategories(client),
			client.get('/brands', { query: { limit: 200 } })
		]);
		return { categories: categories.map((c) => c.path), brands: brands.items.map((b) => b.name) };
	};
	const [page, { categories, brands }] = await Promise.all([client.get('/products', { query: listFilter(filter) }), shelves()]);
	return { page, filter, categories, brands };
};
