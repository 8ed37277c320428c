import { api } from '$lib/api';
import { can } from '$lib/session/index.svelte';

/** How many wait to be let in, for every page of the people. */
export const load = async ({ fetch, depends, parent }) => {
	depends('live:registrations');
	await parent(); // it tells who is here
	const waiting = can('users.write') ? (await api(fetch).get('/registrations', { query: { status: 'pending' } })).items : [];
	return { waiting };
};
