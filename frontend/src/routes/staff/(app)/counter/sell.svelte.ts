import { api, ApiError, errorText, newKey, type Schema } from '$lib/api';
import { cart, type Pending } from './cart.svelte';
import { shop } from '$lib/shop/index.svelte';

/** What is missing of a line, as the server said. */
export interface Shortage {
	variantId: number;
	left: number;
}

/** The sale that was just made. */
export interface Sale {
	order: Schema['Order'];
	change: number;
}

/** Sends the cart as one order: once, however often it is tried. */
class Till {
	busy = $state(false);
	error = $state('');
	/** What the server calls it; '' where it is no refusal. */
	code = $state('');
	/** What of the order is wrong, by field. */
	fields = $state.raw<Record<string, string>>({});
	/** Whether nobody knows if the order arrived. */
	unknown = $state(cart.pending !== null);
	shortages = $state.raw<Shortage[]>([]);
	sale = $state.raw<Sale | null>(null);

	async sell(how: Pick<Schema['NewOrder'], 'channel' | 'payments' | 'fulfil' | 'draft' | 'address' | 'shipping' | 'promisedOn'>, change = 0): Promise<boolean> {
		if (this.busy || cart.pending) return false;
		cart.pending = { key: newKey(), body: { ...words(), ...how }, change };
		cart.save();
		return this.send(cart.pending);
	}

	/** The same order again, with the same key. */
	async again(): Promise<boolean> {
		if (this.busy || !cart.pending) return false;
		return this.send(cart.pending);
	}

	/** After somebody looked whether it arrived. */
	forget() {
		cart.pending = null;
		cart.save();
		this.clear();
	}

	clear() {
		this.error = '';
		this.code = '';
		this.unknown = false;
		this.shortages = [];
		this.fields = {};
	}

	private async send(pending: Pending): Promise<boolean> {
		this.busy = true;
		this.clear();
		try {
			const order = await api().post('/orders', { body: pending.body, key: pending.key });
			this.sale = { order, change: pending.change };
			cart.clear();
			return true;
		} catch (e) {
			this.fail(e, pending);
			return false;
		} finally {
			this.busy = false;
		}
	}

	private fail(e: unknown, pending: Pending) {
		this.error = errorText(e);
		this.code = e instanceof ApiError ? (e.details[0]?.code || e.code) : '';
		this.unknown = !(e instanceof ApiError) || e.retryable || e.status >= 500;
		if (this.unknown) return;
		// A refusal left nothing behind: the next try is a new one.
		cart.pending = null;
		cart.save();
		if (e instanceof ApiError && e.code === 'out_of_stock') {
			this.shortages = e.details.flatMap(({ field, params }) => {
				const line = pending.body.lines[Number(/^lines\[(\d+)\]/.exec(field)?.[1] ?? -1)];
				return line ? [{ variantId: line.variantId, left: Number(params.left ?? 0) }] : [];
			});
		} else if (e instanceof ApiError && e.status === 422) {
			this.fields = { ...e.fields };
			this.error = Object.values(e.fields)[0] ?? this.error;
		}
	}
}

function words(): Pick<Schema['NewOrder'], 'locationId' | 'lines' | 'discount' | 'discountCode' | 'customer' | 'customerId' | 'note' | 'language'> {
	const { customer, discount, coded, note, reason } = cart;
	return {
		locationId: cart.locationId || undefined,
		lines: cart.lines.map(({ variantId, quantity, discount }) => ({ variantId, quantity, discount })),
		discount: discount && !coded ? { ...discount, reason: reason || undefined } : undefined,
		discountCode: coded?.code,
		customerId: customer?.id,
		customer: customer && !customer.id ? { name: customer.name, email: customer.email, phone: customer.phone } : undefined,
		note: note.trim() || undefined,
		language: customer?.language === shop.language ? undefined : customer?.language
	};
}

export const till = new Till();
