import { api } from '$lib/api';

export const load = async ({ fetch, parent }) => {
	await parent();
	const { items } = await api(fetch).get('/locations/names');
	return { stores: items };
};
