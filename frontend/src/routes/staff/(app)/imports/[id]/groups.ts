import type { Schema } from '$lib/api';
import { rowText } from '../words';

type RowError = Schema['RowError'];

/** Rows with the same kind of problem in the same column. */
export interface Group {
	key: string;
	column: string;
	text: string;
	rows: { row: number; text: string }[];
}

export function grouped(errors: RowError[]): Group[] {
	const groups = new Map<string, Group>();
	for (const e of errors) {
		const key = `${e.code} ${e.column}`;
		const text = rowText(e.code, e.message, e.params);
		const group = groups.get(key) ?? { key, column: e.column, text, rows: [] };
		group.rows.push({ row: e.row, text });
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length);
}
