import { describe, expect, it } from 'vitest';
import { initials, tint } from './initials';

describe('what stands for a picture', () => {
	it.each([
		['Blue mug', 'BM'],
		['T-Shirt with Logo', 'TS'],
		['mug', 'M'],
		['  (500 ml) Öl', '5M'],
		['éclair', 'É'],
		['दिल्ली चाय', 'दिचा'],
		['!?', ''],
		['', '']
	])('is made of the name %s', (name, want) => expect(initials(name)).toBe(want));

	it('has a tint of its own that stays', () => {
		expect(tint('Blue mug')).toBe(tint('Blue mug'));
		expect(new Set(['Blue mug', 'Tea', 'Hoodie', 'Board', 'Cap'].map(tint)).size).toBeGreaterThan(1);
	});
});
