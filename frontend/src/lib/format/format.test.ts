import { beforeEach, describe, expect, it } from 'vitest';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { setShop } from '$lib/shop/index.svelte';
import * as f from '.';

const plain = (s: string) => s.replace(/[\u00a0\u202f]/g, ' ');
const speak = (locale: 'en' | 'de') => overwriteGetLocale(() => locale);

beforeEach(() => {
	speak('en');
	setShop({ currency: 'EUR', timeZone: 'Europe/Berlin' });
});

describe('money', () => {
	it.each([
		[1250, 'EUR', '€12.50', '12,50 €'],
		[-5, 'EUR', '−€0.05', '−0,05 €'],
		[0, 'EUR', '€0.00', '0,00 €'],
		[1250, 'JPY', '¥1,250', '1.250 ¥'],
		[1250, 'KWD', 'KWD 1.250', '1,250 KWD'],
		[9007199254740991, 'EUR', '€90,071,992,547,409.91', '90.071.992.547.409,91 €']
	])('shows %i minor units of %s', (minor, currency, en, de) => {
		expect(plain(f.money(minor, currency))).toBe(en);
		speak('de');
		expect(plain(f.money(minor, currency))).toBe(de);
	});

	it('is typed with comma or point, with or without groups', () => {
		for (const [text, minor] of [
			['12', 1200],
			['12,5', 1250],
			['12.50', 1250],
			['.5', 50],
			['1.234,56', 123456],
			['1,234.56', 123456],
			['1,234', 123400],
			['1,234,567', 123456700],
			['1’234.50', 123450],
			['1 234,50', 123450],
			['−3,20', -320],
			['0,00', 0]
		] as const) {
			expect(f.parseMoney(text, 'EUR'), text).toBe(minor);
		}
	});

	it('shows a mean to one decimal, and of what hardly happens what is left of it', () => {
		for (const [n, text] of [[3.333, '3.3'], [15, '15'], [0.5, '0.5'], [0.0441, '0.044'], [0, '0']] as const) expect(f.decimal(n)).toBe(text);
	});

	it('follows the decimals of the currency', () => {
		expect(f.parseMoney('1250', 'JPY')).toBe(1250);
		expect(f.parseMoney('1,250', 'JPY')).toBe(1250);
		expect(f.parseMoney('1.250', 'JPY')).toBe(null);
		expect(f.parseMoney('12,5', 'JPY')).toBe(null);
		expect(f.parseMoney('1.250', 'KWD')).toBe(1250);
		expect(f.parseMoney('1,5', 'KWD')).toBe(1500);
		expect(f.parseMoney('1.234,567', 'KWD')).toBe(1234567);
	});

	it('is refused rather than guessed', () => {
		for (const text of ['', '-', 'abc', '12,345,6', '1.2.3', '12.505', '1,23.4', '99999999999999999', '1e3']) {
			expect(f.parseMoney(text, 'EUR'), text).toBe(null);
		}
	});

	it('groups as the language does, and never where that would be a guess', () => {
		expect(f.parseMoney('1,234')).toBe(123400);
		expect(f.parseMoney('1.234')).toBe(null);
		speak('de');
		expect(f.parseMoney('1.234')).toBe(123400);
		expect(f.parseMoney('1,234')).toBe(null);
		expect(f.parseMoney('1,234', 'KWD')).toBe(1234);
	});

	it('stands on paper in the language of the shop, grouped', () => {
		expect(plain(f.money(123456, 'EUR', 'de'))).toBe('1.234,56 €');
		expect(f.figure(123456, 'EUR', 'de')).toBe('1.234,56');
		expect(f.figure(12345678, 'JPY')).toBe('12,345,678');
		expect(plain(f.percent(7700, 'de'))).toBe('7,7 %');
	});

	it('comes back from an input as it went in', () => {
		for (const locale of ['en', 'de'] as const) {
			speak(locale);
			for (const [currency, minor] of [['EUR', 123456], ['JPY', 1234], ['KWD', 1234567], ['EUR', -5]] as const) {
				expect(f.parseMoney(f.amount(minor, currency), currency)).toBe(minor);
			}
		}
	});
});

