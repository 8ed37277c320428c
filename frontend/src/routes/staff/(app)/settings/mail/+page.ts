import { api } from '$lib/api';

export const load = async ({ fetch, depends, parent }) => {
	depends('live:settings', 'live:mail');
	await parent();
	const [settings, health] = await Promise.all([api(fetch).get('/settings'), api(fetch).get('/mail-health')]);
	return { settings, health };
};
