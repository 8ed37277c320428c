import { api } from '$lib/api';
import { can } from '$lib/session/index.svelte';

export const load = async ({ fetch, depends, parent }) => {
	depends('live:jobs', 'live:settings');
	await parent();
	const [jobs, settings] = await Promise.all([api(fetch).get('/jobs'), can('settings.write') ? api(fetch).get('/settings') : null]);
	return { jobs: jobs.items, settings };
};
