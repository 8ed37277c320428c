import { api } from '$lib/api';
import { idOf } from '$lib/api/id';

export const load = async ({ fetch, params, depends }) => {
	depends('live:customers');
	depends('live:orders');
	const id = idOf(params.id);
	const [customer, orders] = await Promise.all([
		api(fetch).get('/customers/{id}', { path: { id } }),
		api(fetch).get('/orders', { query: { customerId: id } })
	]);
	return { customer, orders };
};
