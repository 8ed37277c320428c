import { api } from '$lib/api';

/** The supplier that somebody came from, or the shop's suppliers to choose from. */
export const load = async ({ fetch, url, parent }) => {
	await parent();
	const id = Number(url.searchParams.get('supplierId')) || 0;
	const supplier = id ? await api(fetch).get('/suppliers/{id}', { path: { id } }) : null;
	return { supplier };
};
