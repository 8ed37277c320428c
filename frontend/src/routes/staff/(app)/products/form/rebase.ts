import { same, type Draft, type Row } from './draft';

/** A field that both changed: theirs is in the shop, mine is on this screen. */
export interface Conflict {
	field: keyof Draft | keyof Row;
	/** The row it belongs to, by its id. */
	row?: number;
	theirs: unknown;
	mine: unknown;
}

const fields = ['name', 'description', 'brand', 'category', 'taxRate', 'published', 'tags', 'notes'] as const;
const cells = ['sku', 'barcodes', 'packs', 'price', 'compareAtPrice', 'salePrice', 'saleStarts', 'saleEnds', 'cost', 'reorderPoint', 'maxStock', 'tracked', 'policy'] as const;

/**
 * Lays what was typed over the state that somebody else saved meanwhile. What only one side changed is
 * taken from that side; where both did, mine stays and is named.
 */
export function rebase(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; conflicts: Conflict[] } {
	const conflicts: Conflict[] = [];
	const draft: Draft = structuredClone(mine);
	for (const f of fields) merge(f, base, mine, theirs, draft, (c) => conflicts.push(c));

	if (same(shape(base), shape(mine))) {
		// The rows are theirs, with what I typed in those that are still there.
		draft.options = structuredClone(theirs.options);
		draft.rows = theirs.rows.map((t) => {
			const b = base.rows.find((r) => r.id === t.id);
			const m = mine.rows.find((r) => r.id === t.id);
			return b && m ? mergeRow(b, m, t, conflicts) : structuredClone(t);
		});
	} else {
		draft.rows = mine.rows.map((m) => {
			const b = base.rows.find((r) => r.id !== undefined && r.id === m.id);
			const t = theirs.rows.find((r) => r.id !== undefined && r.id === m.id);
			return b && t ? { ...mergeRow(b, m, t, conflicts), values: [...m.values] } : structuredClone(m);
		});
		if (!same(shape(base), shape(theirs))) {
			conflicts.push({ field: 'options', theirs: describe(theirs), mine: describe(mine) });
		}
	}
	return { draft, conflicts };
}

/** Takes their side of a conflict. */
export function takeTheirs(draft: Draft, theirs: Draft, c: Conflict) {
	if (c.field === 'options') {
		draft.options = structuredClone(theirs.options);
		draft.rows = structuredClone(theirs.rows);
		return;
	}
	const target = c.row === undefined ? draft : draft.rows.find((r) => r.id === c.row);
	if (target) Object.assign(target, { [c.field]: structuredClone(c.theirs) });
}

function mergeRow(base: Row, mine: Row, theirs: Row, conflicts: Conflict[]): Row {
	const row = structuredClone({ ...mine, values: theirs.values });
	for (const f of cells) merge(f, base, mine, theirs, row, (c) => conflicts.push({ ...c, row: theirs.id }));
	return row;
}

function merge<T extends object, K extends keyof T>(f: K, base: T, mine: T, theirs: T, into: T, clash: (c: Conflict) => void) {
	if (same(mine[f], theirs[f]) || same(base[f], theirs[f])) return;
	if (same(base[f], mine[f])) into[f] = structuredClone(theirs[f]);
	else clash({ field: f as Conflict['field'], theirs: theirs[f], mine: mine[f] });
}

function shape(d: Draft) {
	return [d.options, d.rows.map((r) => [r.id, r.values])];
}

function describe(d: Draft): string[] {
	return d.options.map((o) => `${o.name}: ${o.values.join(', ')}`);
}
