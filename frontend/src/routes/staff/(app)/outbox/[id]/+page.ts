import { api } from '$lib/api';
import { idOf } from '$lib/api/id';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:emails', 'live:settings');
	await parent();
	const id = idOf(params.id);
	const [email, settings] = await Promise.all([api(fetch).get('/emails/{id}', { path: { id } }), can('settings.read') ? api(fetch).get('/settings') : null]);
	return { email, off: settings !== null && !settings.mail.host };
};
