const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What stands for a picture that is not there: the first letters of the first two words. */
export function initials(name: string): string {
	const words = name.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
	return words
		.slice(0, 2)
		.map((w) => [...letters.segment(w)][0]?.segment ?? '')
		.join('')
		.toLocaleUpperCase();
}

/** One of a few calm tints, always the same for one name. */
export function tint(name: string): number {
	let sum = 0;
	for (const c of name) sum = (sum * 31 + c.codePointAt(0)!) % 997;
	return sum % 3;
}
