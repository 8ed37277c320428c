import { expect, test } from 'vitest';
import { search } from './search';

test('an export is asked for as its list is', () => {
	expect(search({})).toBe('');
	expect(search({ q: undefined, state: [], locationId: 0 })).toBe('?locationId=0');
	expect(search({ q: 'mug & cup', state: ['low', 'out'], published: false, brand: '' })).toBe('?q=mug+%26+cup&state=low%2Cout&published=false');
});
