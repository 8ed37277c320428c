import { api } from '$lib/api';

export const load = async ({ fetch, url, depends }) => {
	const id = Number(url.searchParams.get('id'));
	depends('live:imports');
	const [locations, preview] = await Promise.all([
		api(fetch).get('/locations'),
		id > 0 ? api(fetch).get('/imports/{id}', { path: { id } }) : null
	]);
	return { locations: locations.items, preview };
};
