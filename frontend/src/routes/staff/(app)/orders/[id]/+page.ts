import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';

export const load = async ({ fetch, params, depends }) => {
	depends('live:orders', 'live:locations', 'app:order-mails');
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	const [order, timeline, emails, locations, invoices] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		api(fetch).get('/orders/{id}/timeline', { path: { id }, query: { limit: 100 } }),
		api(fetch).get('/orders/{id}/emails', { path: { id } }),
		api(fetch).get('/locations'),
		api(fetch).get('/orders/{id}/documents', { path: { id } })
	]);
	return { order, timeline: timeline.items, older: timeline.next !== '', emails: emails.items, locations: locations.items, invoices };
};
