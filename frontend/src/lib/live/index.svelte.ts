import { invalidate } from '$app/navigation';
import { navigating, page, updated } from '$app/state';
import { base, net, reading, signIn } from '$lib/api';
import { Channel, type LiveEvent, type Socket } from './channel';
import { Marks } from './marks';
import { Reader } from './reader';

type Listener = (e: LiveEvent) => void;

class Live {
	/** Whether changes arrive as they happen. */
	connected = $state(false);
	/** Since when they do not, in milliseconds; null while they do. */
	staleSince = $state<number | null>(null);

	#marks = new Marks();
	#listeners = new Set<Listener>();
	#reader = new Reader(readAgain, () => this.connected);
	#started = false;
	#stop: (() => void)[] = [];

	#channel = new Channel({
		open: (after) => new WebSocket(address(after)) as Socket,
		onevent: (e) => this.#event(e),
		onreset: () => this.#reader.note('*'),
		onstatus: (connected) => this.#status(connected),
		onrefused: () => void signIn.again().then((again) => again && this.#channel.start()),
		onlocked: () => void signIn.unlocked().then((again) => again && this.#channel.start()),
		onchanged: () => void invalidate('app:session')
	});

	start() {
		if (this.#started) return;
		this.#started = true;
		this.staleSince = Date.now();
		this.#channel.start();
		document.addEventListener('visibilitychange', this.#wake);
		window.addEventListener('online', this.#wake);
		window.addEventListener('pageshow', this.#wake);
		this.#stop = [reading.keep(() => navigating.to === null && page.error === null), net.onback(() => this.#channel.wake())];
	}

	stop() {
		this.#started = false;
		this.#channel.stop();
		document.removeEventListener('visibilitychange', this.#wake);
		window.removeEventListener('online', this.#wake);
		window.removeEventListener('pageshow', this.#wake);
		for (const stop of this.#stop) stop();
		this.staleSince = null;
	}

	/** Hears nothing while nobody stands before the tablet. */
	pause() {
		this.#channel.stop();
	}

	resume() {
		if (this.#started) this.#channel.start();
	}

	/** How old the screen is, from when: it hears of no changes, or what it read again did not come. */
	get oldSince(): number | null {
		if (this.staleSince === null || reading.since === null) return this.staleSince ?? reading.since;
		return Math.min(this.staleSince, reading.since);
	}

	/** Tries at once instead of at the next turn. */
	retry() {
		this.#channel.wake();
		void net.ask();
	}

	/** Whether this entity changed a few seconds ago: `<Tr changed={live.changed('orders', o.id)}>`. */
	changed(topic: string, id: number): boolean {
		return this.#marks.has(topic, id);
	}

	/** Hears every event, for what is more than reading again (a sound, a pill). Returns how to stop. */
	on(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#event(e: LiveEvent) {
		this.#marks.add(e.topic, e.entityId);
		this.#reader.note(e.topic);
		for (const listener of this.#listeners) listener(e);
	}

	#status(connected: boolean) {
		if (connected) net.heard();
		if (connected === this.connected && (connected || this.staleSince !== null)) return;
		this.connected = connected;
		this.staleSince = connected ? null : Date.now();
		if (!connected) return void (this.#started && net.ask());
		this.#reader.go();
		// A server that comes back may be a newer one.
		void updated.check();
	}

	#wake = () => {
		if (document.visibilityState !== 'visible') return;
		this.#channel.wake();
		if (!net.online) void net.ask();
	};
}

// Only what says `depends('live:...')` is read again: the layout's session stays.
async function readAgain(topics: Set<string>) {
	// To read again would end a navigation that is on its way: it arrives first.
	let waited: Promise<void> | null = null;
	while (navigating.complete && navigating.complete !== waited) {
		waited = navigating.complete;
		await waited.catch(() => undefined);
	}
	await invalidate((url) => url.protocol === 'live:' && (topics.has('*') || topics.has(url.pathname)));
}

function address(after: number | null): string {
	const url = new URL(`${base}/live`, location.href);
	url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
	if (after !== null) url.searchParams.set('after', String(after));
	return url.href;
}

export const live = new Live();
export type { LiveEvent };
