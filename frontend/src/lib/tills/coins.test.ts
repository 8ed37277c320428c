import { describe, expect, it } from 'vitest';
import { coinsOf, worth } from './coins';

describe('the coins of a drawer', () => {
	it('are minor units, the largest first', () => {
		for (const currency of ['EUR', 'JPY', 'KWD', 'USD']) {
			const coins = coinsOf(currency);
			expect(coins).toEqual([...coins].sort((a, b) => b - a));
		}
		expect(coinsOf('JPY').at(-1)).toBe(1);
		expect(coinsOf('XXX')).toEqual([]);
	});

	it('add up exactly', () => {
		expect(worth({ 5000: 2, 20: 3, 1: 4 })).toBe(10064);
		expect(worth({})).toBe(0);
	});
});
