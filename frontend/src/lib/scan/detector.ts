export type Suffix = 'enter' | 'tab' | 'none';

export interface ScanOptions {
	/** The longest pause between two keys of a scan, in milliseconds. */
	gap: number;
	minLength: number;
	suffix: Suffix;
}

export const defaults: ScanOptions = { gap: 35, minLength: 4, suffix: 'enter' };

/**
 * Tells a wedge scanner from a person by the pace of the keys. It knows no browser: keys and times in,
 * codes out. With the suffix `none` a scan ends when no key follows within the gap (`idle`).
 */
export class Detector {
	#keys = '';
	#last = -Infinity;

	constructor(readonly options: ScanOptions = defaults) {}

	/** How many keys the present burst has; 1 means a burst may have just begun. */
	get length() {
		return this.#keys.length;
	}

	/** A printable key. */
	key(char: string, at: number) {
		this.#keys = this.#fast(at) ? this.#keys + char : char;
		this.#last = at;
	}

	/** Enter or Tab: the code, if what came before was a scan. */
	end(suffix: 'enter' | 'tab', at: number): string | null {
		const code = this.options.suffix === suffix && this.#fast(at) ? this.#code() : null;
		this.reset();
		return code;
	}

	/** Nothing came for a while: with the suffix `none` that is how a scan ends. */
	idle(): string | null {
		const code = this.options.suffix === 'none' ? this.#code() : null;
		this.reset();
		return code;
	}

	reset() {
		this.#keys = '';
		this.#last = -Infinity;
	}

	#fast(at: number) {
		return at - this.#last <= this.options.gap;
	}

	#code() {
		return this.#keys.length >= this.options.minLength ? this.#keys : null;
	}
}
