import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import Award from '@lucide/svelte/icons/award';
import AtSign from '@lucide/svelte/icons/at-sign';
import BellRing from '@lucide/svelte/icons/bell-ring';
import Boxes from '@lucide/svelte/icons/boxes';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import Coins from '@lucide/svelte/icons/coins';
import FileUp from '@lucide/svelte/icons/file-up';
import FolderTree from '@lucide/svelte/icons/folder-tree';
import History from '@lucide/svelte/icons/history';
import Hourglass from '@lucide/svelte/icons/hourglass';
import House from '@lucide/svelte/icons/house';
import PackageX from '@lucide/svelte/icons/package-x';
import ReceiptText from '@lucide/svelte/icons/receipt-text';
import Recycle from '@lucide/svelte/icons/recycle';
import Send from '@lucide/svelte/icons/send';
import Settings from '@lucide/svelte/icons/settings';
import ShoppingBasket from '@lucide/svelte/icons/shopping-basket';
import ShoppingCart from '@lucide/svelte/icons/shopping-cart';
import Store from '@lucide/svelte/icons/store';
import Tag from '@lucide/svelte/icons/tag';
import TicketPercent from '@lucide/svelte/icons/ticket-percent';
import Truck from '@lucide/svelte/icons/truck';
import Undo2 from '@lucide/svelte/icons/undo-2';
import UserCog from '@lucide/svelte/icons/user-cog';
import Users from '@lucide/svelte/icons/users';
import Wallet from '@lucide/svelte/icons/wallet';
import { m } from '$lib/i18n';
import { can } from '$lib/session/index.svelte';
import type { Icon } from '$lib/ui/types';

export interface Place {
	href: string;
	label: () => string;
	icon: Icon;
	/** After "g": g o is Orders. */
	key: string;
	/** In the bar of a phone; the rest is under More there. */
	phone?: boolean;
	/** Hidden from whom the server would refuse (db/staff/permissions.go). */
	permission?: string;
}

/** Every place of the staff app, in the order of the rail. */
export const places: Place[] = [
	{ href: '/staff', label: () => m.nav_home(), icon: House, key: 'h', phone: true },
	{ href: '/staff/counter', label: () => m.nav_counter(), icon: Store, key: 'c', phone: true, permission: 'orders.create' },
	{ href: '/staff/orders', label: () => m.nav_orders(), icon: ReceiptText, key: 'o', phone: true, permission: 'orders.read' },
	{ href: '/staff/products', label: () => m.nav_products(), icon: Tag, key: 'p', permission: 'products.read' },
	{ href: '/staff/stock', label: () => m.nav_stock(), icon: Boxes, key: 's', phone: true, permission: 'stock.read' },
	{ href: '/staff/customers', label: () => m.nav_customers(), icon: Users, key: 'u', permission: 'customers.read' },
	{ href: '/staff/people', label: () => m.people_title(), icon: UserCog, key: 'e', permission: 'users.read' },
	{ href: '/staff/settings', label: () => m.nav_settings(), icon: Settings, key: ',' }
];

/** What is looked at now and then: behind the settings, and a word or two keys away. */
export const rooms: Place[] = [
	{ href: '/staff/tills', label: () => m.tills_title(), icon: Wallet, key: 'd', permission: 'tills.use' },
	{ href: '/staff/imports', label: () => m.imports_title(), icon: FileUp, key: 'i', permission: 'imports.run' },
	{ href: '/staff/settings/mail', label: () => m.mail_title(), icon: AtSign, key: 'm', permission: 'settings.read' },
	{ href: '/staff/outbox', label: () => m.outbox_title(), icon: Send, key: 'b', permission: 'emails.read' },
	{ href: '/staff/jobs', label: () => m.jobs_title(), icon: CalendarClock, key: 't', permission: 'jobs.run' }
];

/** What belongs to the orders: opened from their page. */
export const desks: Place[] = [{ href: '/staff/returns', label: () => m.returns_all(), icon: Undo2, key: 'n', permission: 'orders.read' }];

