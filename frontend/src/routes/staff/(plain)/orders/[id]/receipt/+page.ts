import { redirect } from '@sveltejs/kit';
import { api, isApiError } from '$lib/api';
import { idOf } from '$lib/api/id';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, params, url }) => {
	const id = idOf(params.id);
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
