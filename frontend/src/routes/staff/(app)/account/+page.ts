import { api } from '$lib/api';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, depends, parent }) => {
	depends('app:devices');
	await parent(); // it tells who is here
	// Whoever came in by PIN sees no devices: they may be somebody else's.
	return { devices: session.byPin ? [] : (await api(fetch).get('/sessions')).items };
};
