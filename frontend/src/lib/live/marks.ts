import { SvelteMap } from 'svelte/reactivity';

/** How long a changed row stays marked. */
export const markedFor = 6000;

/** Which entities changed a moment ago, by topic; a table marks their rows. */
export class Marks {
	#at = new SvelteMap<string, number>();

	add(topic: string, id: number) {
		const key = `${topic}/${id}`;
		const at = Date.now();
		this.#at.set(key, at);
		setTimeout(() => {
			if (this.#at.get(key) === at) this.#at.delete(key);
		}, markedFor);
	}

	has(topic: string, id: number): boolean {
		return this.#at.has(`${topic}/${id}`);
	}
}
