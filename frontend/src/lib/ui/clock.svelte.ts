import { createSubscriber } from 'svelte/reactivity';

const tick = 5_000;

// One timer for every age on the screen, and none where there is no age.
const subscribe = createSubscriber((update) => {
	const timer = setInterval(update, tick);
	return () => clearInterval(timer);
});

/** The present in milliseconds, which moves on every five seconds. */
export function now(): number {
	subscribe();
	return Date.now();
}
