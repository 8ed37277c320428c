import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real mail server: what the shop sends arrives here. */
export class Office {
	readonly mails: ParsedMail[] = [];
	#waiting: (() => void)[] = [];
	readonly #server = new SMTPServer({
		authOptional: true,
		disableReverseLookup: true,
		disabledCommands: ['AUTH', 'STARTTLS'],
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
