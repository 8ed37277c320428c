import Boxes from '@lucide/svelte/icons/boxes';
import Tag from '@lucide/svelte/icons/tag';
import Users from '@lucide/svelte/icons/users';
import { errorText, isApiError, type Schema } from '$lib/api';
import { wordsFor } from '$lib/api/words';
import { m } from '$lib/i18n';
import type { Icon, Tone } from '$lib/ui/types';

export type ImportRow = Schema['ImportItem'];
export type Kind = ImportRow['kind'];

interface KindWords {
	value: Kind;
	icon: Icon;
	/** Where what was imported is seen afterwards. */
	href: string;
	name: () => string;
	text: () => string;
	open: () => string;
	/** It lies somewhere, so a store is asked for. */
	located: boolean;
	/** The systems whose files are understood as they are, and where they are made there. */
	from: { name: string; how: () => string }[];
}

/** What files may hold, in the order a new shop brings them over. */
export const kinds: KindWords[] = [
	{
		value: 'products', icon: Tag, href: '/staff/products?sort=newest', name: m.imports_kind_products, text: m.imports_kind_products_text,
		open: m.imports_open_products, located: true,
		from: [
			{ name: 'WooCommerce', how: m.imports_from_woo },
			{ name: 'Shopify', how: m.imports_from_shopify },
			{ name: 'Square', how: m.imports_from_square },
			{ name: 'Onhand', how: m.imports_from_onhand }
		]
	},
	{
		value: 'customers', icon: Users, href: '/staff/customers', name: m.imports_kind_customers, text: m.imports_kind_customers_text,
		open: m.imports_open_customers, located: false,
		from: [{ name: 'Onhand', how: m.imports_from_onhand }]
	},
	{
		value: 'stock', icon: Boxes, href: '/staff/stock', name: m.imports_kind_stock, text: m.imports_kind_stock_text,
		open: m.imports_open_stock, located: true,
		from: [{ name: 'Onhand', how: m.imports_from_onhand }]
	}
];

export const kindWords = (kind: string): KindWords => kinds.find((k) => k.value === kind) ?? kinds[0]!;

export function kindOf(text: string | null): Kind {
	return kindWords(text ?? '').value;
}

const statuses: Record<ImportRow['status'], { tone: Tone; text: () => string }> = {
	previewed: { tone: 'neutral', text: m.imports_status_previewed },
	running: { tone: 'blue', text: m.imports_status_running },
	committed: { tone: 'green', text: m.imports_status_committed },
	failed: { tone: 'red', text: m.imports_status_failed },
	undone: { tone: 'neutral', text: m.imports_status_undone }
};

export function statusOf(i: ImportRow): { tone: Tone; text: string } {
	const { tone, text } = statuses[i.status];
	if (i.undoing) return { tone, text: i.committedAt ? m.imports_status_undoing() : m.imports_status_taking_back() };
	if (i.failureCode === 'cancelled') return { tone: 'neutral', text: m.imports_status_cancelled() };
	return { tone, text: text() };
}

/** Failures of the import itself, not of what it met in the shop. */
const itself = ['stopped', 'timed_out', 'went_wrong'];

/** Why an import failed, in the person's language where we know its code. */
export function failureText(i: Pick<Schema['Import'], 'failure' | 'failureCode' | 'failureParams' | 'archived'>): string {
	let why = wordsFor(i.failureCode, i.failureParams) || i.failure;
	if (i.failureCode === 'cancelled') why = m.imports_failed_cancelled({ by: String(i.failureParams?.by ?? '') });
	else if (why !== i.failure && !itself.includes(i.failureCode)) why = m.imports_failed_changed({ reason: why });
	return i.archived ? `${why} ${m.imports_undone_archived({ count: i.archived })}` : why;
}

type Params = Record<string, unknown> | undefined;

