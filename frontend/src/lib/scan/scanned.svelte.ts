import { errorText } from '$lib/api';
import { toast } from '$lib/ui/toast.svelte';
import { refuse } from './sound';
import { byBarcode, type Item } from './variants';

/** What goods are scanned into: a draft, or a box that is unpacked. */
export abstract class Scanned {
	/** The line that was counted last; it is shown. */
	last = $state(0);
	/** What was counted last, in words. */
	said = $state('');
	/** A scanned code that nothing has. */
	unknown = $state('');
	#queue = Promise.resolve();

	/** Scans wait for each other, so that each is counted. */
	scan(code: string) {
		this.#queue = this.#queue.then(() => this.#met(code));
	}

	/** Counts what was scanned. */
	protected abstract take(item: Item): void | Promise<void>;

	/** Says why it is not counted, or not as it should be. */
	protected object(why: string) {
		refuse();
		this.said = why;
		toast(why, { tone: 'error' });
	}

	async #met(code: string) {
		this.unknown = '';
		try {
			const item = await byBarcode(code);
			if (item) return await this.take(item);
			refuse();
			this.unknown = code;
		} catch (e) {
			this.object(errorText(e));
		}
	}
}
