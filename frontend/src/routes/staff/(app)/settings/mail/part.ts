import { m } from '$lib/i18n';
import { accountOf, changeOf, wrongIn, type Account } from '$lib/mail/draft';
import type { Part } from '../editor.svelte';

export interface MailDraft extends Account {
	ownerRecipients: string[];
	publicUrl: string;
}

export const accountFields = ['host', 'port', 'security', 'username', 'password', 'from'] as const;

export const mailPart: Part<MailDraft> = {
	read: (s) => ({ ...accountOf(s.mail), ownerRecipients: s.mail.ownerRecipients, publicUrl: s.publicUrl }),
	change: (draft, changed) => {
		const mail = changeOf(draft, accountFields.filter((f) => changed.includes(f)));
		if (changed.includes('ownerRecipients')) mail.ownerRecipients = draft.ownerRecipients;
		return {
			...(Object.keys(mail).length ? { mail } : {}),
			...(changed.includes('publicUrl') ? { publicUrl: draft.publicUrl.trim() } : {})
		};
	},
	wrong: wrongIn
};

export const mailNames: Record<keyof MailDraft, () => string> = {
	host: m.mail_host, port: m.mail_port, security: m.mail_security, username: m.mail_username, password: m.mail_password, from: m.mail_from,
	ownerRecipients: m.mail_owner, publicUrl: m.mail_url
};

const securities = { starttls: m.mail_security_starttls, tls: m.mail_security_tls, none: m.mail_security_none };

export function mailValue(field: keyof MailDraft, value: unknown): string {
	if (field === 'security') return securities[value as keyof typeof securities]();
	if (field === 'ownerRecipients') return (value as string[]).join(', ') || m.mail_empty();
	return String(value || m.mail_empty());
}
