import { error, redirect } from '@sveltejs/kit';
import { api, isApiError } from '$lib/api';
import { m } from '$lib/i18n';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, url }) => {
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	try {
		session.set(await api(fetch).get('/session', { anonymous: true }));
	} catch (e) {
		if (isApiError(e) && e.status === 401) redirect(307, `/staff/signin?next=${encodeURIComponent(url.pathname + url.search)}`);
		throw e;
	}
	const [order, settings] = await Promise.all([
		api(fetch).get('/orders/{id}', { path: { id } }),
		// Who may not read the settings still prints a receipt, with the shop's name alone.
		api(fetch).get('/settings').catch((e) => (isApiError(e) && e.status === 403 ? null : Promise.reject(e)))
	]);
	return { order, settings, print: url.searchParams.has('print') };
};
