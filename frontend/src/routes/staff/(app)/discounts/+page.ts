import { api } from '$lib/api';
import { stateOf } from './words';

export const load = async ({ fetch, url, depends }) => {
	depends('live:discounts');
	const q = url.searchParams.get('q') || undefined;
	const state = stateOf(url.searchParams.get('state'));
	return { q, state, page: await api(fetch).get('/discount-codes', { query: { q, state } }) };
};
