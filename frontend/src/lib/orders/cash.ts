import { currencyDecimals } from '$lib/format';

const notes = [5, 10, 20, 50, 100, 200, 500];

/** What a person is likely to hand over for an amount, in minor units: the next round sums above it, the nearest first. */
export function likelyCash(due: number, currency: string, most = 4): number[] {
	const places = currencyDecimals(currency);
	// Where there are no coins of a hundredth, notes begin at a hundred times as much.
	const unit = 10 ** (places === 0 ? 2 : places);
	const sums = notes.map((n) => Math.ceil(due / (n * unit)) * n * unit);
	return [...new Set(sums)].filter((s) => s > due && Number.isSafeInteger(s)).sort((a, b) => a - b).slice(0, most);
}
