/** A random UUID; `crypto.randomUUID` is missing where a shop is served over plain HTTP. */
export function newKey(): string {
	if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
	const b = crypto.getRandomValues(new Uint8Array(16));
	b[6] = (b[6]! & 0x0f) | 0x40;
	b[8] = (b[8]! & 0x3f) | 0x80;
	const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The idempotency key of one intention: the same for every retry of the same words, a new one when
 * the words changed or the last one was answered.
 */
export class Attempt {
	#key = '';
	#words = '';

	key(body: unknown): string {
		const words = JSON.stringify(body) ?? '';
		if (!this.#key || words !== this.#words) {
			this.#key = newKey();
			this.#words = words;
		}
		return this.#key;
	}

	done() {
		this.#key = '';
	}
}