const why: Record<string, (p: { value: string }) => string> = {
	archived: m.imports_why_archived, product_skipped: m.imports_why_product_skipped, product_error: m.imports_why_product_error,
	no_variations: m.imports_why_no_variations, grouped: m.imports_why_grouped, external: m.imports_why_external,
	other_type: m.imports_why_other_type, switched_off: m.imports_why_switched_off, same_product: m.imports_why_same_product,
	sku_taken: m.imports_why_sku_taken, below_zero: m.imports_why_below_zero, would_short: m.imports_why_would_short,
	ambiguous_amount: m.imports_why_ambiguous_amount, too_large: m.imports_why_too_large, bad_amount: m.imports_why_bad_amount,
	negative_amount: m.imports_why_negative_amount, bad_quantity: m.imports_why_bad_quantity,
	negative_quantity: m.imports_why_negative_quantity, open_quote: m.imports_why_open_quote, bad_quote: m.imports_why_bad_quote,
	ragged: m.imports_why_ragged, key_missing: m.imports_why_key_missing, type_missing: m.imports_why_type_missing,
	required: m.imports_why_required, parent_missing: m.imports_why_parent_missing, parent_unknown: m.imports_why_parent_unknown,
	parent_not_variable: m.imports_why_parent_not_variable, bad_flag: m.imports_why_bad_flag, bad_date: m.imports_why_bad_date,
	same_customer: m.imports_why_same_customer, bad_email: m.imports_why_bad_email,
	unknown_product: m.imports_why_unknown_product, pack_code: m.imports_why_pack_code,
	sale_above_price: m.wrong_sale_above, ends_first: m.wrong_ends_first,
	unknown_variant: m.imports_why_unknown_variant, unknown_location: m.imports_why_unknown_location, not_tracked: m.imports_why_not_tracked,
	lots_not_tracked: m.imports_why_lots, counted_twice: m.imports_why_counted_twice, delta_or_counted: m.imports_why_delta_or_counted,
	no_number: m.imports_why_no_number, imported_before: m.imports_why_imported_before, other_store: m.imports_why_other_store,
	changed_since: m.imports_why_changed_since, used_since: m.imports_why_used_since, imported_since: m.imports_why_imported_since,
	counted_since: m.imports_why_counted_since, stock_gone: m.imports_why_stock_gone, not_undone: m.imports_why_not_undone,
	bad_barcode: m.imports_why_bad_barcode, not_sellable: m.imports_why_not_sellable, variable_price: m.imports_why_variable_price,
	option_needed: m.imports_why_option_needed, too_long: m.imports_why_too_long, gift_card: m.imports_why_gift_card,
	picture_row: m.imports_why_picture_row, oversold: m.imports_why_oversold, differs: m.imports_why_differs,
	bad_rate: m.imports_why_bad_rate, bad_pack: m.imports_why_bad_pack,
	stock_of_product: m.imports_why_stock_of_product, any_value: m.imports_why_any_value, tax_class: m.imports_why_tax_class
};

/** What is said of a row, in the person's language where we know its code. */
export function rowText(code: string, message: string, params?: Params): string {
	const value = params?.value;
	const say = why[code];
	if (!say) return message;
	const text = say({ value: String(value ?? '') });
	return value === undefined && text.includes('“”') ? message : text;
}

/** Where the page can say more than the words for everybody do. */
const files: Record<string, () => string> = {
	file_too_large: m.imports_file_large,
	too_many_rows: m.imports_file_large,
	has_errors: m.imports_has_errors
};

/** Why a file as a whole was refused. */
export function fileText(e: unknown): string {
	return (isApiError(e) && files[e.code]?.()) || errorText(e);
}

/** What a file brings, or brought: "312 created, 4 updated and 12 left out". */
export function counted(i: Pick<ImportRow, 'create' | 'update' | 'skip' | 'errorRows' | 'status'>): string[] {
	const will = i.status !== 'committed' && i.status !== 'undone';
	const left = i.skip + (will ? 0 : i.errorRows);
	return [
		...(i.create ? [(will ? m.imports_count_create : m.imports_count_created)({ count: i.create })] : []),
		...(i.update ? [(will ? m.imports_count_update : m.imports_count_updated)({ count: i.update })] : []),
		...(will && i.errorRows ? [m.imports_count_errors({ count: i.errorRows })] : []),
		...(left ? [m.imports_count_left({ count: left })] : [])
	];
}
