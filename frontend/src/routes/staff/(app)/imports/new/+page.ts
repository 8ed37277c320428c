import { api } from '$lib/api';
import { guard } from '../guard';
import { kindOf } from '../words';

export const load = async ({ fetch, url, parent }) => {
	await parent();
	guard();
	const locations = await api(fetch).get('/locations');
	return { kind: kindOf(url.searchParams.get('kind')), locations: locations.items };
};
