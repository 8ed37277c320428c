import { untrack } from 'svelte';
import { api, type Schema } from '$lib/api';
import { live } from '$lib/live/index.svelte';
import { chime } from '$lib/scan/sound';
import { can } from '$lib/session/index.svelte';
import { waiting } from '$lib/shop/waiting.svelte';

type Order = Schema['Order'];

const storage = 'onhand.ring.muted';
/** Events of one moment are answered by one reading. */
const together = 150;
/** From one sound to the next. */
export const every = 5000;

/** The new web orders that nobody has seen: they ring on every device until somebody has. */
class Ring {
	orders = $state.raw<Order[]>([]);
	/** Whether there are more than these. */
	more = $state(false);
	/** This device makes no sound. */
	muted = $state(localStorage.getItem(storage) === 'true');
	/** The browser lets no sound out before somebody taps. */
	blocked = $state(false);
	#reading = false;
	#again = false;

	mute(muted: boolean) {
		this.muted = muted;
		localStorage.setItem(storage, String(muted));
	}

	/** One sound. */
	async sound() {
		this.blocked = !(await chime());
	}

	/** Reads what rings; without an answer it stays as it was. */
	async read() {
		if (!untrack(() => can('orders.fulfil'))) return this.#show([], false);
		if (this.#reading) return void (this.#again = true);
		this.#reading = true;
		try {
			do {
				this.#again = false;
				const page = await api().get('/orders', { query: { unacknowledged: true, limit: 50 }, anonymous: true });
				this.#show(page.items, page.next !== '');
			} while (this.#again);
		} catch {
			return;
		} finally {
			this.#reading = false;
		}
	}

	/** Somebody has seen them all: silence at once, and on the other devices as soon as they hear of it. */
	async seen() {
		const orders = this.orders;
		this.#show([], false);
		const ids = orders.map((o) => o.id);
		const [only] = ids;
		try {
			if (ids.length === 1 && only) await api().post('/orders/{id}/acknowledge', { path: { id: only } });
			else await api().post('/orders/bulk', { body: { action: 'acknowledge', orderIds: ids } });
		} finally {
			await this.read();
		}
	}

	/** Follows what events tell. Returns how to stop. */
	follow(): () => void {
		let later: ReturnType<typeof setTimeout> | undefined;
		const stop = live.on((e) => {
			if (e.topic !== 'orders') return;
			later ??= setTimeout(() => {
				later = undefined;
				void this.read();
			}, together);
		});
		return () => {
			stop();
			clearTimeout(later);
			this.#show([], false);
		};
	}

	#show(orders: Order[], more: boolean) {
		this.orders = orders;
		this.more = more;
		waiting.count = orders.length;
	}
}

export const ring = new Ring();
