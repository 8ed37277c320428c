import { error, redirect } from '@sveltejs/kit';
import { api, isApiError } from '$lib/api';
import { m } from '$lib/i18n';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, url }) => {
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	try {
		const now = await api(fetch).get('/session', { anonymous: true });
		if (now.locked) redirect(307, `/staff/locked?next=${encodeURIComponent(url.pathname + url.search)}`);
		session.set(now);
		const order = await api(fetch).get('/orders/{id}', { path: { id } });
		return { order, shop: now.shop, print: url.searchParams.has('print') };
	} catch (e) {
		if (isApiError(e) && e.status === 401) redirect(307, `/staff/signin?next=${encodeURIComponent(url.pathname + url.search)}`);
		throw e;
	}
};
