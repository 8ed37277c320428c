import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiError } from './error';
import { known } from './words';

/** Said of a row of an import; its page words them with the row. */
const ofRows = ['ambiguous_amount', 'bad_quantity', 'negative_amount', 'negative_quantity'];
const refusal = /(?:Refuse|Errorf|taken|refuse|refuseCode)\(\s*(?:(?:db\.)?[A-Z]\w+,\s*)?"([a-z]+(?:_[a-z]+)*)",|Code: *"([a-z_]+)"/g;

function codes(): string[] {
	const found = new Set<string>();
	for (const folder of ['../db', '../server']) {
		for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
			if (!name.endsWith('.go') || name.endsWith('_test.go')) continue;
			for (const [, a, b] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(refusal)) found.add((a ?? b)!);
		}
	}
	return [...found].sort();
}

describe('the words of a refusal', () => {
	const all = codes();

	it('are there for every code the server has', () => {
		expect(all.length).toBeGreaterThan(60);
		expect(all.filter((c) => !(c in known) && !ofRows.includes(c))).toEqual([]);
	});

	it('carry the figures', () => {
		const e = new ApiError(409, { code: 'out_of_stock', detail: 'Only 2 left at Shop.', params: { left: 2, location: 'Shop' } });
		expect(e.message).toBe('Only 2 left at Shop.');
		const short = new ApiError(422, { code: 'would_short', errors: [{ location: 'body.lines[0].delta', code: 'would_short', params: { missing: 3, available: 4 } }] });
		expect(short.fields['lines[0].delta']).toBe('Orders have reserved 3 of these; only 4 can leave.');
	});

	it("are the server's own where a code is new to us", () => {
		expect(new ApiError(409, { code: 'brand_new', detail: 'Do it otherwise.' }).message).toBe('Do it otherwise.');
		expect(new ApiError(500, {}).message).toBe('Something went wrong on our side. Try again.');
		expect(new ApiError(413, { code: 'too_large', detail: 'bytes' }).message).toBe('This file is too large.');
	});

	it.each(all.filter((c) => c in known))('%s says a sentence without a hole', (code) => {
		const params = { min: 1, max: 2, left: 1, location: 'Shop', name: 'Anna', value: 'x', onHand: 2, missing: 1, available: 1, covered: 1, sku: 'A', barcode: '1', digit: '2', slug: 's', column: 'c' };
		expect(known[code]!(params)).toMatch(/^[^{}]*\w.*[.:]$/);
	});
});
