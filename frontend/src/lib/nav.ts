import Boxes from '@lucide/svelte/icons/boxes';
import House from '@lucide/svelte/icons/house';
import ReceiptText from '@lucide/svelte/icons/receipt-text';
import Settings from '@lucide/svelte/icons/settings';
import Store from '@lucide/svelte/icons/store';
import Tag from '@lucide/svelte/icons/tag';
import Users from '@lucide/svelte/icons/users';
import { m } from '$lib/i18n';
import type { Icon } from '$lib/ui/types';

export interface Place {
	href: string;
	label: () => string;
	icon: Icon;
	/** After "g": g o is Orders. */
	key: string;
	/** In the bar of a phone; the rest is under More there. */
	phone?: boolean;
	/** Hidden from whom the server would refuse. */
	permission?: string;
}

/** Every place of the staff app, in the order of the rail. */
export const places: Place[] = [
	{ href: '/staff', label: () => m.nav_home(), icon: House, key: 'h', phone: true },
	{ href: '/staff/counter', label: () => m.nav_counter(), icon: Store, key: 'c', phone: true },
	{ href: '/staff/orders', label: () => m.nav_orders(), icon: ReceiptText, key: 'o', phone: true },
	{ href: '/staff/products', label: () => m.nav_products(), icon: Tag, key: 'p' },
	{ href: '/staff/stock', label: () => m.nav_stock(), icon: Boxes, key: 's', phone: true },
	{ href: '/staff/customers', label: () => m.nav_customers(), icon: Users, key: 'u' },
	{ href: '/staff/settings', label: () => m.nav_settings(), icon: Settings, key: ',' }
];

/** Pages that live under another place. */
const under: Record<string, string> = { '/staff/imports': '/staff/products' };

export function placeOf(pathname: string): string {
	const home = Object.keys(under).find((p) => inside(pathname, p));
	if (home) return under[home]!;
	return places.find((p) => p.href !== '/staff' && inside(pathname, p.href))?.href ?? '/staff';
}

function inside(pathname: string, href: string): boolean {
	return pathname === href || pathname.startsWith(`${href}/`);
}