/** What belongs to the stock: tabs beside its page. */
export const aisles: Place[] = [
	{ href: '/staff/stock/alerts', label: () => m.alerts_title(), icon: BellRing, key: 'a', permission: 'stock.read' },
	{ href: '/staff/stock/movements', label: () => m.stock_movements(), icon: History, key: 'j', permission: 'stock.read' },
	{ href: '/staff/replenishment', label: () => m.replenish_title(), icon: ShoppingBasket, key: '1', permission: 'purchases.read' },
	{ href: '/staff/purchases', label: () => m.purchases_title(), icon: ShoppingCart, key: 'w', permission: 'purchases.read' },
	{ href: '/staff/stock/transfers', label: () => m.transfers_title(), icon: ArrowRightLeft, key: 'f', permission: 'stock.read' },
	{ href: '/staff/stock/counts', label: () => m.counts_title(), icon: ClipboardCheck, key: 'y', permission: 'stock.read' },
	{ href: '/staff/stock/set-aside', label: () => m.asides_title(), icon: PackageX, key: 'q', permission: 'stock.read' },
	{ href: '/staff/stock/sell-first', label: () => m.first_title(), icon: Hourglass, key: 'x', permission: 'stock.read' },
	{ href: '/staff/stock/waste', label: () => m.waste_title(), icon: Recycle, key: 'z', permission: 'stock.read' },
	{ href: '/staff/stock/value', label: () => m.worth_title(), icon: Coins, key: 'g', permission: 'cost.read' }
];

/** What belongs to the products: opened from their page. */
export const shelves: Place[] = [
	{ href: '/staff/products/categories', label: () => m.categories_title(), icon: FolderTree, key: 'k', permission: 'products.read' },
	{ href: '/staff/products/brands', label: () => m.brands_title(), icon: Award, key: 'r', permission: 'products.read' },
	{ href: '/staff/suppliers', label: () => m.suppliers_title(), icon: Truck, key: 'l', permission: 'suppliers.read' },
	{ href: '/staff/discounts', label: () => m.discounts_title(), icon: TicketPercent, key: 'v', permission: 'orders.create' }
];

/** One address of every page, to fetch their code while the tablet is idle. */
export const routes = [
	...[...places, ...rooms, ...desks, ...aisles, ...shelves].map((p) => p.href),
	'/staff/outbox/1',
	'/staff/orders/1',
	'/staff/orders/1/receipt',
	'/staff/orders/1/exchange',
	'/staff/products/1',
	'/staff/products/new',
	'/staff/suppliers/1',
	'/staff/tills/1',
	'/staff/imports/new',
	'/staff/imports/1',
	'/staff/customers/1',
	'/staff/stock/transfers/new',
	'/staff/stock/transfers/1',
	'/staff/stock/transfers/1/edit',
	'/staff/stock/transfers/1/receive',
	'/staff/stock/counts/1',
	'/staff/purchases/new',
	'/staff/purchases/1',
	'/staff/purchases/1/edit',
	'/staff/purchases/1/receive',
	'/staff/stock/explain',
	'/staff/account',
	'/staff/people/1',
	'/staff/people/requests',
	'/staff/people/permissions',
	'/staff/people/tokens',
	'/staff/people/audit'
];

export function allowed(place: Place): boolean {
	return !place.permission || can(place.permission);
}

export function placeOf(pathname: string): string {
	if (rooms.some((r) => inside(pathname, r.href))) return '/staff/settings';
	if (desks.some((d) => inside(pathname, d.href))) return '/staff/orders';
	if (aisles.some((a) => inside(pathname, a.href))) return '/staff/stock';
	if (shelves.some((s) => inside(pathname, s.href))) return '/staff/products';
	return places.find((p) => (p.href === '/staff' ? pathname === p.href : inside(pathname, p.href)))?.href ?? '';
}

function inside(pathname: string, href: string): boolean {
	return pathname === href || pathname.startsWith(`${href}/`);
}
