import { preloadCode } from '$app/navigation';
import { updated } from '$app/state';
import { net } from '$lib/api';
import { routes } from '$lib/nav';

const idle = 3000;

/**
 * Fetches the code of every page while the tablet has nothing better to do: what is there opens without the
 * network, and stays when the server becomes a newer one. Returns how to stop.
 */
export function keepParts(): () => void {
	let timer = setTimeout(fetchAll, idle);
	const stop = net.onback(() => {
		mend();
		clearTimeout(timer);
		timer = setTimeout(fetchAll, idle);
	});
	window.addEventListener('vite:preloadError', missing);
	return () => {
		clearTimeout(timer);
		stop();
		window.removeEventListener('vite:preloadError', missing);
	};
}

async function fetchAll() {
	const parts = [
		...routes.map((route) => () => preloadCode(route)),
		() => import('./SignInDialog.svelte'),
		() => import('./LockScreen.svelte'),
		() => import('./ApprovalDialog.svelte'),
		() => import('./MailBanner.svelte'),
		() => import('./RingBanner.svelte'),
		() => import('./Palette.svelte'),
		() => import('./ShortcutList.svelte')
	];
	for (const part of parts) {
		if (!net.online) return;
		await part().catch(() => undefined);
	}
}

// No connection, or a newer server without the old parts.
function missing() {
	void net.ask();
	void updated.check();
}

// Vite asks for a style once only: one that did not come would be missing for good.
function mend() {
	for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
		if (!link.sheet) link.replaceWith(link.cloneNode());
	}
}
