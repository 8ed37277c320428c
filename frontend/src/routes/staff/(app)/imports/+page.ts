import { api } from '$lib/api';
import { guard } from './guard';

export const load = async ({ fetch, depends, parent }) => {
	await parent(); // it tells who is here
	guard();
	depends('live:imports');
	return { page: await api(fetch).get('/imports') };
};
