import { mostRows, newRow, type Draft, type Row } from './draft';

const fold = (s: string) => s.trim().toLowerCase();

export function addOption(d: Draft, name: string) {
	d.options.push({ name, values: [] });
	for (const row of d.rows) row.values.push('');
}

/** Takes an option away; rows that no longer differ become one. */
export function removeOption(d: Draft, index: number) {
	d.options.splice(index, 1);
	const seen = new Set<string>();
	d.rows = d.rows.filter((row) => {
		row.values.splice(index, 1);
		const key = JSON.stringify(row.values.map(fold));
		return !seen.has(key) && seen.add(key);
	});
}

/**
 * Adds a value to an option. The first one goes to the rows that are there; each further one makes a row
 * beside every combination of the other options. Nothing happens when the option has it already, or when
 * a product has no room for so many rows.
 */
export function addValue(d: Draft, index: number, typed: string): 'added' | 'twice' | 'full' {
	const value = typed.trim();
	const option = d.options[index]!;
	if (!value || option.values.some((v) => fold(v) === fold(value))) return 'twice';
	if (option.values.length === 0) {
		option.values.push(value);
		for (const row of d.rows) row.values[index] = value;
		return 'added';
	}
	const others = new Map<string, Row>();
	for (const row of d.rows) {
		const key = JSON.stringify(row.values.map((v, i) => (i === index ? '' : fold(v))));
		if (!others.has(key)) others.set(key, row);
	}
	if (d.rows.length + others.size > mostRows) return 'full';
	option.values.push(value);
	for (const like of others.values()) {
		d.rows.push(newRow(like.values.map((v, i) => (i === index ? value : v)), like));
	}
	sortRows(d);
	return 'added';
}

export function removeValue(d: Draft, index: number, value: string) {
	const option = d.options[index]!;
	option.values = option.values.filter((v) => v !== value);
	if (option.values.length > 0) {
		d.rows = d.rows.filter((row) => row.values[index] !== value);
		return;
	}
	const seen = new Set<string>();
	d.rows = d.rows.filter((row) => {
		row.values[index] = '';
		const key = JSON.stringify(row.values.map(fold));
		return !seen.has(key) && seen.add(key);
	});
}

/** Writes a value anew in every row that has it. False when another value is called so. */
export function renameValue(d: Draft, index: number, from: string, typed: string): boolean {
	const to = typed.trim();
	const option = d.options[index]!;
	if (!to || option.values.some((v) => v !== from && fold(v) === fold(to))) return false;
	option.values = option.values.map((v) => (v === from ? to : v));
	for (const row of d.rows) if (row.values[index] === from) row.values[index] = to;
	return true;
}

/** How many combinations of the values have no row. */
export function missing(d: Draft): number {
	const all = d.options.reduce((n, o) => n * Math.max(o.values.length, 1), 1);
	return d.options.length === 0 ? 0 : all - d.rows.length;
}

function combinations(d: Draft): string[][] {
	return d.options.reduce<string[][]>((rows, o) => rows.flatMap((r) => (o.values.length ? o.values : ['']).map((v) => [...r, v])), [[]]);
}

export function addMissing(d: Draft) {
	const have = new Set(d.rows.map((r) => JSON.stringify(r.values.map(fold))));
	const absent = combinations(d).filter((values) => !have.has(JSON.stringify(values.map(fold))));
	for (const values of absent) d.rows.push(newRow(values, d.rows[0]));
	sortRows(d);
}

function sortRows(d: Draft) {
	const place = (row: Row, i: number) => d.options[i]!.values.indexOf(row.values[i]!);
	d.rows.sort((a, b) => {
		for (let i = 0; i < d.options.length; i++) {
			const by = place(a, i) - place(b, i);
			if (by !== 0) return by;
		}
		return 0;
	});
}
