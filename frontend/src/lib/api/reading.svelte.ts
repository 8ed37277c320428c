import { ApiError } from './error';
import { net, type Net } from './net.svelte';

const slowest = 15_000;

/**
 * What is on the screen is never given up for a reading that fails. While nobody goes anywhere, a `load` runs
 * only to read a page again: its request then waits for the server and tries again, and the page stays as it
 * is. As soon as somebody does go elsewhere, what still waits fails and the new page says so.
 */
export class Reading {
	/** Since when the screen waits for something newer, in milliseconds; null while it does not. */
	since = $state<number | null>(null);

	#held = 0;
	#shown: (() => boolean) | null = null;
	#waiting = new Set<(again: boolean) => void>();
	readonly #net: Net;

	constructor(over: Net) {
		this.#net = over;
	}

	/** `shown`: a whole page is on the screen and nobody is on the way to another. Returns how to stop. */
	keep(shown: () => boolean): () => void {
		this.#shown = shown;
		const stop = this.#net.onback(() => this.#settle(true));
		return () => {
			stop();
			this.#shown = null;
			this.#settle(false);
		};
	}

	/** Somebody goes elsewhere. */
	giveUp() {
		this.#settle(false);
	}

	/** Reads until it succeeds, as long as the page that asked is on the screen. */
	async patiently<T>(read: () => Promise<T>): Promise<T> {
		let holding = false;
		try {
			for (let tries = 0; ; tries++) {
				try {
					return await read();
				} catch (e) {
					if (!passing(e) || !this.#shown?.()) throw e;
					if (!holding) {
						holding = true;
						this.#held++;
						this.since ??= Date.now();
					}
					if (!(await this.#turn(tries))) throw e;
				}
			}
		} finally {
			if (holding && --this.#held === 0) this.since = null;
		}
	}

	#turn(tries: number): Promise<boolean> {
		return new Promise((resolve) => {
			const timer = setTimeout(() => done(true), Math.min(slowest, 1000 * 2 ** tries));
			const done = (again: boolean) => {
				clearTimeout(timer);
				this.#waiting.delete(done);
				resolve(again);
			};
			this.#waiting.add(done);
		});
	}

	#settle(again: boolean) {
		for (const done of [...this.#waiting]) done(again);
	}
}

/** The same request may well succeed in a while. */
function passing(e: unknown): boolean {
	return e instanceof ApiError && (e.status === 0 || e.status === 429 || e.status >= 500);
}

export const reading = new Reading(net);
