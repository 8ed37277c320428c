import type { ClientInit, HandleClientError } from '@sveltejs/kit';
import { applyLocale, m } from '$lib/i18n';

export const init: ClientInit = () => applyLocale();

// Not by class: a page that fails for another reason should not load the API client for it.
export const handleError: HandleClientError = ({ error, status }) => {
	const e = error as { name?: string; code?: string; status?: number; message?: string } | undefined;
	if (e?.name === 'ApiError') return { message: e.message ?? '', code: e.code, status: e.status };
	if (status === 404) return { message: m.error_not_found(), code: 'not_found', status };
	console.error(error);
	return { message: m.error_unexpected(), code: 'unexpected', status };
};
