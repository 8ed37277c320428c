import { ApiError } from '$lib/api';
import { tryCode } from '$lib/orders/code';
import { cart } from './cart.svelte';

/** Holds the cart's code to what lies in the cart: what is shown is what the server will take off. */
class CodeWatch {
	/** Why the cart cannot have its code as it stands. */
	refused = $state('');
	/** Whether nobody knows yet. */
	busy = $state(false);
	#asked: AbortController | null = null;

	/** Takes a code; a refusal is thrown, and nothing changes. */
	async take(code: string) {
		cart.coded = await tryCode(code, order());
		cart.discount = null;
		cart.reason = '';
		this.refused = '';
	}

	drop() {
		this.#asked?.abort();
		cart.coded = null;
		this.refused = '';
		this.busy = false;
	}

	/** Asks again, for the cart as it is now. */
	async again(code: string) {
		this.#asked?.abort();
		const asked = (this.#asked = new AbortController());
		this.busy = true;
		try {
			const coded = await tryCode(code, order(), asked.signal);
			if (asked.signal.aborted) return;
			cart.coded = coded;
			this.refused = '';
		} catch (e) {
			// Without an answer it stays as it was: selling needs one anyway.
			if (!asked.signal.aborted) this.refused = e instanceof ApiError && !e.retryable ? e.message : '';
		} finally {
			if (this.#asked === asked) this.busy = false;
		}
	}
}

function order() {
	const { customer } = cart;
	return {
		lines: cart.lines.map(({ variantId, quantity, discount }) => ({ variantId, quantity, discount })),
		customerId: customer?.id,
		email: customer?.id ? undefined : customer?.email || undefined
	};
}

export const codeWatch = new CodeWatch();
