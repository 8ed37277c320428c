import type { Schema } from '$lib/api';

type Product = Schema['Product'];
export type Pack = Schema['Pack'];
type Policy = Schema['VariantChange']['policy'];

/** One row of the form; its values stand in the order of the product's options. */
export interface Row {
	/** Stays with the row while it is typed in; ids come from the server. */
	key: string;
	id?: number;
	values: string[];
	sku: string;
	barcodes: string[];
	packs: Pack[];
	price: number | null;
	compareAtPrice: number | null;
	/** A lower price for a time; the times are as toISOString writes them. */
	salePrice: number | null;
	saleStarts: string | null;
	saleEnds: string | null;
	cost: number | null;
	reorderPoint: number;
	maxStock: number;
	tracked: boolean;
	policy: NonNullable<Policy>;
}

export interface Option {
	name: string;
	values: string[];
}

/** A product as it is typed. */
export interface Draft {
	name: string;
	description: string;
	brand: string;
	category: string;
	taxRate: number | null;
	published: boolean;
	tags: string[];
	notes: string;
	options: Option[];
	rows: Row[];
}

export const mostRows = 250;
let made = 0;

export function newRow(values: string[] = [], like?: Row): Row {
	return {
		key: `new${++made}`,
		values,
		sku: '',
		barcodes: [],
		packs: [],
		price: like?.price ?? null,
		compareAtPrice: like?.compareAtPrice ?? null,
		salePrice: like?.salePrice ?? null,
		saleStarts: like?.saleStarts ?? null,
		saleEnds: like?.saleEnds ?? null,
		cost: like?.cost ?? null,
		reorderPoint: like?.reorderPoint ?? 10,
		maxStock: like?.maxStock ?? 0,
		tracked: like?.tracked ?? true,
		policy: like?.policy ?? 'deny'
	};
}

export function newDraft(taxRate = 0): Draft {
	return { name: '', description: '', brand: '', category: '', taxRate, published: true, tags: [], notes: '', options: [], rows: [newRow()] };
}

function iso(at: string | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}

export function draftOf(p: Product): Draft {
	const rows = p.variants.map((v) => ({
		key: String(v.id),
		id: v.id,
		values: p.options.map((name) => v.options[name] ?? ''),
		sku: v.sku,
		barcodes: [...v.barcodes],
		packs: v.packs.map(({ code, quantity }) => ({ code, quantity })),
		price: v.price,
		compareAtPrice: v.compareAtPrice,
		salePrice: v.salePrice,
		saleStarts: iso(v.saleStarts),
		saleEnds: iso(v.saleEnds),
		cost: v.cost ?? null,
		reorderPoint: v.reorderPoint,
		maxStock: v.maxStock,
		tracked: v.tracked,
		policy: v.policy
	}));
	const options = p.options.map((name, i) => ({ name, values: [...new Set(rows.map((r) => r.values[i]!))] }));
	return {
		name: p.name,
		description: p.description,
		brand: p.brand,
		category: p.category,
		taxRate: p.taxRate,
		published: p.published,
		tags: [...p.tags],
		notes: p.notes,
		options,
		rows
	};
}

/** The options that count: with a name and a value. A half-typed one waits. */
export function settledOptions(d: Draft): Option[] {
	return d.options.filter((o) => o.values.length > 0);
}

export function titleOf(row: Row): string {
	return row.values.join(' / ');
}

export function bodyOf(d: Draft, withCost: boolean): Schema['NewProduct'] {
	return {
		name: d.name,
		description: d.description,
		brand: d.brand,
		category: d.category,
		taxRate: d.taxRate ?? 0,
		published: d.published,
		tags: d.tags,
		notes: d.notes,
		options: settledOptions(d).map((o) => o.name),
		variants: d.rows.map((r) => ({
			options: optionsOf(d, r),
			barcodes: r.barcodes,
			packs: r.packs,
			price: r.price ?? 0,
			reorderPoint: r.reorderPoint,
			maxStock: r.maxStock,
			tracked: r.tracked,
			policy: r.policy,
			...(r.sku.trim() ? { sku: r.sku } : {}),
			...(r.compareAtPrice === null ? {} : { compareAtPrice: r.compareAtPrice }),
			...(r.salePrice === null ? {} : { salePrice: r.salePrice, saleStarts: r.saleStarts, saleEnds: r.saleEnds }),
			...(withCost && r.cost !== null ? { cost: r.cost } : {})
		}))
	};
}

