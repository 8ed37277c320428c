import { api } from '$lib/api';

const fields = ['q', 'entity', 'action', 'from', 'to'] as const;

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:users', 'live:settings', 'live:products');
	await parent();
	const query = Object.fromEntries(fields.map((f) => [f, url.searchParams.get(f) || undefined])) as Partial<Record<(typeof fields)[number], string>>;
	return { query, page: await api(fetch).get('/audit', { query }) };
};
