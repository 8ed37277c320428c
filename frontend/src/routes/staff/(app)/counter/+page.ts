import { api } from '$lib/api';
import { allCategories } from '$lib/shop/categories';

export const load = async ({ fetch, depends, url }) => {
	depends('live:locations', 'live:categories');
	const [locations, categories] = await Promise.all([
		api(fetch).get('/locations'),
		allCategories(api(fetch))
	]);
	return { locations: locations.items, categories, till: url.searchParams.has('till') };
};
