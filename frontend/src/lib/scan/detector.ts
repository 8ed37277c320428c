export type Suffix = 'enter' | 'tab' | 'none';

export interface ScanOptions {
	/** The longest pause between two keys of a scan, in milliseconds. */
	gap: number;
	minLength: number;
	suffix: Suffix;
}

export const defaults: ScanOptions = { gap: 35, minLength: 4, suffix: 'enter' };

/** A busy tablet hands on some keys of a scan late, by at most this much. */
const hiccup = 150;
/** So many keys at a scanner's pace are no person's, even if a few of them came late. */
const surely = 8;

/**
 * Tells a wedge scanner from a person by the pace of the keys. It knows no browser: keys and times in,
 * codes out. With the suffix `none` a scan ends when no key follows for a while (`idle`).
 * Half a code is never given out: where late keys leave a doubt, the scan is not heard at all.
 */
export class Detector {
	#keys = '';
	#gaps: number[] = [];
	#last = -Infinity;
	#run = 0;

	constructor(readonly options: ScanOptions = defaults) {}

	/** How many keys the present burst has; 1 means a burst may have just begun. */
	get length() {
		return this.#keys.length;
	}

	/** How many keys came at a scanner's pace up to now. */
	get run() {
		return this.#run;
	}

	/** After so long without a key, in milliseconds, a burst is over. */
	get patience() {
		return Math.max(this.options.gap, Math.min(hiccup, 4 * this.options.gap));
	}

	/** A printable key. */
	key(char: string, at: number) {
		const gap = at - this.#last;
		if (gap > this.patience) this.reset();
		else this.#gaps.push(gap);
		this.#run = gap <= this.options.gap ? this.#run + 1 : 1;
		this.#keys += char;
		this.#last = at;
	}

	/** Enter or Tab: the code, if what came before was a scan. */
	end(suffix: 'enter' | 'tab', at: number): string | null {
		const soon = at - this.#last <= Math.min(this.patience, 2 * this.options.gap);
		const code = this.options.suffix === suffix && soon ? this.#code() : null;
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
		this.#gaps = [];
		this.#run = 0;
		this.#last = -Infinity;
	}

	#code() {
		const keys = this.#keys;
		if (keys.length < this.options.minLength) return null;
		const inPace = this.#gaps.filter((g) => g <= this.options.gap).length;
		const late = this.#gaps.length - inPace;
		return late === 0 || (keys.length >= surely && inPace > late) ? keys : null;
	}
}
