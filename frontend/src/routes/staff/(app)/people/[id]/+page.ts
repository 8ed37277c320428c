import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:users');
	await parent();
	const id = idOf(params.id);
	const [user, devices] = await Promise.all([
		api(fetch).get('/users/{id}', { path: { id } }),
		can('users.write') ? api(fetch).get('/sessions', { query: { userId: id } }) : null
	]);
	return { user, devices: devices?.items ?? [] };
};
