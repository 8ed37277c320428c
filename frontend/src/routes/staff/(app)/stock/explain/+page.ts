import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';
import { idIn } from '../filter';

export const load = async ({ fetch, url, depends }) => {
	depends('live:stock');
	const variantId = idIn(url.searchParams, 'variantId');
	const { items: locations } = await api(fetch).get('/locations');
	const locationId = idIn(url.searchParams, 'locationId') ?? (locations.find((l) => l.isDefault) ?? locations[0])?.id;
	if (!variantId || !locationId) error(404, m.error_not_found());
	return { why: await api(fetch).get('/stock/explain', { query: { variantId, locationId } }), locations };
};
