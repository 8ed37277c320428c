import { getLocale, m } from '$lib/i18n';
import type { Schema } from '$lib/api';

export type Security = Schema['MailSettings']['security'];

/** Where a mail account mostly is, and how its server is reached. */
export interface Provider {
	id: string;
	name: () => string;
	/** Whether a server is theirs. */
	theirs: RegExp;
	host: string;
	port: number;
	security: Security;
	/** What one has to know before it works. */
	tip?: () => string;
}

export const providers: Provider[] = [
	{ id: 'google', name: () => 'Google', theirs: /^smtp(-relay)?\.(gmail|googlemail)\.com$/, host: 'smtp.gmail.com', port: 587, security: 'starttls', tip: m.mail_tip_google },
	{ id: 'microsoft', name: () => 'Microsoft 365', theirs: /^smtp\.office365\.com$/, host: 'smtp.office365.com', port: 587, security: 'starttls', tip: m.mail_tip_microsoft },
	{ id: 'fastmail', name: () => 'Fastmail', theirs: /^smtp\.fastmail\.com$/, host: 'smtp.fastmail.com', port: 465, security: 'tls', tip: m.mail_tip_fastmail },
	{ id: 'mailbox', name: () => 'mailbox.org', theirs: /^smtp\.mailbox\.org$/, host: 'smtp.mailbox.org', port: 465, security: 'tls', tip: m.mail_tip_mailbox },
	{
		id: 'ionos',
		name: () => 'IONOS',
		theirs: /^smtp\.ionos\.[a-z.]+$/,
		host: getLocale() === 'de' ? 'smtp.ionos.de' : 'smtp.ionos.com',
		port: 465,
		security: 'tls',
		tip: m.mail_tip_ionos
	},
	{ id: 'own', name: m.mail_provider_own, theirs: /^.+$/, host: '', port: 587, security: 'starttls' }
];

/** Whose server this is; undefined while there is none. */
export const providerOf = (host: string) => providers.find((p) => p.theirs.test(host.trim().toLowerCase()));

const usual: Record<Security, string> = { starttls: '587', tls: '465', none: '25' };

/** The port that goes with a security, unless one was chosen that is nobody's usual one. */
export function portFor(security: Security, port: string): string {
	return !port || Object.values(usual).includes(port) ? usual[security] : port;
}
