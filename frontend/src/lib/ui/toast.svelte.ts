type Run = () => unknown;

export interface Toast {
	id: number;
	text: string;
	tone: 'done' | 'info' | 'error';
	action?: { label: string; run: Run };
	undo?: Run;
}

const stays = { plain: 5000, withAction: 10_000 };

class Toasts {
	list = $state.raw<Toast[]>([]);
	#next = 1;
	#timers = new Map<number, ReturnType<typeof setTimeout>>();

	add(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
		const t: Toast = { id: this.#next++, text, tone: options.tone ?? 'done', ...options };
		// Three at most: the oldest without an action gives way first.
		const old = this.list.length >= 3 ? (this.list.find((x) => !x.undo && !x.action) ?? this.list[0]) : undefined;
		if (old) this.dismiss(old.id);
		this.list = [...this.list, t];
		this.#wait(t);
		return t.id;
	}

	dismiss(id: number) {
		clearTimeout(this.#timers.get(id));
		this.#timers.delete(id);
		this.list = this.list.filter((t) => t.id !== id);
	}

	/** While a finger, a pointer or the focus is on them, they stay. */
	hold() {
		for (const timer of this.#timers.values()) clearTimeout(timer);
	}

	release() {
		for (const t of this.list) this.#wait(t);
	}

	#wait(t: Toast) {
		clearTimeout(this.#timers.get(t.id));
		const ms = t.undo || t.action || t.tone === 'error' ? stays.withAction : stays.plain;
		this.#timers.set(t.id, setTimeout(() => this.dismiss(t.id), ms));
	}
}

export const toasts = new Toasts();

/** A short word about what happened; with `undo` it stays ten seconds. */
export function toast(text: string, options?: Partial<Omit<Toast, 'id' | 'text'>>): number {
	return toasts.add(text, options);
}
