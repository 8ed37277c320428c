import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const refuse = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code });

/** A real mail server: what the shop sends arrives here. It knows nobody called "nobody", and lets in who knows the password. */
export class Office {
	readonly password = 'violet-anchor';
	readonly mails: ParsedMail[] = [];
	#waiting: (() => void)[] = [];
	readonly #server = new SMTPServer({
		authOptional: true,
		allowInsecureAuth: true,
		disableReverseLookup: true,
		disabledCommands: ['STARTTLS'],
		onAuth: ({ username, password }, _session, done) =>
			password === this.password ? done(null, { user: username }) : done(refuse(535, '5.7.8 Bad credentials, friend')),
		onRcptTo: ({ address }, _session, done) => done(address.startsWith('nobody') ? refuse(550, '5.1.1 No such user here') : null),
		onData: (stream, _session, taken) => {
			simpleParser(stream).then(
				(mail) => {
					this.mails.push(mail);
					taken();
					this.#waiting.splice(0).forEach((look) => look());
				},
				(e: Error) => taken(e)
			);
		}
	});

	/** To whom it was given mail. */
	get took(): string[] {
		return this.mails.flatMap((m) => [m.to].flat().map((a) => a?.text ?? ''));
	}

	get port(): number {
		return (this.#server.server.address() as AddressInfo).port;
	}

	async open() {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server.server, 'listening');
	}

	close(): Promise<void> {
		return new Promise((done) => this.#server.close(() => done()));
	}

	/** The first mail to somebody whose subject says something, once it has arrived. */
	async mail(to: string, subject: string): Promise<ParsedMail> {
		for (;;) {
			const mail = this.mails.find((m) => m.subject?.includes(subject) && [m.to].flat().some((a) => a?.text.includes(to)));
			if (mail) return mail;
			await new Promise<void>((look) => this.#waiting.push(look));
		}
	}
}

/** Where the one button of a mail leads. */
export function button(mail: ParsedMail): string {
	const links = [...String(mail.html).matchAll(/<a [^>]*href="([^"]+)"/g)].map((m) => m[1]!.replaceAll('&amp;', '&'));
	const first = links.find((href) => href.startsWith('http'));
	if (!first) throw new Error(`There is no button in ${mail.subject}`);
	return first;
}
