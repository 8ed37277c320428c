import type { Schema } from '$lib/api';
import { amount, dateTime, percent } from '$lib/format';
import { m } from '$lib/i18n';
import { roleName, type Role } from '$lib/staff/words';

export type Entry = Schema['AuditEntry'];

export const entities: Record<string, () => string> = {
	product: m.audit_product,
	variant: m.audit_variant,
	image: m.audit_image,
	brand: m.audit_brand,
	category: m.audit_category,
	supplier: m.audit_supplier,
	supplier_item: m.audit_supplier_item,
	discount_code: m.audit_discount_code,
	customer: m.audit_customer,
	location: m.audit_location,
	settings: m.audit_settings,
	import: m.audit_import,
	user: m.audit_user,
	registration: m.audit_registration,
	role: m.audit_role,
	session: m.audit_session,
	token: m.audit_token,
	route: m.audit_route,
	audit: m.audit_audit
};

/** Lists that were taken out as files; nobody looks for anything else about them. */
const lists: Record<string, () => string> = {
	products: m.exports_products,
	stock: m.exports_stock,
	movements: m.exports_movements,
	customers: m.exports_customers,
	orders: m.exports_orders
};

export const actions: Record<string, () => string> = {
	created: m.audit_created,
	changed: m.audit_changed,
	removed: m.audit_removed,
	signed_in: m.audit_signed_in,
	signed_out: m.audit_signed_out,
	sign_in_refused: m.audit_sign_in_refused,
	denied: m.audit_denied,
	exported: m.audit_exported,
	registered: m.audit_registered,
	registered_again: m.audit_registered_again,
	approved: m.audit_approved,
	rejected: m.audit_rejected,
	disabled: m.audit_disabled,
	enabled: m.audit_enabled,
	revoked: m.audit_revoked,
	password_changed: m.audit_password_changed,
	password_forgotten: m.audit_password_forgotten,
	pin_set: m.audit_pin_set,
	pin_removed: m.audit_pin_removed,
	pin_refused: m.audit_pin_refused,
	second_factor_set: m.audit_second_factor_set,
	second_factor_removed: m.audit_second_factor_removed,
	recovery_codes_renewed: m.audit_recovery_codes_renewed,
	written_off: m.audit_written_off
};

const fields: Record<string, () => string> = {
	name: m.audit_field_name,
	email: m.signin_email,
	alt: m.audit_field_alt,
	position: m.audit_field_position,
	variantId: m.audit_field_variant,
	price: m.audit_field_price,
	compareAtPrice: m.audit_field_compare,
	salePrice: m.audit_field_sale,
	saleStarts: m.audit_field_sale_starts,
	saleEnds: m.audit_field_sale_ends,
	cost: m.audit_field_cost,
	supplier: m.suppliers_item_supplier,
	supplierCode: m.suppliers_item_code,
	moq: m.suppliers_item_moq,
	packSize: m.suppliers_item_pack,
	leadTimeDays: m.suppliers_lead_days,
	preferred: m.suppliers_item_preferred,
	contact: m.suppliers_contact,
	phone: m.suppliers_phone,
	address: m.suppliers_address,
	archived: m.suppliers_archived,
	policy: m.audit_field_policy,
	packs: m.packs_title,
	role: m.people_role,
	status: m.audit_field_status,
	locationIds: m.people_stores,
	discount: m.permissions_discount,
	refund: m.permissions_refund,
	writeOff: m.permissions_write_off,
	secondFactor: m.account_factor,
	format: m.exports_format,
	filter: m.exports_filter,
	note: m.signup_note,
	amount: m.counter_discount_amount_label,
	percent: m.counter_discount_percent_label,
	startsOn: m.discounts_starts,
	endsOn: m.discounts_ends,
	maxUses: m.discounts_max_uses,
	maxPerCustomer: m.discounts_max_per_customer,
	minimum: m.discounts_minimum,
	categoryIds: m.discounts_categories,
	active: m.discounts_active,
	reason: m.requests_reason,
	sku: m.audit_field_sku,
	triesLeft: m.audit_field_tries
};

const money = new Set(['amount', 'minimum', 'price', 'compareAtPrice', 'salePrice', 'cost', 'refund', 'writeOff']);
/** What nobody asks for, or what the sentence says already. */
const quiet = new Set(['id', 'version', 'createdAt', 'lastSeenAt', 'userId', 'route', 'code', 'by', 'hasPin', 'decidedAt', 'decidedBy', 'token']);

const entityName = (e: string) => (entities[e] ?? lists[e])?.() ?? e;

export function actionName(e: Entry): string {
	if (e.action === 'signed_in' && record(e.after).by === 'pin') return m.audit_taken_over();
	return actions[e.action]?.() ?? e.action.replaceAll('_', ' ');
}

/** What an entry is about: "product Blue mug"; nothing where somebody did it to themselves. */
export function about(e: Entry): string {
	const named = subject(e);
	const own = e.entity === 'session' || e.entity === 'audit' || (e.entity === 'user' && e.actor.kind === 'user' && e.actor.id === e.entityId);
	if (own && !named) return '';
	return [entityName(e.entity), named].filter(Boolean).join(' ');
}

/** Whom or what an entry is about, as far as it tells. */
function subject(e: Entry): string {
	const state = { ...record(e.before), ...record(e.after) };
	if (e.entity === 'role' && state.role) return roleName(state.role as Role);
	const named = state.name ?? state.email ?? state.route ?? state.sku;
	return typeof named === 'string' ? named : '';
}

/** What is different after it: a line each. */
export function differences(e: Entry): { field: string; before: string; after: string }[] {
	const before = record(e.before);
	const after = record(e.after);
	return [...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter((f) => !quiet.has(f) && JSON.stringify(before[f]) !== JSON.stringify(after[f]))
		.map((f) => ({ field: fields[f]?.() ?? f, before: shown(f, before[f]), after: shown(f, after[f]) }));
}

function record(state: unknown): Record<string, unknown> {
	return state && typeof state === 'object' && !Array.isArray(state) ? (state as Record<string, unknown>) : {};
}

function shown(field: string, value: unknown): string {
	if (value === undefined || value === null || value === '') return '–';
	if (typeof value === 'boolean') return value ? m.common_yes() : m.common_no();
	if (field === 'role') return roleName(value as Role);
	if (typeof value === 'number' && money.has(field)) return amount(value);
	if (typeof value === 'number' && (field === 'discount' || field === 'percent')) return percent(value);
	if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return dateTime(value);
	if (field === 'packs' && Array.isArray(value)) return value.map((p) => `${p.quantity} × ${p.code}`).join(', ');
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
