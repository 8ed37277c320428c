import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';

/** How a customer is called: by the first of what is known. */
export function nameOf(c: Pick<Schema['Customer'], 'name' | 'email' | 'phone'>): string {
	return c.name || c.email || c.phone || m.customers_nameless();
}
