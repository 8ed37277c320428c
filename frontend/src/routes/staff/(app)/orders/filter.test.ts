import { describe, expect, it } from 'vitest';
import { queryOf, searchOf } from './filter';

describe('the address of a list of orders', () => {
	it('asks for what is open unless it says all', () => {
		expect(queryOf(new URLSearchParams('')).open).toBe(true);
		expect(queryOf(new URLSearchParams('show=all')).open).toBeUndefined();
	});

	it('may ask for several statuses at once', () => {
		const query = queryOf(new URLSearchParams('paymentStatus=pending,partially_paid&held=true&locationId=x'));
		expect(query).toMatchObject({ paymentStatus: ['pending', 'partially_paid'], held: true, locationId: undefined });
	});

	it('is the same list in whatever order it is written', () => {
		const same = ['tag=Gift&show=all&view=7&q=', 'show=all&tag=Gift'].map((s) => searchOf(new URLSearchParams(s)));
		expect(same).toEqual(['show=all&tag=Gift', 'show=all&tag=Gift']);
	});
});
