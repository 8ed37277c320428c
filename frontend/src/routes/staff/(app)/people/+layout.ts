import { api } from '$lib/api';
import { quantity } from '$lib/format';
import { can } from '$lib/session/index.svelte';

/** How many wait to be let in, for every page of the people. */
export const load = async ({ fetch, depends, parent }) => {
	depends('live:registrations');
	await parent(); // it tells who is here
	if (!can('users.write')) return { waiting: '' };
	const { items, next } = await api(fetch).get('/registrations', { query: { status: 'pending' } });
	return { waiting: items.length ? quantity(items.length) + (next ? '+' : '') : '' };
};
