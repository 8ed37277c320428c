/** The open dialogs, the topmost last: toasts show in it, since all else is inert. */
class Modals {
	#open = $state<symbol[]>([]);

	get any() {
		return this.#open.length > 0;
	}

	top(me: symbol): boolean {
		return this.#open.at(-1) === me;
	}

	add(me: symbol): () => void {
		this.#open.push(me);
		return () => {
			const i = this.#open.indexOf(me);
			if (i >= 0) this.#open.splice(i, 1);
		};
	}
}

export const modals = new Modals();
