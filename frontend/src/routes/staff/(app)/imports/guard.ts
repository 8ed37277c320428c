import { error } from '@sveltejs/kit';
import { m } from '$lib/i18n';
import { can, session } from '$lib/session/index.svelte';

/** Imports are for whom the server would let in; who is here by PIN only is told that a password opens them. */
export function guard() {
	if (can('imports.run')) return;
	const code = session.byPin ? 'password_needed' : 'forbidden';
	error(403, { message: session.byPin ? m.error_password_needed() : m.error_forbidden(), code, status: 403 });
}
