import { api, signIn } from '$lib/api';
import { live } from '$lib/live/index.svelte';

/** Nobody touched the tablet for so long: it is locked. */
export const idleLimit = 5 * 60_000;

/** Hides the screen at once; the server hears of it as soon as it can. */
export async function lock() {
	if (signIn.locked) return;
	live.pause();
	void signIn.unlocked().then((again) => again && live.resume());
	for (let wait = 1000; signIn.locked; wait = Math.min(wait * 2, 30_000)) {
		try {
			return void (await api().post('/session/lock', { anonymous: true }));
		} catch (e) {
			if ((e as { status?: number }).status === 401) return;
			await new Promise((resolve) => setTimeout(resolve, wait));
		}
	}
}

/** Calls when nobody has touched the tablet for a while, asleep or awake. Returns how to stop. */
export function watchIdle(idle: () => void, limit = idleLimit): () => void {
	let touched = Date.now();
	const touch = () => (touched = Date.now());
	const look = () => {
		if (Date.now() - touched >= limit) idle();
	};
	const kinds = ['pointerdown', 'keydown', 'wheel', 'onhand:scan'];
	for (const kind of kinds) window.addEventListener(kind, touch, { capture: true, passive: true });
	document.addEventListener('visibilitychange', look);
	const timer = setInterval(look, 5000);
	return () => {
		for (const kind of kinds) window.removeEventListener(kind, touch, { capture: true });
		document.removeEventListener('visibilitychange', look);
		clearInterval(timer);
	};
}
