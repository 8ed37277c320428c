import { api, type ApiError, type Schema } from '$lib/api';
import { quantity } from '$lib/format';
import { m } from '$lib/i18n';
import { reasons, type GivenReason } from './words';

export type Mode = 'delta' | 'counted';

/** One adjustment while it is typed: by how much or what was counted, and what it leads to. */
export class Adjusting {
	mode = $state<Mode>('delta');
	change = $state(0);
	counted = $state(0);
	reason = $state<GivenReason | ''>('');
	note = $state('');
	unitCost = $state<number | null>(null);
	/** The level as the server last told it; null until it did. */
	why = $state.raw<Schema['Explanation'] | null>(null);
	#version = $state<number | undefined>();

	readonly delta = $derived.by(() => (this.mode === 'delta' ? this.change : this.counted - (this.why?.onHand ?? 0)));
	readonly total = $derived.by(() => (this.why?.onHand ?? 0) + this.delta);

	async read(variantId: number, locationId: number, signal?: AbortSignal) {
		const [why, levels] = await Promise.all([
			api().get('/stock/explain', { query: { variantId, locationId }, signal }),
			api().get('/stock', { query: { variantId, locationId }, signal })
		]);
		if (signal?.aborted) return;
		// A count holds for the level it was made at: its version stays until the server says that it is stale.
		if (!this.why || this.mode === 'delta' || this.why.variantId !== variantId || this.why.locationId !== locationId) {
			this.why = why;
			this.#version = levels.items[0]?.version;
		}
	}

	/** Stale: takes what the server says now, and leaves what was typed. Answers the figure before. */
	adopt(failure: ApiError): number {
		const before = this.why?.onHand ?? 0;
		const [now] = (failure.params.current ?? []) as Schema['Level'][];
		if (now && this.why) {
			this.why = { ...this.why, onHand: now.onHand, committed: now.committed, available: now.available, unavailable: now.unavailable };
			this.#version = now.version;
		}
		return before;
	}

	/** A number typed: damage takes away, a delivery adds, whatever the sign of the keys. */
	type(value: number) {
		const turned = value !== 0 && value === -this.change;
		if (turned && this.sign !== 0) this.reason = ''; // ± asks for the other direction, which this reason has not
		this.change = this.sign === 0 ? value : this.sign * Math.abs(value);
	}

	/** Something else is adjusted: nothing of the count for the last one holds for it. */
	restart() {
		this.change = 0;
		this.counted = 0;
	}

	/** So many were scanned: they are part of the change, or of what is counted. */
	count(n: number) {
		if (this.mode === 'counted') this.counted += n;
		else this.change += this.sign < 0 ? -n : n;
	}

	because(reason: GivenReason) {
		this.reason = reason;
		if (this.mode === 'delta' && this.sign !== 0) this.change = this.sign * Math.abs(this.change);
	}

	switch(mode: Mode) {
		this.mode = mode;
		if (mode === 'counted' && !this.reason) this.reason = 'correction';
	}

	body(variantId: number, locationId: number, allowShort: boolean): Schema['Adjustment'] {
		const amount = this.mode === 'delta' ? { delta: this.change } : { counted: this.counted, version: this.#version };
		return {
			locationId,
			reason: this.reason as GivenReason,
			note: this.note.trim() || undefined,
			lines: [
				{
					variantId,
					...amount,
					unitCost: this.reason === 'received' && this.unitCost !== null ? this.unitCost : undefined,
					allowShort: allowShort || undefined
				}
			]
		};
	}

	/** The orders that would wait, newest first, if the missing units left anyway. */
	waiting(missing: number): { id: number; number: string; count: number }[] {
		const orders: { id: number; number: string; count: number }[] = [];
		for (const r of (this.why?.reservations ?? []).toReversed()) {
			const count = Math.min(missing, r.covered);
			if (count > 0) orders.push({ id: r.orderId, number: r.orderNumber, count });
			missing -= count;
		}
		return orders;
	}

	private get sign() {
		return reasons.find((r) => r.value === this.reason)?.sign ?? 0;
	}
}

/** A refusal in the person's words. */
export function refusal(e: ApiError): string {
	switch (e.code) {
		case 'below_zero':
			return m.stock_refused_below_zero({ count: quantity(Number(e.params.onHand ?? 0)) });
		case 'would_short':
			return m.stock_refused_set_aside({ count: quantity(Math.max(0, Number(e.params.available ?? 0))) });
		case 'not_tracked':
			return m.stock_refused_not_tracked();
		case 'wrong_sign':
			return m.stock_refused_wrong_sign();
		case 'too_large':
			return m.stock_refused_too_large();
		default:
			return e.message;
	}
}
