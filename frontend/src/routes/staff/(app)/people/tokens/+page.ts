import { api } from '$lib/api';

export const load = async ({ fetch, depends, parent }) => {
	depends('live:tokens');
	await parent();
	const [page, permissions] = await Promise.all([api(fetch).get('/tokens', {}), api(fetch).get('/permissions')]);
	return { page, permissions: permissions.items.filter((p) => p.token).map((p) => p.permission) };
};
