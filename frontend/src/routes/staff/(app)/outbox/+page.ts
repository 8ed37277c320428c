import { api } from '$lib/api';
import { can } from '$lib/session/index.svelte';
import { queryOf, valuesOf } from './filter';

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:emails', 'live:mail', 'live:settings');
	await parent();
	const values = valuesOf(url.searchParams);
	const query = queryOf(values);
	const [page, health, settings] = await Promise.all([
		api(fetch).get('/emails', { query }),
		api(fetch).get('/mail-health'),
		can('settings.read') ? api(fetch).get('/settings') : null
	]);
	return { values, query, page, health, off: settings !== null && !settings.mail.host };
};
