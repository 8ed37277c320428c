import { error } from '@sveltejs/kit';
import { m } from '$lib/i18n';

// Where no page is, so that what is said of it stands in the app and not on a blank sheet.
export const load = () => error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
