import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';

export const load = async ({ fetch, params, depends }) => {
	depends('live:customers');
	depends('live:orders');
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, m.error_not_found());
	const [customer, orders] = await Promise.all([
		api(fetch).get('/customers/{id}', { path: { id } }),
		api(fetch).get('/orders', { query: { customerId: id } })
	]);
	return { customer, orders };
};
