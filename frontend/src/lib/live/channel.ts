export type LiveMessage =
	| { type: 'hello'; last: number }
	| { type: 'event'; id: number; topic: string; entityId: number; version: number }
	| { type: 'reset'; last: number }
	| { type: 'ping' };

export type LiveEvent = Extract<LiveMessage, { type: 'event' }>;

export interface Socket {
	onopen: (() => void) | null;
	onmessage: ((e: { data: unknown }) => void) | null;
	onclose: ((e: { code: number }) => void) | null;
	close(): void;
}

export interface ChannelOptions {
	/** Opens a socket that sends what came after this event; null at the first start. */
	open: (after: number | null) => Socket;
	/** Once after each connection that follows a gap with an unknown end: read everything again. */
	onreset: () => void;
	onevent: (e: LiveEvent) => void;
	onstatus: (connected: boolean) => void;
	/** The server ended the session. */
	onrefused?: () => void;
	/** The tablet was locked: nothing is heard until a PIN. */
	onlocked?: () => void;
	/** Somebody changed what this session may see. */
	onchanged?: () => void;
	now?: () => number;
	random?: () => number;
}

/** Without any message for this long the socket is dead, whatever the browser thinks. */
export const silence = 25_000;
const slowest = 15_000;
const refused = 4401;
const locked = 4423;
const changed = 4409;

/** One websocket that stays: it remembers the last event, comes back by itself and catches up. */
export class Channel {
	#last: number | null = null;
	#socket: Socket | null = null;
	#tries = 0;
	#watchdog: ReturnType<typeof setTimeout> | undefined;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#running = false;
	#heardAt = 0;
	readonly #o: ChannelOptions;

	constructor(options: ChannelOptions) {
		this.#o = options;
	}

	get last() {
		return this.#last;
	}

	start() {
		if (this.#running) return;
		this.#running = true;
		this.#connect();
	}

	stop() {
		this.#running = false;
		this.#drop();
		this.#o.onstatus(false);
	}

	/** The tablet woke up or the network came back: do not wait for the next try. */
	wake() {
		if (!this.#running) return;
		if (this.#socket && this.#now() - this.#heardAt < silence / 2) return;
		this.#tries = 0;
		this.#drop();
		this.#connect();
	}

	#connect() {
		const socket = this.#o.open(this.#last);
		this.#socket = socket;
		this.#watch();
		socket.onmessage = (e) => {
			if (socket !== this.#socket) return;
			this.#watch();
			this.#receive(parse(e.data));
		};
		socket.onclose = (e) => {
			if (socket !== this.#socket) return;
			this.#lost();
			if (e.code === refused) {
				this.#running = false;
				this.#o.onrefused?.();
			}
			if (e.code === locked) {
				this.#running = false;
				this.#o.onlocked?.();
			}
			if (e.code === changed) {
				this.#last = null; // what came before may have been for other eyes: everything is read again
				this.#o.onchanged?.();
			}
		};
	}

	#receive(message: LiveMessage | null) {
		switch (message?.type) {
			case 'hello': {
				// At the first start the page was read before anybody listened; later `after` covers the gap.
				const first = this.#last === null;
				this.#last ??= message.last;
				this.#tries = 0;
				this.#o.onstatus(true);
				if (first) this.#o.onreset();
				break;
			}
			case 'event':
				if (this.#last !== null && message.id <= this.#last) return;
				this.#last = message.id;
				this.#o.onevent(message);
				break;
			case 'reset':
				this.#last = message.last;
				this.#o.onreset();
				break;
		}
	}

	#watch() {
		this.#heardAt = this.#now();
		clearTimeout(this.#watchdog);
		this.#watchdog = setTimeout(() => this.#lost(), silence);
	}

	#lost() {
		this.#drop();
		this.#o.onstatus(false);
		if (!this.#running) return;
		const random = this.#o.random ?? Math.random;
		const wait = Math.min(slowest, 500 * 2 ** this.#tries++) * (0.5 + random() / 2);
		this.#retry = setTimeout(() => this.#running && this.#connect(), wait);
	}

	#drop() {
		clearTimeout(this.#watchdog);
		clearTimeout(this.#retry);
		const socket = this.#socket;
		this.#socket = null;
		socket?.close();
	}

	#now() {
		return this.#o.now?.() ?? Date.now();
	}
}

function parse(data: unknown): LiveMessage | null {
	try {
		return JSON.parse(String(data)) as LiveMessage;
	} catch {
		return null;
	}
}
