import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A mail server for a story: it lets in who knows the password, knows nobody called "nobody", and keeps what it is given. */
export class Postman {
	readonly password = 'violet-anchor';
	/** To whom it was given mail. */
	readonly took: string[] = [];
	readonly #server: Server = createServer((socket) => this.#serve(socket));

	async open(): Promise<number> {
		await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
		return (this.#server.address() as AddressInfo).port;
	}

	close() {
		this.#server.close();
	}

	#serve(socket: Socket) {
		let [rest, to, letter] = ['', '', false];
		const say = (line: string) => socket.write(`${line}\r\n`);
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => {
			const lines = (rest + chunk).split('\r\n');
			rest = lines.pop()!;
			for (const line of lines) {
				if (letter) {
					if (line !== '.') continue;
					letter = false;
					this.took.push(to);
					say('250 2.0.0 OK taken');
				} else if (line.startsWith('EHLO')) say('250-postman\r\n250 AUTH PLAIN');
				else if (line.startsWith('AUTH')) say(this.#knows(line) ? '235 2.7.0 Come in' : '535 5.7.8 Bad credentials, friend');
				else if (line.startsWith('RCPT')) {
					to = /<(.*?)>/.exec(line)![1]!;
					say(to.startsWith('nobody') ? '550 5.1.1 No such user here' : '250 OK');
				} else if (line === 'DATA') {
					letter = true;
					say('354 Go on');
				} else if (line === 'QUIT') socket.end('221 Bye\r\n');
				else say('250 OK');
			}
		});
		say('220 postman');
	}

	#knows(line: string) {
		return Buffer.from(line.split(' ')[2] ?? '', 'base64').toString().split('\0')[2] === this.password;
	}
}
