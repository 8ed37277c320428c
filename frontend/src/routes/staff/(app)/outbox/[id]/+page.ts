import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, depends, parent }) => {
	depends('live:emails', 'live:settings');
	await parent();
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	const [email, settings] = await Promise.all([api(fetch).get('/emails/{id}', { path: { id } }), can('settings.read') ? api(fetch).get('/settings') : null]);
	return { email, off: settings !== null && !settings.mail.host };
};
