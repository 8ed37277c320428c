import { redirect } from '@sveltejs/kit';
import { api } from '$lib/api';

// A shop that is not there yet has nobody to sign in.
export const load = async ({ fetch }) => {
	const { done } = await api(fetch).get('/setup', { anonymous: true });
	if (!done) redirect(307, '/staff/setup');
};
