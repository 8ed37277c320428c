import { redirect } from '@sveltejs/kit';
import { api } from '$lib/api';

// Once the shop is there, this page is gone.
export const load = async ({ fetch }) => {
	const { done } = await api(fetch).get('/setup', { anonymous: true });
	if (done) redirect(307, '/staff');
};
