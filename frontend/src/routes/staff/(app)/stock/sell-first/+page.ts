import { api } from '$lib/api';
import { idIn } from '../filter';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:gap');
	await parent();
	const locationId = idIn(url.searchParams, 'locationId');
	const [list, locations] = await Promise.all([api(fetch).get('/stock/sell-first', { query: { locationId } }), api(fetch).get('/locations')]);
	return { list, locationId, locations: locations.items };
};
