import { redirect } from '@sveltejs/kit';
import { api, isApiError } from '$lib/api';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, url, depends, untrack }) => {
	depends('app:session');
	try {
		session.set(await api(fetch).get('/session', { anonymous: true }));
	} catch (e) {
		if (!isApiError(e) || ![401, 403, 404, 409].includes(e.status)) throw e;
		const { done } = await api(fetch).get('/setup', { anonymous: true });
		if (!done) redirect(307, '/staff/setup');
		const next = untrack(() => url.pathname + url.search);
		redirect(307, next === '/staff' ? '/staff/signin' : `/staff/signin?next=${encodeURIComponent(next)}`);
	}
};
