import { api, type Schema } from '$lib/api';
import { can } from '$lib/session/index.svelte';

const none: Schema['SelfCheckFacts'] = { findings: [] };

export const load = async ({ fetch, depends, parent }) => {
	depends('live:orders', 'live:stock', 'live:products');
	const [dashboard, books] = await Promise.all([
		api(fetch).get('/reports/dashboard'),
		parent().then(() => (can('settings.read') ? api(fetch).get('/self-check') : none)) // only then it is known who is here
	]);
	return { dashboard, books };
};
