import { redirect } from '@sveltejs/kit';

// The storefront opens with a later issue; until then the door leads to the staff.
export const load = () => redirect(307, '/staff');
