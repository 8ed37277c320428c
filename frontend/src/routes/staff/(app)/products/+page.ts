import { api } from '$lib/api';
import { allCategories } from '$lib/shop/categories';
import { filterOf, listFilter } from './filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:products');
	const client = api(fetch);
	const filter = filterOf(url.searchParams);
	const shelves = async () => {
		depends('live:categories', 'live:brands');
		const [categories, brands, tags] = await Promise.all([
			allCategories(client),
			client.get('/brands', { query: { limit: 200 } }),
			client.get('/tags', { query: { limit: 200 } })
		]);
		return { tags: tags.items.map((t) => t.name), categories: categories.map((c) => c.path), brands: brands.items.map((b) => b.name) };
	};
	const [page, { categories, brands, tags }] = await Promise.all([client.get('/products', { query: listFilter(filter) }), shelves()]);
	return { page, filter, categories, brands, tags };
};
