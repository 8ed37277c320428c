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

const handsKey = 'onhand.hands';

/** Who took this tablet over with a PIN, the latest first. */
class Hands {
	ids = $state.raw<number[]>(read());

	get shared(): boolean {
		return this.ids.length > 0;
	}

	add(id: number) {
		this.ids = [id, ...this.ids.filter((other) => other !== id)].slice(0, 30);
		localStorage.setItem(handsKey, JSON.stringify(this.ids));
	}
}

function read(): number[] {
	try {
		const ids: unknown = JSON.parse(localStorage.getItem(handsKey) ?? '[]');
		return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
	} catch {
		return [];
	}
}

export const hands = new Hands();

/** When this tablet was last touched, whichever of its pages it was. */
const touchedKey = 'onhand.touched';

/** Calls when nobody has touched the tablet for a while, asleep or awake. Returns how to stop. */
export function watchIdle(idle: () => void, limit = idleLimit): () => void {
	let touched = Date.now();
	let told = 0;
	const touch = () => {
		touched = Date.now();
		if (touched - told < 5000) return;
		told = touched;
		localStorage.setItem(touchedKey, String(touched));
	};
	touch();
	const look = () => {
		const elsewhere = Number(localStorage.getItem(touchedKey)) || 0;
		if (Date.now() - Math.max(touched, Math.min(elsewhere, Date.now())) >= limit) idle();
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
