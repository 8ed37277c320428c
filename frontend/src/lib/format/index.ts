import { getLocale, m, type Locale } from '$lib/i18n';
import { shop } from '$lib/shop/index.svelte';
import { currencyDecimals, parseDecimal, toDecimal } from './currency';

export { currencyDecimals, parseDecimal, toDecimal };

/** A moment as the API may send it. */
export type Instant = number | string | Date;

const made = new Map<string, unknown>();
function once<T>(kind: string, options: object, make: (locale: string) => T, locale: Locale = getLocale()): T {
	const key = kind + locale + JSON.stringify(options);
	let f = made.get(key) as T | undefined;
	if (!f) made.set(key, (f = make(locale)));
	return f;
}

function number(options: Intl.NumberFormatOptions, locale?: Locale) {
	return once('n', options, (l) => new Intl.NumberFormat(l, options), locale);
}

function dates(options: Intl.DateTimeFormatOptions, locale?: Locale) {
	return once('d', options, (l) => new Intl.DateTimeFormat(l, options), locale);
}

// Intl reads a decimal string exactly; its type only knows numbers up to ES2023.
function exact(f: Intl.NumberFormat, decimal: string): string {
	return f.format(decimal as unknown as number);
}

/** Minor units in their currency: (1250, 'EUR') is "€12.50" or "12,50 €". A language is given where paper speaks the shop's. */
export function money(minor: number, currency: string = shop.currency, locale?: Locale): string {
	const places = currencyDecimals(currency);
	const options = { style: 'currency', currency, minimumFractionDigits: places, maximumFractionDigits: places } as const;
	return exact(number(options, locale), toDecimal(minor, places)).replace('-', '−');
}

/** The amount without its sign of currency, for columns headed by it. */
export function figure(minor: number, currency: string = shop.currency, locale?: Locale): string {
	const places = currencyDecimals(currency);
	return exact(number({ minimumFractionDigits: places, maximumFractionDigits: places }, locale), toDecimal(minor, places));
}

/** The same as it is typed, for inputs: nothing is grouped. */
export function amount(minor: number, currency: string = shop.currency): string {
	const places = currencyDecimals(currency);
	return exact(
		number({ minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: false }),
		toDecimal(minor, places)
	);
}

/** The sign of a currency: "€". */
export function currencySign(currency: string = shop.currency): string {
	const parts = number({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0);
	return parts.find((p) => p.type === 'currency')?.value ?? currency;
}

/** What the person typed as minor units, or null. */
export function parseMoney(text: string, currency: string = shop.currency): number | null {
	return parseDecimal(text, currencyDecimals(currency), decimalSign());
}

/** The decimal sign of the language: "." or ",". */
export function decimalSign(): string {
	return number({}).formatToParts(0.5).find((p) => p.type === 'decimal')?.value ?? '.';
}

export function quantity(n: number, locale?: Locale): string {
	return number({ maximumFractionDigits: 0 }, locale).format(n);
}

/** A figure that is no count, to one decimal at most, or below one to two digits: a mean of 3.333 days is "3.3", of 0.0441 "0.044". */
export function decimal(n: number): string {
	return number(Math.abs(n) < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 }).format(n);
}

