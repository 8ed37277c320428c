import { api } from '$lib/api';

export const load = async ({ fetch, depends }) => {
	depends('live:locations', 'live:categories');
	const [locations, categories] = await Promise.all([
		api(fetch).get('/locations'),
		api(fetch).get('/categories', { query: { limit: 200 } })
	]);
	return { locations: locations.items, categories: categories.items };
};
