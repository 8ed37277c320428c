import { api } from '$lib/api';
import { idIn } from '../filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap'); // what is new is offered, not pushed in from above
	const filter = { variantId: idIn(url.searchParams, 'variantId'), locationId: idIn(url.searchParams, 'locationId') };
	const [page, locations, levels] = await Promise.all([
		api(fetch).get('/stock/movements', { query: filter }),
		api(fetch).get('/locations'),
		filter.variantId ? api(fetch).get('/stock', { query: { variantId: filter.variantId, limit: 1 } }) : null
	]);
	const known = page.items[0] ?? levels?.items[0];
	const product = filter.variantId ? { id: filter.variantId, name: known?.name ?? '', sku: known?.sku ?? '' } : null;
	return { page, filter, product, locations: locations.items };
};
