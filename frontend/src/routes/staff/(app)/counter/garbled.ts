/** The longest pause between the keys of a scan that came too slowly to be one. */
const pace = 100;
const least = 4;

/**
 * Calls back instead of letting Enter press what has the focus, when it ends a burst of letters that no text
 * field took: a scan that was not understood. To be called after `onscan`, which keeps the others to itself.
 */
export function ongarbled(heard: () => void): () => void {
	let keys = 0;
	let last = -Infinity;

	function onkey(e: KeyboardEvent) {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
		if (e.key !== 'Enter' && [...e.key].length !== 1) return;
		const soon = e.timeStamp - last <= pace;
		const burst = soon ? keys : 0;
		last = e.timeStamp;
		keys = e.key === 'Enter' || typing(e.target) ? 0 : burst + 1;
		if (e.key !== 'Enter' || burst < least || typing(e.target)) return;
		e.preventDefault();
		e.stopImmediatePropagation();
		heard();
	}

	window.addEventListener('keydown', onkey, true);
	return () => window.removeEventListener('keydown', onkey, true);
}

function typing(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]');
}
