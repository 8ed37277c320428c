import { describe, expect, it } from 'vitest';
import { filterOf, idIn } from './filter';

describe('the filters of the stock list', () => {
	it('come from the address, and nonsense there is no filter', () => {
		expect(filterOf(new URLSearchParams('q=linen&state=out,low&locationId=2'))).toEqual({ q: 'linen', state: ['low', 'out'], locationId: 2 });
		expect(filterOf(new URLSearchParams('state=over')).state).toEqual(['over']);
		expect(filterOf(new URLSearchParams('q=&state=ok,,x&locationId=-1'))).toEqual({ q: undefined, state: undefined, locationId: undefined });
		expect(filterOf(new URLSearchParams('class=B,x,A')).class).toEqual(['A', 'B']);
		expect(idIn(new URLSearchParams('id=1e3'), 'id')).toBe(1000);
		expect(idIn(new URLSearchParams('id=1.5'), 'id')).toBeUndefined();
	});
});
