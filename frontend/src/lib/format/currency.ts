// ISO 4217 where it is not two. Intl follows CLDR, which disagrees for some (IQD).
const decimals: Record<string, number> = {
	BHD: 3, BIF: 0, CLF: 4, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3,
	OMR: 3, PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, UYW: 4, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0
};

/** How many decimals a currency's amounts have: JPY 0, EUR 2, KWD 3. */
export function currencyDecimals(currency: string): number {
	return decimals[currency] ?? 2;
}

/** Minor units as an exact decimal string: (1250, 2) is "12.50". No float touches it. */
export function toDecimal(minor: number, places: number): string {
	const digits = Math.abs(minor).toFixed(0).padStart(places + 1, '0');
	const whole = digits.slice(0, digits.length - places);
	const sign = minor < 0 ? '-' : '';
	return places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-places)}`;
}

/**
 * Reads what a person typed as minor units, or null when it is no amount. Comma and point both work as
 * decimal sign; only the other one of the language, followed by exactly three digits, groups thousands.
 */
export function parseDecimal(text: string, places: number, decimalSign = '.'): number | null {
	let s = text.trim().replace(/[\s\u00a0\u202f'’]/g, '').replace(/[\u2212\u2013]/g, '-');
	const negative = s.startsWith('-');
	if (negative) s = s.slice(1);
	if (!/^[\d.,]*\d[\d.,]*$/.test(s)) return null;

	const [whole, fraction] = split(s, decimalSign);
	if (whole === null || !/^\d*$/.test(fraction) || fraction.length > places) return null;
	const minor = Number((whole || '0') + fraction.padEnd(places, '0'));
	if (!Number.isSafeInteger(minor)) return null;
	return negative && minor !== 0 ? -minor : minor;
}

function split(s: string, decimalSign: string): [whole: string | null, fraction: string] {
	const last = Math.max(s.lastIndexOf('.'), s.lastIndexOf(','));
	if (last < 0) return [s, ''];

	const mark = s[last]!;
	const after = s.slice(last + 1);
	const head = s.slice(0, last);
	const repeated = head.includes(mark);
	const other = mark === '.' ? ',' : '.';
	if (repeated) return [head.includes(other) ? null : ungroup(s, mark), ''];
	if (!head.includes(other) && mark !== decimalSign && after.length === 3) return [ungroup(s, mark), ''];
	return [ungroup(head, other), after];
}

function ungroup(s: string, mark: string): string | null {
	const [first = '', ...rest] = s.split(mark);
	if (rest.length === 0) return first;
	const sound = /^\d{1,3}$/.test(first) && rest.every((p) => /^\d{3}$/.test(p));
	return sound ? first + rest.join('') : null;
}
