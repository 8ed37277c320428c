import { api } from '$lib/api';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, depends, parent }) => {
	depends('live:settings', 'live:locations');
	await parent(); // it tells who is here
	const [settings, locations] = await Promise.all([
		can('settings.read') ? api(fetch).get('/settings') : null,
		api(fetch).get('/locations')
	]);
	return { settings, locations: locations.items };
};
