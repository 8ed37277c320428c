import { expect, it } from 'vitest';
import { lower } from './markdown';

it('suggests a round price below', () => {
	expect(lower(1250, 30)).toBe(870);
	expect(lower(1990, 30)).toBe(1350);
	expect(lower(299, 30)).toBe(200);
	expect(lower(99, 50)).toBe(50);
	expect(lower(1, 70)).toBe(0);
});
