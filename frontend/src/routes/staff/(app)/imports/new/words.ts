import { m } from '$lib/i18n';

export type About = 'encoding' | 'separator' | 'decimal';

/** What is asked of how a file is written, and why it cannot be known. */
export const aboutWords: Record<About, { name: () => string; ask: () => string; why: () => string }> = {
	encoding: { name: m.imports_about_encoding, ask: m.imports_ask_encoding, why: m.imports_ask_encoding_why },
	separator: { name: m.imports_about_separator, ask: m.imports_ask_separator, why: m.imports_ask_separator_why },
	decimal: { name: m.imports_about_decimal, ask: m.imports_ask_decimal, why: m.imports_ask_decimal_why }
};

/** The ways a file may be written, as the server knows them. */
export const answers: Record<About, string[]> = {
	encoding: ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1250', 'macintosh', 'ibm850'],
	separator: ['comma', 'semicolon', 'tab'],
	decimal: ['point', 'comma']
};

const answerWords: Record<string, () => string> = {
	'encoding windows-1252': m.imports_windows_1252,
	'encoding windows-1250': m.imports_windows_1250,
	'encoding macintosh': m.imports_macintosh,
	'encoding ibm850': m.imports_ibm850,
	'separator comma': m.imports_comma,
	'separator semicolon': m.imports_semicolon,
	'separator tab': m.imports_tab,
	'decimal point': m.imports_decimal_point,
	'decimal comma': m.imports_decimal_comma
};

export function answerWord(about: About, value: string): string {
	return answerWords[`${about} ${value}`]?.() ?? value.toUpperCase();
}

const fields: Record<string, () => string> = {
	handle: m.imports_field_handle, name: m.imports_field_name, description: m.imports_field_description, brand: m.imports_field_brand,
	category: m.imports_field_category, tags: m.imports_field_tags, notes: m.imports_field_notes, published: m.imports_field_published,
	taxRate: m.imports_field_tax_rate, sku: m.imports_field_sku, barcodes: m.imports_field_barcodes, packs: m.imports_field_packs,
	price: m.imports_field_price, token: m.imports_field_token, variationName: m.imports_field_variation, sellable: m.imports_field_sellable, archived: m.imports_field_archived, supplier: m.imports_field_supplier, supplierCode: m.imports_field_supplier_code, compareAtPrice: m.imports_field_compare_at, salePrice: m.imports_field_sale_price,
	saleStarts: m.imports_field_sale_starts, saleEnds: m.imports_field_sale_ends, cost: m.imports_field_cost,
	reorderPoint: m.imports_field_reorder_point, maxStock: m.imports_field_max_stock, tracked: m.imports_field_tracked,
	counted: m.imports_field_counted, change: m.imports_field_change, location: m.imports_field_location, barcode: m.imports_field_barcode,
	lot: m.imports_field_lot, expires: m.imports_field_expires, firstName: m.imports_field_first_name, lastName: m.imports_field_last_name,
	company: m.imports_field_company, email: m.imports_field_email, phone: m.imports_field_phone, note: m.imports_field_note, key: m.imports_field_key,
	policy: m.imports_field_policy, stock: m.imports_field_stock, pictures: m.imports_field_pictures
};

/** What a field is called; one that only another system has keeps that system's word. */
export function fieldName(field: string): string {
	const option = /^option(\d)(Name|Value)$/.exec(field);
	if (option) return (option[2] === 'Name' ? m.imports_field_option_name : m.imports_field_option_value)({ number: option[1]! });
	if (field.startsWith('stock:')) return m.imports_field_stock_at({ location: field.slice('stock:'.length) });
	return fields[field]?.() ?? field;
}
