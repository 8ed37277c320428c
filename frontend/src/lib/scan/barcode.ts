/** The GS1 check digit over the digits before it. */
export function checkDigit(digits: string): number {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
	return (10 - (sum % 10)) % 10;
}

/** A GTIN (8, 12, 13 or 14 digits) whose check digit fits. */
export function isGtin(code: string): boolean {
	if (!/^(\d{8}|\d{12,14})$/.test(code)) return false;
	return checkDigit(code.slice(0, -1)) === Number(code.at(-1));
}

/** One writing for one code: UPC-A is EAN-13 with a leading 0. Other codes stay, leading zeros too. */
export function normalizeBarcode(code: string): string {
	const c = code.trim();
	return /^\d{12}$/.test(c) && isGtin(c) ? `0${c}` : c;
}

export function sameBarcode(a: string, b: string): boolean {
	return normalizeBarcode(a) === normalizeBarcode(b);
}
