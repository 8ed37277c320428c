/** How often a lost server is asked for, from the first time on. */
const pace = [2_000, 4_000, 8_000, 10_000];

/** Whether the shop's server can be reached, as far as this tablet knows. Once lost, it is asked for until it answers. */
export class Net {
	online = $state(true);
	/** When the server was last heard, in milliseconds. */
	heardAt = $state(Date.now());

	#back = new Set<() => void>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#tries = 0;

	heard() {
		this.heardAt = Date.now();
		if (this.online) return;
		this.online = true;
		clearTimeout(this.#timer);
		for (const back of [...this.#back]) back();
	}

	lost() {
		if (!this.online) return;
		this.online = false;
		this.#tries = 0;
		this.#again();
	}

	/** Asks whether it is there: told within a few seconds, by `online` too. */
	async ask(): Promise<boolean> {
		try {
			const reply = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(2500) });
			if (!reply.ok) throw new Error(reply.statusText);
			this.heard();
			return true;
		} catch {
			this.lost();
			return false;
		}
	}

	/** Calls each time the server is there again. Returns how to stop. */
	onback(back: () => void): () => void {
		this.#back.add(back);
		return () => this.#back.delete(back);
	}

	#again() {
		clearTimeout(this.#timer);
		const wait = pace[Math.min(this.#tries++, pace.length - 1)]!;
		this.#timer = setTimeout(async () => {
			if (!this.online && !(await this.ask())) this.#again();
		}, wait);
	}
}

export const net = new Net();

if (typeof window !== 'undefined') window.addEventListener('offline', () => net.lost());
