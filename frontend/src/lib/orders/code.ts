import { api, type Schema } from '$lib/api';
import type { Discount } from './totals';

/** A discount code on an order that is not saved yet, as the server said that it would go. */
export interface Coded {
	code: string;
	discount: Discount;
	/** The variants that it takes something off. */
	of: number[];
}

type Trial = Omit<Schema['CodeTrial'], 'code'>;

/** Asks what a code would take off an order; a refusal is thrown. */
export async function tryCode(code: string, order: Trial, signal?: AbortSignal): Promise<Coded> {
	const offer = await api().post('/discount-codes/try', { body: { ...order, code }, signal });
	return {
		code: offer.code,
		discount: offer.percent !== undefined ? { percent: offer.percent } : { amount: offer.amount ?? 0 },
		of: order.lines.filter((_, i) => offer.lines[i]).map((l) => l.variantId)
	};
}
