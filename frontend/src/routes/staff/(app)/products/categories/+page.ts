import { api } from '$lib/api';
import { allCategories } from '$lib/shop/categories';

export const load = async ({ fetch, depends }) => {
	depends('live:categories', 'live:products');
	return { categories: await allCategories(api(fetch)) };
};
