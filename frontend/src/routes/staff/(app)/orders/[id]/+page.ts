import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends }) => {
	depends('live:orders', 'live:locations', 'app:order-mails');
	const id = idOf(params.id);
	const [order, timeline, emails, locations, invoices] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		api(fetch).get('/orders/{id}/timeline', { path: { id }, query: { limit: 100 } }),
		api(fetch).get('/orders/{id}/emails', { path: { id } }),
		api(fetch).get('/locations'),
		api(fetch).get('/orders/{id}/documents', { path: { id } })
	]);
	return { order, timeline: timeline.items, older: timeline.next !== '', emails: emails.items, locations: locations.items, invoices };
};
