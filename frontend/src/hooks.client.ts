import type { ClientInit, HandleClientError } from '@sveltejs/kit';
import { applyLocale, m } from '$lib/i18n';

export const init: ClientInit = () => applyLocale();

/** How Vite, Chromium, Firefox and Safari say that a script or style of the app did not come. */
const missingPart = /preload CSS|dynamically imported module|Importing a module script failed/i;

// Not by class: a page that fails for another reason should not load the API client for it.
export const handleError: HandleClientError = ({ error, status }) => {
	const e = error as { name?: string; code?: string; status?: number; message?: string } | undefined;
	// A page only reads: what it may not even ask for is an address that leads nowhere.
	if (status === 404 || (e?.name === 'ApiError' && e.status === 422)) return { message: m.error_not_found(), code: 'not_found', status: 404 };
	if (e?.name === 'ApiError') return { message: e.message ?? '', code: e.code, status: e.status };
	if (missingPart.test(e?.message ?? '')) return { message: m.error_network(), code: 'part' };
	console.error(error);
	return { message: m.error_unexpected(), code: 'unexpected', status };
};
