import type { Schema } from '$lib/api';
import { duration, money, percent } from '$lib/format';
import { languageNames, m, type Locale } from '$lib/i18n';
import type { Part } from './editor.svelte';

const fields = ['name', 'address', 'taxNumber', 'receiptNote', 'language', 'timeZone', 'receiptWidth', 'paperSize', 'invoicePrefix', 'creditNotePrefix', 'currency', 'pricesIncludeTax', 'defaultTaxRate', 'taxRates', 'shippingTaxRate', 'tillRequired', 'tillBlind', 'tillTolerance', 'holds'] as const;
export type ShopDraft = Pick<Schema['Settings'], (typeof fields)[number]>;

const among = (from: ShopDraft, names: readonly (keyof ShopDraft)[]) => Object.fromEntries(names.map((f) => [f, from[f]]));

export const shopPart: Part<ShopDraft> = {
	read: (s) => among(s, fields) as ShopDraft,
	change: (draft, changed) => among(draft, changed),
	wrong: (draft): Record<string, string> => (draft.name.trim() ? {} : { name: m.wrong_required() })
};

export const shopNames: Record<keyof ShopDraft, () => string> = {
	name: m.settings_name, address: m.settings_address, taxNumber: m.settings_tax_number, receiptNote: m.settings_receipt_note,
	language: m.settings_language, timeZone: m.settings_zone, currency: m.settings_currency, pricesIncludeTax: m.settings_prices,
	defaultTaxRate: m.settings_tax_rate, taxRates: m.settings_rates, shippingTaxRate: m.settings_shipping_rate, receiptWidth: m.settings_receipt_width, paperSize: m.settings_paper_size,
	invoicePrefix: m.settings_invoice_prefix, creditNotePrefix: m.settings_credit_note_prefix,
	tillRequired: m.tills_required, tillBlind: m.tills_blind_setting, tillTolerance: m.tills_tolerance, holds: m.settings_holds
};

/** For how long an unpaid order is held, in words; 0 is for good. */
export const term = (minutes: number): string => (minutes ? duration(minutes * 60_000) : m.settings_holds_none());

export function shopValue(field: keyof ShopDraft, value: unknown): string {
	if (value === '') return m.settings_theirs_empty();
	if (field === 'taxRates') return (value as ShopDraft['taxRates']).map((r) => m.settings_rate_named({ name: r.name, rate: percent(r.rate) })).join(' · ') || m.settings_theirs_empty();
	if (field === 'shippingTaxRate' && value === null) return m.settings_shipping_as_goods();
	if (field === 'defaultTaxRate' || field === 'shippingTaxRate') return percent(value as number);
	if (field === 'tillTolerance') return money(value as number);
	if (field === 'holds') return Object.values(value as ShopDraft['holds']).map(term).join(' · ');
	if (typeof value === 'boolean' && field !== 'pricesIncludeTax') return value ? m.common_yes() : m.common_no();
	if (field === 'pricesIncludeTax') return value ? m.settings_prices_gross() : m.settings_prices_net();
	if (field === 'receiptWidth') return value === 58 ? m.settings_receipt_58() : m.settings_receipt_80();
	if (field === 'paperSize') return value === 'letter' ? m.settings_paper_letter() : m.settings_paper_a4();
	return field === 'language' ? languageNames[value as Locale] : String(value);
}
