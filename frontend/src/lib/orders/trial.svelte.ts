import { untrack } from 'svelte';
import { ApiError, type Schema } from '$lib/api';

type Order = Schema['Order'];

/**
 * What a change of an order comes to, as the server says: asked whenever what is changed changes, and the last answer counts. Made where
 * a component begins.
 */
export class Trial {
	/** The order as it would be; until the first answer, as it is. */
	order = $state.raw<Order>()!;
	/** Why it cannot be so. */
	refused = $state.raw<ApiError | null>(null);

	constructor(order: () => Order, ask: () => ((signal: AbortSignal) => Promise<Order>) | null) {
		this.order = untrack(order);
		$effect(() => {
			const now = order();
			const send = ask();
			if (!send) {
				this.order = now;
				this.refused = null;
				return;
			}
			const asked = new AbortController();
			send(asked.signal).then(
				(o) => {
					if (asked.signal.aborted) return;
					this.order = o;
					this.refused = null;
				},
				(e) => {
					// Without an answer it stays as it was: saving needs one anyway.
					if (!asked.signal.aborted) this.refused = e instanceof ApiError && !e.retryable ? e : null;
				}
			);
			return () => asked.abort();
		});
	}

	/** What is left of a line after its own discount: of the order's by its id, of the new ones by their place among them. */
	amount(id: number | undefined, place: number): number | undefined {
		const line = id === undefined ? this.order.lines.filter((l) => !l.id)[place] : this.order.lines.find((l) => l.id === id);
		return line && line.unitPrice * line.quantity - line.discount;
	}
}
