import { describe, expect, it } from 'vitest';
import { totals, type PricedLine } from './totals';

const line = (price: number, quantity = 1, taxRate = 19_000, discount?: PricedLine['discount']): PricedLine => ({ price, quantity, taxRate, discount });

describe('the totals of a cart', () => {
	it('contain the tax of prices that include it', () => {
		expect(totals([line(1250, 2)], undefined, true)).toEqual({ subtotal: 2500, discount: 0, tax: 399, total: 2500, lines: [2500] });
	});

	it('add the tax to prices without it', () => {
		expect(totals([line(369, 1, 20_000)], undefined, false)).toMatchObject({ tax: 74, total: 443 });
	});

	it('take line discounts before the order discount', () => {
		const t = totals([line(1000, 1, 0, { amount: 100 }), line(1000, 1, 0, { percent: 10_000 })], { percent: 50_000 }, true);
		expect(t).toEqual({ subtotal: 2000, discount: 1100, tax: 0, total: 900, lines: [900, 900] });
	});

	it('share the order discount by largest remainder, ties to the earlier line', () => {
		// 299 over 10.00 each is 100, 100, 99: the taxes tell who got what.
		const rates = [100_000, 10_000, 0];
		const t = totals(rates.map((r) => line(1000, 1, r)), { amount: 299 }, false);
		expect(t.tax).toBe(900 + 90);
		expect(t.total).toBe(3000 - 299 + 990);
	});

	it('round half away from zero, line by line', () => {
		expect(totals([line(5, 1, 10_000), line(5, 1, 10_000)], undefined, false).tax).toBe(2);
		expect(totals([line(1000, 1, 8_875)], undefined, false).tax).toBe(89);
	});

	it('never give more off than there is', () => {
		expect(totals([line(500, 1, 19_000, { amount: 900 })], { amount: 100 }, true)).toMatchObject({ discount: 500, total: 0, tax: 0 });
	});

	it('leave out of a code what it is not for', () => {
		const t = totals([line(900, 1, 0), { ...line(5000, 1, 10_000), apart: true }, line(300, 1, 0)], { amount: 400 }, false);
		expect(t).toMatchObject({ subtotal: 6200, discount: 400, tax: 500, total: 6300 });
		expect(totals([{ ...line(5000), apart: true }, line(300)], { amount: 400 }, true)).toMatchObject({ discount: 300, total: 5000 });
	});

	it('stay exact where floating point does not', () => {
		const price = 9_007_199_254_740_99;
		expect(totals([line(price, 10, 8_875)], undefined, true)).toMatchObject({ subtotal: price * 10, total: price * 10, tax: 734_226_345_679_231 });
	});

	it('are zero for an empty cart', () => {
		expect(totals([], { percent: 10_000 }, true)).toEqual({ subtotal: 0, discount: 0, tax: 0, total: 0, lines: [] });
	});
});
