import type { Schema } from '$lib/api';
import { amount, currencySign, decimalSign, money, parseDecimal, parseMoney, quantity } from '$lib/format';
import { m } from '$lib/i18n';
import { shop } from '$lib/shop/index.svelte';

export const columns = ['category', 'price', 'cost', 'reorderPoint'] as const;
export type Column = (typeof columns)[number];
export type Value = string | number | null;

/** One line of the sheet: a variant with the product it belongs to. */
export interface Line {
	product: Schema['Product'];
	variant: Schema['Variant'];
}

/** What stands in a cell that was changed: a value, or what could not be read as one. */
export type Entry = { value: Value } | { text: string; wrong: string };

const mostReorder = 1_000_000_000;
const mostPath = 900;

/** The text of a clipboard as a spreadsheet writes it: tabs between cells, quotes around what has tabs or line breaks. */
export function blockOf(text: string): string[][] {
	const rows: string[][] = [[]];
	let cell = '';
	let quoted = false;
	const end = () => rows.at(-1)!.push(cell) && (cell = '');
	const s = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
	for (let i = 0; i < s.length; i++) {
		const c = s[i]!;
		if (quoted && c === '"' && s[i + 1] === '"') cell += s[++i];
		else if (quoted && c === '"') quoted = false;
		else if (quoted) cell += c;
		else if (c === '"' && cell === '' && closes(s, i)) quoted = true;
		else if (c === '\t') end();
		else if (c === '\n') {
			end();
			rows.push([]);
		} else cell += c;
	}
	end();
	return rows;
}

// 5" is five inches: a quote counts where another one ends the cell.
function closes(s: string, at: number): boolean {
	return /^"(?:[^"]|"")*"(?=[\t\n]|$)/.test(s.slice(at, at + 2000));
}

/** The same as it is copied. */
export function textOf(block: string[][]): string {
	const cell = (c: string) => (/[\t\n"]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c);
	return block.map((row) => row.map(cell).join('\t')).join('\n');
}

/** Reads what was typed or pasted in a column. */
export function read(column: Column, typed: string): Entry {
	const text = typed.trim();
	const wrong = (why: string): Entry => ({ text, wrong: why });
	if (column === 'category') {
		const name = text.replace(/\s+/g, ' ');
		return name.length > mostPath ? wrong(m.wrong_too_long({ max: mostPath })) : { value: name };
	}
	if (!text) return column === 'cost' ? { value: null } : wrong(m.wrong_required());
	if (column === 'reorderPoint') {
		const n = parseDecimal(text, 0, decimalSign());
		return n === null || n < 0 || n > mostReorder ? wrong(m.input_quantity_range({ min: quantity(0), max: quantity(mostReorder) })) : { value: n };
	}
	const minor = parseMoney(bare(text));
	if (minor === null) return wrong(m.input_money_invalid({ example: amount(1250) }));
	return minor < 0 ? wrong(m.input_money_negative()) : { value: minor };
}

// "€ 12,50", "12.50 EUR" and "kr 12,50" as a spreadsheet writes them; another currency's sign is no amount of ours.
function bare(text: string): string {
	for (const sign of [currencySign(), shop.currency]) {
		const folded = text.toUpperCase();
		if (folded.startsWith(sign.toUpperCase())) return text.slice(sign.length);
		if (folded.endsWith(sign.toUpperCase())) return text.slice(0, -sign.length);
	}
	return text;
}

export function valueOf(line: Line, column: Column): Value {
	if (column === 'category') return line.product.category;
	return line.variant[column] ?? null;
}

/** A value as the sheet shows it. */
export function shown(column: Column, value: Value): string {
	if (value === null || value === '') return '';
	if (column === 'category') return String(value);
	return column === 'reorderPoint' ? quantity(value as number) : money(value as number);
}

/** A value as it is typed and copied. */
export function typedOf(column: Column, value: Value): string {
	if (value === null) return '';
	return column === 'price' || column === 'cost' ? amount(value as number) : String(value);
}
