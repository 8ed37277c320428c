import { redirect } from '@sveltejs/kit';

// Where imports were before they had a place of their own; links and bookmarks still lead here.
export const load = ({ url }) => {
	const id = Number(url.searchParams.get('id'));
	redirect(307, id > 0 ? `/staff/imports/${id}` : '/staff/imports/new?kind=products');
};
