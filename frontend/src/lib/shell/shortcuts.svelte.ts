import { untrack } from 'svelte';
import { modals } from '$lib/ui/modal.svelte';

export interface Shortcut {
	/** A key ("n", "/", "?") or two one after the other ("g o"). */
	keys: string;
	label: string;
	run: () => void;
}

/** A wedge scanner's next key comes within this time; a shortcut waits it out. */
const scanPace = 55;
const secondKey = 1200;

class Shortcuts {
	list = $state.raw<Shortcut[]>([]);
	#first = '';
	#firstAt = 0;
	#lastAt = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Adds keys for as long as a page is there; returns how to remove them. */
	add(shortcuts: Shortcut[]): () => void {
		// Called from effects, which must not depend on what they change.
		untrack(() => (this.list = [...this.list, ...shortcuts]));
		return () => {
			untrack(() => (this.list = this.list.filter((s) => !shortcuts.includes(s))));
		};
	}

	/** Listens to the window until the returned function is called. */
	listen(): () => void {
		window.addEventListener('keydown', this.#onkey);
		return () => window.removeEventListener('keydown', this.#onkey);
	}

	#onkey = (e: KeyboardEvent) => {
		// Shift comes before "?" and is no key of its own.
		if (e.key.length !== 1 && e.key !== 'Enter') return;
		const burst = e.timeStamp - this.#lastAt < scanPace;
		this.#lastAt = e.timeStamp;
		clearTimeout(this.#timer);
		if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
		if (burst || e.key.length !== 1 || e.key === ' ' || modals.any || typing(e.target)) {
			this.#first = '';
			return;
		}
		const pair = this.#first && e.timeStamp - this.#firstAt < secondKey ? `${this.#first} ${e.key}` : '';
		const found = this.#find(pair) ?? this.#find(e.key);
		this.#first = found ? '' : e.key;
		this.#firstAt = e.timeStamp;
		if (!found) return;
		// "/" would be typed into the field it focuses.
		e.preventDefault();
		this.#timer = setTimeout(found.run, scanPace);
	};

	#find(keys: string) {
		return keys ? this.list.findLast((s) => s.keys === keys) : undefined;
	}
}

function typing(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [role="menu"]') !== null);
}

export const shortcuts = new Shortcuts();
