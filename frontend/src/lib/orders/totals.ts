/** A discount is an amount in minor units or a rate in thousandths of a percent, never both. */
export type Discount = { amount: number; percent?: undefined } | { percent: number; amount?: undefined };

export interface PricedLine {
	price: number;
	quantity: number;
	/** Thousandths of a percent. */
	taxRate: number;
	discount?: Discount;
	/** Left out of the order's discount: its code is for other goods. */
	apart?: boolean;
}

export interface Totals {
	/** Before discounts, as prices are entered. */
	subtotal: number;
	/** All of them. */
	discount: number;
	tax: number;
	total: number;
	/** What is left of each line after its own discount, as prices are entered. */
	lines: number[];
}

const whole = 100_000n;

/** Rounds a quotient of numbers that are not below zero, half away from it. */
function part(a: bigint, k: bigint, n: bigint): bigint {
	return (2n * a * k + n) / (2n * n);
}

function off(discount: Discount | undefined, amount: bigint): bigint {
	if (!discount) return 0n;
	if (discount.percent !== undefined) return part(amount, BigInt(discount.percent), whole);
	return BigInt(Math.min(discount.amount, Number(amount)));
}

/** Shares an amount by largest remainder, ties to the earlier part. */
function prorate(total: bigint, weights: bigint[]): bigint[] {
	const sum = weights.reduce((a, b) => a + b, 0n);
	if (total === 0n || sum === 0n) return weights.map(() => 0n);
	const shares = weights.map((w) => (total * w) / sum);
	const rests = weights.map((w, i) => ({ i, rest: (total * w) % sum }));
	rests.sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
	const left = Number(total - shares.reduce((a, b) => a + b, 0n));
	for (const { i } of rests.slice(0, left)) shares[i]! += 1n;
	return shares;
}

/** What shipping costs, as prices are entered. */
export interface Shipping {
	price: number;
	/** Thousandths of a percent. */
	taxRate: number;
}

/**
 * What the server will compute (db/sales/price.go): line discounts, then the order's discount shared over the
 * lines, then tax per line and for shipping.
 */
export function totals(lines: PricedLine[], discount: Discount | undefined, pricesIncludeTax: boolean, shipping?: Shipping): Totals {
	const gross = lines.map((l) => BigInt(l.price) * BigInt(l.quantity));
	const net = lines.map((l, i) => gross[i]! - off(l.discount, gross[i]!));
	const left = net.reduce((a, b) => a + b, 0n);
	const within = net.map((n, i) => (lines[i]!.apart ? 0n : n));
	const orderDiscount = off(discount, within.reduce((a, b) => a + b, 0n));
	const shares = prorate(orderDiscount, within);
	let [tax, total] = [0n, 0n];
	const add = (amount: bigint, taxRate: number) => {
		const rate = BigInt(taxRate);
		const t = pricesIncludeTax ? part(amount, rate, whole + rate) : part(amount, rate, whole);
		tax += t;
		total += pricesIncludeTax ? amount : amount + t;
	};
	for (const [i, l] of lines.entries()) add(net[i]! - shares[i]!, l.taxRate);
	if (shipping) add(BigInt(shipping.price), shipping.taxRate);
	const subtotal = gross.reduce((a, b) => a + b, 0n);
	return {
		subtotal: Number(subtotal),
		discount: Number(subtotal - left + orderDiscount),
		tax: Number(tax),
		total: Number(total),
		lines: net.map(Number)
	};
}
