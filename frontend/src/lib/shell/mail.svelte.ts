import { api, type Schema } from '$lib/api';
import { live } from '$lib/live/index.svelte';

/** The server speaks of an outage once it is that old. */
const spokenOf = 15 * 60_000;

/** Whether mail leaves, for every page. */
class Mail {
	health = $state.raw<Schema['MailHealth'] | null>(null);
	/** The outage that somebody has put out of sight, by its beginning. */
	#hidden = $state<string | null>(null);

	get broken(): boolean {
		return Boolean(this.health?.since) && this.health?.since !== this.#hidden;
	}

	hide() {
		this.#hidden = this.health?.since ?? null;
	}

	/** Reads how mail is; without an answer it stays as it was. */
	async read(loadFetch?: typeof fetch) {
		this.health = await api(loadFetch).get('/mail-health', { anonymous: true }).catch(() => this.health);
	}

	/** Follows what events tell. Returns how to stop. */
	follow(): () => void {
		let later: ReturnType<typeof setTimeout> | undefined;
		const stop = live.on((e) => {
			if (e.topic !== 'mail') return;
			void this.read();
			later ??= setTimeout(() => {
				later = undefined;
				void this.read();
			}, spokenOf + 5000);
		});
		return () => {
			stop();
			clearTimeout(later);
		};
	}
}

export const mail = new Mail();