/** A change with its sign: "+3", "−2". */
export function delta(n: number): string {
	return number({ maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format(n).replace('-', '−');
}

/** Thousandths of a percent: 19000 is "19%", 8875 is "8.875%". */
export function percent(thousandths: number, locale?: Locale): string {
	return exact(number({ style: 'percent', maximumFractionDigits: 3 }, locale), toDecimal(thousandths, 5));
}

/** "8,875" as thousandths of a percent (8875), or null. */
export function parsePercent(text: string): number | null {
	// A rate has no thousands to group, so the comma is always a decimal sign.
	return parseDecimal(text.replace('%', '').replace(',', '.'), 3);
}

/** The decimals of a percentage for an input: 8875 is "8.875". */
export function percentInput(thousandths: number): string {
	return exact(number({ maximumFractionDigits: 3, useGrouping: false }), toDecimal(thousandths, 3));
}

export function date(at: Instant): string {
	return dates({ dateStyle: 'medium', timeZone: zoneFor(at) }).format(moment(at));
}

export function dateTime(at: Instant, locale?: Locale): string {
	return dates({ dateStyle: 'medium', timeStyle: 'short', timeZone: zoneFor(at) }, locale).format(moment(at));
}

export function time(at: Instant): string {
	return dates({ timeStyle: 'short', timeZone: zoneFor(at) }).format(moment(at));
}

/** The day in words: "Friday 20 November". */
export function day(at: Instant): string {
	return dates({ weekday: 'long', day: 'numeric', month: 'long', timeZone: zoneFor(at) }).format(moment(at));
}

/** A month such as 2026-07 in words: "July 2026". */
export function monthName(month: string): string {
	return dates({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${month}-01`));
}

/** The day of the week: "Friday". */
export function weekday(at: Instant): string {
	return dates({ weekday: 'long', timeZone: zoneFor(at) }).format(moment(at));
}

/** A date of the shop as the API writes it, so many days from now: dateIn(1) is tomorrow. */
export function dateIn(days: number, now: number = Date.now()): string {
	return new Date(wall(now) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The first moment of a date in the shop's zone. */
export function startOf(day: string): Date {
	return atWall(Date.parse(day));
}

/** What the shop's clocks show at a moment, for an input of date and time; empty for none. */
export function clockOf(at: Instant | null): string {
	return at === null ? '' : new Date(wall(moment(at).getTime())).toISOString().slice(0, 16);
}

/** The moment when the shop's clocks show this, as the API takes it; null where nothing is shown. */
export function momentOf(clock: string): string | null {
	const shown = Date.parse(`${clock}Z`);
	return Number.isNaN(shown) ? null : atWall(shown).toISOString();
}

function atWall(shown: number): Date {
	// The second step mends the first where the clocks are changed in between.
	let at = shown + shown - wall(shown);
	at += shown - wall(at);
	return new Date(at);
}

/** What the shop's clocks show, as if they showed UTC. */
function wall(at: number): number {
	const options = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone: shop.timeZone } as const;
	const parts = Object.fromEntries(dates(options, 'en').formatToParts(at).map((p) => [p.type, Number(p.value)]));
	return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
	['second', 1000]
];

/** How old something is, short and without "ago": "12 min", "3 hr", "5 days". */
export function age(at: Instant, now: number = Date.now()): string {
	return duration(Math.max(0, now - moment(at).getTime()));
}

/** When something was, in words: "just now", "12 min ago", "5 days ago". */
export function ago(at: Instant, now: number = Date.now()): string {
	const ms = Math.max(0, now - moment(at).getTime());
	if (ms < 60_000) return m.common_just_now();
	const [unit, size] = units.find(([, size]) => ms >= size)!;
	return once('r', {}, (l) => new Intl.RelativeTimeFormat(l, { style: 'short' })).format(-Math.floor(ms / size), unit);
}

export function duration(ms: number): string {
	const [unit, size] = units.find(([, size]) => ms >= size) ?? units[3]!;
	return number({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(Math.floor(ms / size));
}

/** A list in words: "S, M and L". */
export function list(items: string[]): string {
	return once('l', {}, (l) => new Intl.ListFormat(l, { type: 'conjunction' })).format(items);
}

/** Sorts names as the language does. */
export function compare(a: string, b: string): number {
	return once('c', {}, (l) => new Intl.Collator(l, { numeric: true, sensitivity: 'base' })).compare(a, b);
}

/** The name of a currency in the person's language: "Euro". */
export function currencyName(currency: string): string {
	return once('cn', {}, (l) => new Intl.DisplayNames(l, { type: 'currency' })).of(currency) ?? currency;
}

/** Every currency and zone the browser knows, for the settings. */
export function currencies(): string[] {
	return Intl.supportedValuesOf?.('currency') ?? ['EUR', 'USD', 'GBP', 'CHF', 'JPY'];
}

export function timeZones(): string[] {
	return Intl.supportedValuesOf?.('timeZone') ?? ['UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York'];
}

/** The zone of this device: the first guess of a new shop. */
export function deviceZone(): string {
	return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;

// A business date is a day, not a moment: no zone may move it.
function zoneFor(at: Instant): string {
	return typeof at === 'string' && dateOnly.test(at) ? 'UTC' : shop.timeZone;
}

function moment(at: Instant): Date {
	return at instanceof Date ? at : new Date(at);
}
