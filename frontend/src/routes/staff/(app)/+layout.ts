import { redirect } from '@sveltejs/kit';
import { api, isApiError } from '$lib/api';
import { session } from '$lib/session/index.svelte';

export const load = async ({ fetch, url, depends, untrack }) => {
	depends('app:session');
	const here = untrack(() => url.pathname + url.search);
	let started;
	try {
		started = await api(fetch).get('/session', { anonymous: true });
	} catch (e) {
		if (!isApiError(e) || ![401, 403, 404, 409].includes(e.status)) throw e;
		const { done } = await api(fetch).get('/setup', { anonymous: true });
		if (!done) redirect(307, '/staff/setup');
		redirect(307, here === '/staff' ? '/staff/signin' : `/staff/signin?next=${encodeURIComponent(here)}`);
	}
	if (started.locked) redirect(307, `/staff/locked?next=${encodeURIComponent(here)}`);
	session.set(started);
	if (started.needs && untrack(() => url.pathname) !== '/staff/account') redirect(307, '/staff/account');
};
