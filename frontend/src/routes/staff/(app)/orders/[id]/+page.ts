import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends }) => {
	depends('live:orders', 'live:locations', 'app:order-mails');
	const id = idOf(params.id);
	const [order, timeline, notes, emails, locations, invoices] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		api(fetch).get('/orders/{id}/timeline', { path: { id }, query: { limit: 100 } }),
		api(fetch).get('/orders/{id}/notes', { path: { id }, query: { limit: 3 } }),
		api(fetch).get('/orders/{id}/emails', { path: { id } }),
		api(fetch).get('/locations'),
		api(fetch).get('/orders/{id}/documents', { path: { id } })
	]);
	return {
		order, timeline: timeline.items, older: timeline.next !== '', notes: notes.items, moreNotes: notes.next !== '',
		emails: emails.items, locations: locations.items, invoices
	};
};