/** Only what differs from what was loaded, so that a neighbour's change of something else stays. */
export function changeOf(base: Draft, d: Draft, withCost: boolean): Schema['ProductChange'] {
	const change: Schema['ProductChange'] = {};
	if (d.name !== base.name) change.name = d.name;
	if (d.description !== base.description) change.description = d.description;
	if (d.brand !== base.brand) change.brand = d.brand;
	if (d.category !== base.category) change.category = d.category;
	if (d.taxRate !== base.taxRate) change.taxRate = d.taxRate ?? 0;
	if (d.published !== base.published) change.published = d.published;
	if (!same(d.tags, base.tags)) change.tags = d.tags;
	if (d.notes !== base.notes) change.notes = d.notes;
	const names = settledOptions(d).map((o) => o.name);
	if (!same(names, settledOptions(base).map((o) => o.name))) change.options = names;
	if (!same(plain(base, withCost), plain(d, withCost))) {
		change.variants = d.rows.map((r) => rowChange(d, base.rows.find((b) => b.id !== undefined && b.id === r.id), r, withCost));
	}
	return change;
}

export function isChanged(base: Draft, d: Draft): boolean {
	return !same({ ...base, rows: plain(base, true) }, { ...d, rows: plain(d, true) });
}

function rowChange(d: Draft, base: Row | undefined, r: Row, withCost: boolean): Schema['VariantChange'] {
	const c: Schema['VariantChange'] = { options: optionsOf(d, r) };
	if (r.id !== undefined) c.id = r.id;
	if (r.sku.trim() && r.sku !== base?.sku) c.sku = r.sku;
	if (!same(r.barcodes, base?.barcodes ?? [])) c.barcodes = r.barcodes;
	if (!same(r.packs, base?.packs ?? [])) c.packs = r.packs;
	if (!base || r.price !== base.price) c.price = r.price ?? 0;
	if (r.compareAtPrice !== (base?.compareAtPrice ?? null)) c.compareAtPrice = r.compareAtPrice;
	for (const f of ['salePrice', 'saleStarts', 'saleEnds'] as const) {
		if (r[f] !== (base?.[f] ?? null)) Object.assign(c, { [f]: r[f] });
	}
	if (withCost && r.cost !== (base?.cost ?? null)) c.cost = r.cost;
	if (!base || r.reorderPoint !== base.reorderPoint) c.reorderPoint = r.reorderPoint;
	if (!base || r.maxStock !== base.maxStock) c.maxStock = r.maxStock;
	if (!base || r.tracked !== base.tracked) c.tracked = r.tracked;
	if (!base || r.policy !== base.policy) c.policy = r.policy;
	return c;
}

function optionsOf(d: Draft, r: Row): Record<string, string> {
	const used = d.options.flatMap((o, i) => (o.values.length > 0 ? [[o.name, r.values[i] ?? ''] as const] : []));
	return Object.fromEntries(used);
}

// Keys are ours alone, and who may not see costs cannot have changed one.
function plain(d: Draft, withCost: boolean) {
	return d.rows.map(({ key: _, cost, ...r }) => (withCost ? { ...r, cost } : r));
}

export function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

/** The errors of a list's places: `variants[0].barcodes[2]` is at 2. */
export function placed(fields: Record<string, string>, list: string): Record<number, string> {
	const found = Object.entries(fields).flatMap(([field, text]) => {
		const place = field.startsWith(`${list}[`) ? /^\d+/.exec(field.slice(list.length + 1)) : null;
		return place ? [[Number(place[0]), text]] : [];
	});
	return Object.fromEntries(found);
}

/** The value that an error is about: `variants[0].price` is the price of the first row. */
export function valueAt(d: Draft, field: string): unknown {
	const place = /^variants\[(\d+)\]\.(\w+)/.exec(field);
	if (place) {
		const row = d.rows[Number(place[1])];
		return row && [row.key, place[2] === 'options' ? row.values : row[place[2] as keyof Row]];
	}
	if (field.startsWith('tags[')) return d.tags;
	const option = /^options\[(\d+)\]/.exec(field);
	if (option) return d.options[Number(option[1])]?.name;
	return field in d ? d[field as keyof Draft] : d.rows.length;
}
