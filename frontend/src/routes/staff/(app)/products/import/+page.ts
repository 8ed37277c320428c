import { error } from '@sveltejs/kit';
import { api } from '$lib/api';
import { m } from '$lib/i18n';
import { can, session } from '$lib/session/index.svelte';

export const load = async ({ fetch, url, depends, parent }) => {
	await parent(); // it tells who is here
	if (!can('imports.run')) {
		const code = session.byPin ? 'password_needed' : 'forbidden';
		error(403, { message: session.byPin ? m.error_password_needed() : m.error_forbidden(), code, status: 403 });
	}
	const id = Number(url.searchParams.get('id'));
	depends('live:imports');
	const [locations, preview] = await Promise.all([
		api(fetch).get('/locations'),
		id > 0 ? api(fetch).get('/imports/{id}', { path: { id } }) : null
	]);
	return { locations: locations.items, preview };
};
