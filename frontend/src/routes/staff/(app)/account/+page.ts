import { api } from '$lib/api';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, depends, parent }) => {
	depends('app:devices');
	await parent(); // it tells who is here
	// Whoever came in by PIN sees no devices and no wishes: they may be somebody else's.
	if (session.byPin) return { devices: [], wishes: null };
	const [devices, wishes] = await Promise.all([
		api(fetch).get('/sessions'),
		session.needs ? null : api(fetch).get('/notifications')
	]);
	return { devices: devices.items, wishes };
};
