import { api } from '$lib/api';
import { idIn } from '../filter';
import { everyReason } from '../words';

const dayIn = (text: string | null) => (text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined);

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap'); // what is new is offered, not pushed in from above
	const wanted = (url.searchParams.get('reason') ?? '').split(',');
	const reason = everyReason.filter((r) => wanted.includes(r));
	const filter = {
		variantId: idIn(url.searchParams, 'variantId'),
		productId: idIn(url.searchParams, 'productId'),
		categoryId: idIn(url.searchParams, 'categoryId'),
		locationId: idIn(url.searchParams, 'locationId'),
		reason: reason.length ? reason : undefined,
		from: dayIn(url.searchParams.get('from')),
		to: dayIn(url.searchParams.get('to'))
	};
	const [page, locations, levels] = await Promise.all([
		api(fetch).get('/stock/movements', { query: filter }),
		api(fetch).get('/locations'),
		filter.variantId ? api(fetch).get('/stock', { query: { variantId: filter.variantId, limit: 1 } }) : null
	]);
	const known = page.items[0] ?? levels?.items[0];
	const product = filter.variantId ? { id: filter.variantId, name: known?.name ?? '', sku: known?.sku ?? '' } : null;
	return { page, filter, product, locations: locations.items };
};
