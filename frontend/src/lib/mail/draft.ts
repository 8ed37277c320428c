import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';

type MailSettings = Schema['MailSettings'];

/** A mail account while it is typed. */
export interface Account {
	host: string;
	port: string;
	security: MailSettings['security'];
	username: string;
	/** Null keeps the saved one, '' removes it. */
	password: string | null;
	from: string;
}

export function accountOf(s: MailSettings): Account {
	return { host: s.host, port: String(s.port), security: s.security, username: s.username, password: null, from: s.from };
}

/** What a form can tell without the server, by the server's names. */
export function wrongIn(a: Account): Record<string, string> {
	const wrong: Record<string, string> = {};
	if (a.host.trim() && !a.from.trim()) wrong['mail.from'] = m.wrong_required();
	if (!/^\d+$/.test(a.port.trim()) || Number(a.port) < 1 || Number(a.port) > 65535) wrong['mail.port'] = m.wrong_range({ min: '1', max: '65535' });
	return wrong;
}

/** These fields of an account, as the server takes them. */
export function changeOf(a: Account, fields: readonly (keyof Account)[]): Schema['MailChange'] {
	const change: Schema['MailChange'] = {};
	for (const f of fields) {
		if (f === 'port') change.port = Number(a.port);
		else if (f === 'security') change.security = a.security;
		else if (f === 'password') Object.assign(change, a.password === null ? {} : { password: a.password });
		else change[f] = a[f].trim();
	}
	return change;
}
