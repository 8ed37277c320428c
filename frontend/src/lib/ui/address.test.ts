import { describe, expect, it } from 'vitest';
import { withParams } from './address';

describe('the parameters of an address', () => {
	it('change one by one and leave the others', () => {
		const url = new URL('http://shop/staff/stock?q=a%26b&state=low');
		expect(withParams(url, { state: null })).toBe('/staff/stock?q=a%26b');
		expect(withParams(url, { locationId: 3, q: '' })).toBe('/staff/stock?state=low&locationId=3');
		expect(withParams(url, { q: null, state: undefined })).toBe('/staff/stock');
	});
});
