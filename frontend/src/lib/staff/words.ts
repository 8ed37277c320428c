import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';

export type Role = Schema['User']['role'];

export const roles: Role[] = ['admin', 'manager', 'employee'];

const names: Record<Role, () => string> = { admin: m.role_admin, manager: m.role_manager, employee: m.role_employee };
const texts: Record<Role, () => string> = { admin: m.role_admin_text, manager: m.role_manager_text, employee: m.role_employee_text };

export const roleName = (role: Role) => names[role]();
export const roleText = (role: Role) => texts[role]();

/** What a permission allows, in the person's words. */
const permissions: Record<string, () => string> = {
	'orders.read': m.may_orders_read,
	'orders.create': m.may_orders_create,
	'orders.edit': m.may_orders_edit,
	'orders.fulfil': m.may_orders_fulfil,
	'orders.cancel': m.may_orders_cancel,
	'orders.return': m.may_orders_return,
	'discounts.write': m.may_discounts_write,
	'payments.take': m.may_payments_take,
	'payments.refund': m.may_payments_refund,
	'tills.use': m.may_tills_use,
	'tills.read': m.may_tills_read,
	'products.read': m.may_products_read,
	'products.write': m.may_products_write,
	'cost.read': m.may_cost_read,
	'suppliers.read': m.may_suppliers_read,
	'suppliers.write': m.may_suppliers_write,
	'purchases.read': m.may_purchases_read,
	'purchases.write': m.may_purchases_write,
	'stock.read': m.may_stock_read,
	'stock.adjust': m.may_stock_adjust,
	'customers.read': m.may_customers_read,
	'customers.write': m.may_customers_write,
	'events.read': m.may_events_read,
	'exports.run': m.may_exports_run,
	'imports.run': m.may_imports_run,
	'jobs.run': m.may_jobs_run,
	'audit.read': m.may_audit_read,
	'reports.read': m.may_reports_read,
	'emails.read': m.may_emails_read,
	'emails.write': m.may_emails_write,
	'locations.write': m.may_locations_write,
	'settings.read': m.may_settings_read,
	'settings.write': m.may_settings_write,
	'users.read': m.may_users_read,
	'users.write': m.may_users_write,
	'tokens.write': m.may_tokens_write
};

export const permissionName = (permission: string) => permissions[permission]?.() ?? permission;
