import { expect, test } from 'vitest';
import { code128 } from './code128';

/** The modules of a barcode as the server's library draws them. */
const drawn = (text: string) => {
	const { bars, width } = code128(text)!;
	const modules = Array<string>(width).fill('0');
	for (const b of bars) modules.fill('1', b.x, b.x + b.width);
	return modules.join('').slice(10, -10);
};

test('a text is drawn as Code 128 with its check character', () => {
	expect(drawn('PJJ123C')).toBe(
		'11010010000' + '11101110110' + '10110111000' + '10110111000' + '10011100110' + '11001110010' + '11001011100' + '10001000110' + '11101000110' + '1100011101011'
	);
	expect(code128('1001')!.width).toBe(20 + 11 * 6 + 13);
});

test('what has other letters has no barcode', () => {
	expect(code128('Größe')).toBeNull();
	expect(code128('')).toBeNull();
});
