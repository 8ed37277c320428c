// What lies in a drawer, in minor units, the largest first. Of other currencies only the total is typed.
const values: Record<string, number[]> = {
	EUR: [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
	USD: [10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
	GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
	CHF: [100000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
	CAD: [10000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5],
	AUD: [10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
	NZD: [10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10],
	SEK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100],
	NOK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 100],
	DKK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50],
	PLN: [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
	CZK: [500000, 200000, 100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100],
	JPY: [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
	KWD: [20000, 10000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5]
};

/** The notes and coins of a currency; none where we do not know them. */
export function coinsOf(currency: string): number[] {
	return values[currency] ?? [];
}

/** What so many of each add up to. */
export function worth(counts: Record<number, number>): number {
	return Object.entries(counts).reduce((sum, [value, count]) => sum + Number(value) * count, 0);
}
