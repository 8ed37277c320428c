import { describe, expect, it } from 'vitest';
import { likelyCash } from './cash';

describe('likely cash', () => {
	it.each([
		[1250, 'EUR', [1500, 2000, 5000, 10000]],
		[2000, 'EUR', [5000, 10000, 20000, 50000]],
		[9999, 'EUR', [10000, 20000, 50000]],
		[1, 'EUR', [500, 1000, 2000, 5000]],
		[1280, 'JPY', [1500, 2000, 5000, 10000]],
		[1250, 'KWD', [5000, 10000, 20000, 50000]]
	])('for %i %s is %j', (due, currency, sums) => expect(likelyCash(due, currency)).toEqual(sums));

	it('is never the amount itself, which has its own key', () => {
		for (let due = 0; due < 30_000; due += 500) expect(likelyCash(due, 'EUR')).not.toContain(due);
	});

	it('says nothing about sums beyond exact numbers', () => {
		expect(likelyCash(Number.MAX_SAFE_INTEGER, 'EUR')).toEqual([]);
	});
});
