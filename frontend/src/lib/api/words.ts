import { m } from '$lib/i18n';

type Params = Record<string, unknown>;

const text = (value: unknown) => String(value ?? '');

/** A SKU or barcode that something has already; without a name it is twice in the same form. */
const taken = (value: unknown, name: unknown) =>
	name ? m.wrong_taken({ value: text(value), name: text(name) }) : m.wrong_twice({ value: text(value) });

/** The codes that belong to a field, in the person's language. */
const known: Record<string, (p: Params) => string> = {
	required: () => m.wrong_required(),
	too_long: (p) => (p.max ? m.wrong_too_long({ max: text(p.max) }) : ''),
	bad_text: () => m.wrong_text(),
	out_of_range: (p) => m.wrong_range({ min: text(p.min), max: text(p.max) }),
	too_many: (p) => m.wrong_many({ max: text(p.max) }),
	bad_email: () => m.wrong_email(),
	password_too_short: (p) => m.wrong_password_short({ min: text(p.min) }),
	name_taken: (p) => m.wrong_name_taken({ name: text(p.name) }),
	unknown_currency: () => m.wrong_currency(),
	unknown_zone: () => m.wrong_zone(),
	bad_rate: () => m.wrong_rate(),
	bad_setup_token: () => m.wrong_setup_token(),
	already_set_up: () => m.wrong_set_up(),
	frozen: () => m.wrong_frozen(),
	bad_barcode: (p) =>
		p.digit ? m.wrong_barcode_digit({ barcode: text(p.barcode), digit: text(p.digit) }) : m.wrong_barcode(),
	barcode_taken: (p) => taken(p.barcode, p.name),
	sku_taken: (p) => taken(p.sku, p.name),
	duplicate_options: (p) => m.wrong_twice({ value: text(p.name) }),
	duplicate_option: (p) => m.wrong_twice({ value: text(p.name) }),
	option_missing: (p) => m.wrong_option_missing({ name: text(p.name) })
};

/** The sentence for a code, or empty where only the server's own words are left. */
export function wordsFor(code: string | undefined, params: Params | undefined): string {
	return (code && known[code]?.(params ?? {})) || '';
}
