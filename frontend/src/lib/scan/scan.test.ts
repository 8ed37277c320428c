import { describe, expect, it } from 'vitest';
import { checkDigit, isGtin, normalizeBarcode, sameBarcode } from './barcode';
import { Detector, type Suffix } from './detector';

function type(text: string, gap: number, options: { suffix?: Suffix; end?: 'enter' | 'tab' | null; gap?: number } = {}) {
	const d = new Detector({ gap: options.gap ?? 35, minLength: 4, suffix: options.suffix ?? 'enter' });
	let at = 1000;
	for (const c of text) d.key(c, (at += gap));
	if (options.end === null) return d.idle();
	return d.end(options.end ?? 'enter', at + gap);
}

describe('a wedge scanner', () => {
	it('is heard at its own pace', () => {
		expect(type('4006381333931', 8)).toBe('4006381333931');
		expect(type('4006381333931', 35)).toBe('4006381333931');
	});

	it('is never heard in a person typing at 60 ms, with Enter or without', () => {
		expect(type('4006381333931', 60)).toBe(null);
		expect(type('a quick brown fox', 60, { suffix: 'none', end: null })).toBe(null);
		expect(type('a quick brown fox', 36)).toBe(null);
	});

	it('needs four characters', () => {
		expect(type('123', 5)).toBe(null);
		expect(type('0123', 5)).toBe('0123');
	});

	it('ends as it was set', () => {
		expect(type('12345', 5, { suffix: 'tab', end: 'tab' })).toBe('12345');
		expect(type('12345', 5, { suffix: 'tab', end: 'enter' })).toBe(null);
		expect(type('12345', 5, { suffix: 'none', end: null })).toBe('12345');
		expect(type('12345', 5, { suffix: 'enter', end: null })).toBe(null);
	});

	it('can be slower where the owner says so', () => {
		expect(type('12345', 80, { gap: 100 })).toBe('12345');
	});

	it('starts afresh after a pause: what was typed before is not part of it', () => {
		const d = new Detector();
		d.key('x', 0);
		'98765'.split('').forEach((c, i) => d.key(c, 500 + i * 10));
		expect(d.end('enter', 550)).toBe('98765');
	});

	it('is heard whole or not at all when a busy tablet hands on some keys late', () => {
		const late = (text: string, gaps: number[]) => {
			const d = new Detector();
			let at = 1000;
			[...text].forEach((c, i) => d.key(c, (at += gaps[i] ?? 8)));
			return d.end('enter', at + 8);
		};
		expect(late('96385074', [0, 77, 15, 5, 13, 37, 7, 88])).toBe('96385074'); // as it was seen
		expect(late('4006381333931', [0, 120, 40])).toBe('4006381333931');
		expect(late('A1074', [0, 77])).toBe(null);
		expect(late('12345678', [0, 60, 30, 60, 60, 30, 60, 30])).toBe(null);
	});

	it('is over when Enter comes late', () => {
		const d = new Detector();
		'98765'.split('').forEach((c, i) => d.key(c, i * 10));
		expect(d.end('enter', 140)).toBe(null);
	});
});

describe('a barcode', () => {
	it('has a check digit', () => {
		expect(checkDigit('400638133393')).toBe(1);
		expect(isGtin('4006381333931')).toBe(true);
		expect(isGtin('4006381333932')).toBe(false);
		expect(isGtin('036000291452')).toBe(true);
		expect(isGtin('96385074')).toBe(true);
	});

	it('as UPC-A equals EAN-13 with a leading 0', () => {
		expect(normalizeBarcode('036000291452')).toBe('0036000291452');
		expect(sameBarcode('036000291452', '0036000291452')).toBe(true);
	});

	it('keeps its leading zeros and what is no GTIN', () => {
		expect(normalizeBarcode(' 00012 ')).toBe('00012');
		expect(normalizeBarcode('AB-12/x')).toBe('AB-12/x');
		expect(normalizeBarcode('123456789013')).toBe('123456789013');
	});
});
