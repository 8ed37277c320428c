import { error } from '@sveltejs/kit';
import { m } from '$lib/i18n';

/** The id in a page's address; what is none leads nowhere, without a question to the server. */
export function idOf(text: string): number {
	const id = Number(text);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	return id;
}
