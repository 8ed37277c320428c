import { m } from '$lib/i18n';

type Params = Record<string, unknown>;

const text = (value: unknown) => String(value ?? '');

/** A SKU or barcode that something has already; without a name it is twice in the same form. */
const taken = (value: unknown, name: unknown) =>
	name ? m.wrong_taken({ value: text(value), name: text(name) }) : m.wrong_twice({ value: text(value) });

/** The server's codes in the person's language; words.test.ts reads them from its source. */
export const known: Record<string, (p: Params) => string> = {
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
	option_missing: (p) => m.wrong_option_missing({ name: text(p.name) }),
	option_unknown: (p) => m.wrong_option_unknown({ name: text(p.name) }),
	options_missing: () => m.wrong_options_missing(),
	duplicate_variant: () => m.wrong_variant_twice(),
	bad_slug: () => m.wrong_slug(),
	slug_taken: (p) => taken(p.slug, ''),
	email_taken: (p) => m.wrong_email_taken({ name: text(p.name) }),
	unknown_language: () => m.wrong_language(),
	too_large: () => m.wrong_too_much(),
	bad_amount: () => m.wrong_amount(),
	tendered_too_little: () => m.wrong_tendered(),
	discount_too_large: () => m.wrong_discount(),
	amount_or_percent: () => m.wrong_discount_kind(),
	draft_only: () => m.wrong_draft(),
	bad_reason: () => m.wrong_reason(),
	not_tracked: () => m.wrong_not_tracked(),
	below_zero: (p) => m.wrong_below_zero({ onHand: text(p.onHand) }),
	wrong_sign: () => m.stock_refused_wrong_sign(),
	would_short: (p) => m.wrong_would_short({ missing: text(p.missing), available: text(p.available) }),
	no_change: () => m.wrong_no_change(),
	delta_or_counted: () => m.wrong_no_change(),

	out_of_stock: (p) => {
		if (!p.location) return m.error_out_of_stock();
		const location = text(p.location);
		return Number(p.left) > 0 ? m.error_out_of_stock_left({ left: text(p.left), location }) : m.error_out_of_stock_none({ location });
	},
	archived: (p) => m.error_archived({ name: text(p.name) }),
	already_left: () => m.error_already_left(),
	not_open: () => m.error_not_open(),
	not_payable: () => m.error_not_payable(),
	nothing_left: () => m.error_nothing_left(),
	not_covered: (p) => m.error_not_covered({ covered: text(p.covered) }),
	illegal_move: () => m.error_illegal_move(),

	unknown_file: () => m.wrong_file_kind(),
	unknown_encoding: () => m.wrong_file_encoding(),
	file_too_large: () => m.error_too_large(),
	too_many_rows: () => m.wrong_file_rows(),
	too_many_changes: () => m.wrong_file_rows(),
	duplicate_column: (p) => m.wrong_file_columns({ column: text(p.column) }),
	bad_mapping: () => m.wrong_mapping(),
	expired: () => m.wrong_file_expired(),
	has_errors: () => m.wrong_file_errors(),
	import_running: () => m.wrong_import_running(),
	cancelled: () => m.error_cancelled(),

	bad_host: () => m.wrong_host(),
	bad_port: () => m.wrong_range({ min: '1', max: '65535' }),
	bad_security: () => m.error_outdated(),
	bad_url: () => m.wrong_url(),
	bad_time: () => m.wrong_time(),
	bad_days: () => m.wrong_range({ min: '1', max: '3650' }),
	mail_not_set_up: () => m.error_mail_off(),
	too_many_pixels: () => m.error_too_large(),
	job_running: () => m.error_job_running(),

	network: () => m.error_network(),
	timeout: () => m.error_timeout(),
	unauthenticated: () => m.error_unauthorized(),
	bad_credentials: () => m.error_bad_credentials(),
	throttled: () => m.error_throttled(),
	forbidden: () => m.error_forbidden(),
	password_needed: () => m.error_password_needed(),
	second_factor_needed: () => m.error_second_factor_needed(),
	locked: () => m.error_locked(),
	person_needed: () => m.error_person_needed(),
	approval_required: () => m.error_approval_required(),
	no_approval_here: () => m.error_no_approval_here(),
	bad_pin: (p) => m.error_bad_pin({ left: text(p.left) }),
	pin_blocked: () => m.error_pin_blocked(),
	bad_pin_form: () => m.wrong_pin_form(),
	code_required: () => m.error_code_required(),
	bad_code: () => m.error_bad_code(),
	no_factor_started: () => m.error_no_factor_started(),
	no_factor: () => m.error_no_factor(),
	password_common: () => m.wrong_password_common(),
	password_obvious: () => m.wrong_password_obvious(),
	wrong_password: () => m.wrong_password_own(),
	bad_link: () => m.error_bad_link(),
	own_role: () => m.error_own_role(),
	own_account: () => m.error_own_account(),
	last_admin: () => m.error_last_admin(),
	not_yours_to_give: () => m.wrong_not_yours(),
	not_for_tokens: () => m.wrong_not_for_tokens(),
	not_your_stores: () => m.error_not_your_stores(),
	done_before: () => m.error_done_before(),
	bad_mode: () => m.wrong_mode(),
	until_needed: () => m.wrong_until(),
	in_the_past: () => m.wrong_past(),
	bad_date: () => m.wrong_date({ example: '2026-11-20' }),
	cross_site: () => m.error_cross_site(),
	not_found: () => m.error_not_found(),
	not_set_up: () => m.error_not_found(),
	stale: () => m.error_stale(),
	key_reused: () => m.error_key_reused(),
	busy: () => m.error_busy(),
	too_slow: () => m.error_too_slow(),
	request_timeout: () => m.error_timeout(),
	stopping: () => m.error_stopping(),
	storage_failed: () => m.error_storage(),
	disk_full: () => m.error_disk_full(),
	not_saved: () => m.error_not_saved(),
	internal: () => m.error_unexpected(),

	invalid: () => m.wrong_value(),
	// What only an app older or newer than its server would send.
	unknown_field: () => m.error_outdated(),
	repeated: () => m.error_outdated(),
	unknown_kind: () => m.error_outdated(),
	bad_request: () => m.error_outdated(),
	bad_cursor: () => m.error_outdated(),
	bad_sort: () => m.error_outdated(),
	bad_policy: () => m.error_outdated(),
	bad_key: () => m.error_outdated(),
	key_required: () => m.error_outdated()
};

/** The sentence for a code, or empty where only the server's own words are left. */
export function wordsFor(code: string | undefined, params: Params | undefined): string {
	return (code && known[code]?.(params ?? {})) || '';
}