describe('percent', () => {
	it('is kept in thousandths', () => {
		expect(f.percent(19000)).toBe('19%');
		expect(f.percent(8875)).toBe('8.875%');
		expect(f.parsePercent('8,875')).toBe(8875);
		expect(f.parsePercent('19 %')).toBe(19000);
		expect(f.parsePercent(f.percentInput(7700))).toBe(7700);
	});
});

describe('times', () => {
	const noon = Date.UTC(2026, 10, 20, 23, 30);
	it('are told in the zone of the shop', () => {
		expect(f.date(noon)).toBe('Nov 21, 2026');
		expect(plain(f.time(noon))).toBe('12:30 AM');
		speak('de');
		expect(f.date(noon)).toBe('21.11.2026');
	});

	it('leave a business date alone', () => {
		setShop({ timeZone: 'America/Los_Angeles' });
		expect(f.date('2026-11-20')).toBe('Nov 20, 2026');
	});

	it.each([
		['Europe/Berlin', '2026-11-28', '2026-11-27T23:00:00.000Z'],
		['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
		['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00.000Z'],
		['America/Los_Angeles', '2026-11-01', '2026-11-01T07:00:00.000Z'],
		['America/Los_Angeles', '2026-11-02', '2026-11-02T08:00:00.000Z'],
		['Pacific/Kiritimati', '2026-11-28', '2026-11-27T10:00:00.000Z']
	])('begin a day in %s: %s', (timeZone, day, begins) => {
		setShop({ timeZone });
		expect(f.startOf(day).toISOString()).toBe(begins);
	});

	it.each([
		['Europe/Berlin', '2026-11-28T18:00', '2026-11-28T17:00:00.000Z'],
		['Europe/Berlin', '2026-07-01T18:00', '2026-07-01T16:00:00.000Z'],
		['America/Los_Angeles', '2026-11-01T03:00', '2026-11-01T11:00:00.000Z'],
		['Asia/Kathmandu', '2026-11-28T18:00', '2026-11-28T12:15:00.000Z']
	])('are typed as the clocks show them in %s: %s', (timeZone, clock, at) => {
		setShop({ timeZone });
		expect([f.momentOf(clock), f.clockOf(at)]).toEqual([at, clock]);
	});

	it('are none where nothing is typed', () => {
		expect([f.momentOf(''), f.clockOf(null)]).toEqual([null, '']);
	});

	it('count days as the shop does', () => {
		expect([f.dateIn(0, noon), f.dateIn(1, noon), f.dateIn(11, noon)]).toEqual(['2026-11-21', '2026-11-22', '2026-12-02']);
		setShop({ timeZone: 'America/Los_Angeles' });
		expect(f.dateIn(0, noon)).toBe('2026-11-20');
	});

	it('have a short age', () => {
		expect(f.age(noon, noon + 12 * 60_000)).toBe('12 min');
		expect(f.age(noon, noon + 3 * 3_600_000)).toBe('3 hr');
		expect(f.age(noon, noon + 5 * 86_400_000)).toBe('5 days');
		expect(f.age(noon + 5000, noon)).toBe('0 sec');
		speak('de');
		expect(f.age(noon, noon + 12 * 60_000)).toBe('12 Min.');
		expect([f.ago(noon, noon + 59_999), f.ago(noon, noon + 12 * 60_000), f.ago(noon, noon + 5 * 86_400_000)]).toEqual(['gerade eben', 'vor 12 Min.', 'vor 5 Tagen']);
	});
});

describe('quantities', () => {
	it('carry their sign when they are changes', () => {
		expect([f.delta(3), f.delta(-2), f.delta(0), f.quantity(1200)]).toEqual(['+3', '−2', '0', '1,200']);
	});
});
