/** Events of one moment are answered by one reading. */
export const together = 120;

/**
 * Reads again what events name: a moment after the first of them, however many follow, and never twice at once. What comes
 * during a reading is read after it, so a shop that never rests still shows what is new.
 */
export class Reader {
	#pending = new Set<string>();
	#busy = false;
	#read: (topics: Set<string>) => Promise<unknown>;
	#may: () => boolean;

	constructor(read: (topics: Set<string>) => Promise<unknown>, may: () => boolean) {
		this.#read = read;
		this.#may = may;
	}

	note(topic: string) {
		this.#pending.add(topic);
		this.go();
	}

	/** Goes on where reading was not possible; then nothing is lost but time. */
	go() {
		if (this.#busy || !this.#pending.size || !this.#may()) return;
		this.#busy = true;
		setTimeout(async () => {
			if (this.#may()) {
				const topics = new Set(this.#pending);
				this.#pending.clear();
				await this.#read(topics).catch(() => undefined); // a failed reading shows on its page
			}
			this.#busy = false;
			this.go();
		}, together);
	}
}
