import type { Schema } from '$lib/api';

export type Reading = Schema['ImportReading'];
type Column = Schema['ImportColumn'];
type Field = Schema['ImportField'];

/** What each column of a file stands for, by the column's name; '' for nothing. */
export type Mapping = Record<string, string>;

/** What the server made of the columns: by their headers, or as they were named by hand before. */
export function mappingOf(columns: Column[]): Mapping {
	return Object.fromEntries(columns.map((c) => [c.name, c.field]));
}

/** A column stands for a field; the one that did before stands for nothing. */
export function assign(mapping: Mapping, column: string, field: string): Mapping {
	const next = { ...mapping, [column]: field };
	for (const other in next) {
		if (field && other !== column && next[other] === field) next[other] = '';
	}
	return next;
}

/** The fields a file must have, as its columns are named: beside a SKU, for one, no name is needed. */
export function required(fields: Field[], mapping: Mapping): string[] {
	const named = new Set(Object.values(mapping));
	return fields.filter((f) => f.required && !f.unless?.some((other) => named.has(other))).map((f) => f.field);
}

/** The fields a file must have and this one has not. */
export function missing(fields: Field[], mapping: Mapping): string[] {
	const named = new Set(Object.values(mapping));
	return required(fields, mapping).filter((field) => !named.has(field));
}

/** What was said by hand is kept when the same columns are read in another way. */
export function carried(before: Mapping, columns: Column[]): Mapping {
	const same = columns.length === Object.keys(before).length && columns.every((c) => c.name in before);
	return same ? before : mappingOf(columns);
}

export type Which = 'all' | 'used' | 'unused';

/** The columns to show: by what was typed, and by whether they are imported. */
export function shown(columns: Column[], mapping: Mapping, which: Which, q: string): Column[] {
	const text = q.trim().toLocaleLowerCase();
	return columns.filter((c) => {
		if (which !== 'all' && Boolean(mapping[c.name]) !== (which === 'used')) return false;
		return !text || [c.name, c.header, ...c.samples].some((s) => s.toLocaleLowerCase().includes(text));
	});
}
