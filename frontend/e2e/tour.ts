import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Tablet } from './stage';

/** A page, and what is there when it is. */
export interface Stop {
	path: string;
	ready: string;
}

export const setup: Stop = { path: '/staff/setup', ready: 'form' };

/** Every route of the staff app, in a shop with something on each of them. */
export async function furnish({ shop }: Tablet): Promise<Stop[]> {
	await shop.setUp();
	const lamp = await shop.product('Brass lamp', { price: 8900, barcode: '4006381333931', onHand: 1, category: 'Light' });
	const cloth = await shop.product('Baumwollhalbleinengeschirrtücherset', { price: 2450, onHand: 12, category: 'Kitchen' });
	await shop.pictures(1, 'mug.jpg', 'board.jpg');
	await shop.post('/categories', { name: 'Geschirrtücher und Küchenhandtücher aus Halbleinen', parentId: 2 });
	await shop.post('/brands', { name: 'Manufaktur von Kupferkrug & Söhne' });
	await shop.post('/discount-codes', { code: 'WILLKOMMEN-IN-DER-VORWEIHNACHTSZEIT', percent: 12500, startsOn: '2026-12-01', endsOn: '2026-12-24', maxUses: 100, note: 'Flyer am Bahnhof und Aushang im Schaufenster' });
	const supplier = await shop.post<{ id: number }>('/suppliers', { name: 'Großhandelsgesellschaft Niederlausitz', contact: 'Frau Winkelmann-Oberhäuser', email: 'w@example.com', phone: '0170 555124', leadTimeDays: 5 });
	await shop.post(`/suppliers/${supplier.id}/items`, { variantId: cloth, code: 'GT-100', moq: 12, packSize: 6, cost: 1200 });
	const contact = { name: 'Thorben von der Heydenreich', email: 't@example.com', phone: '0170 555123', note: 'Rings twice.' };
	const customer = await shop.post<{ id: number }>('/customers', contact);
	const sold = await shop.sell(cloth, 2, { fulfil: true, payments: [{ method: 'cash', amount: 4900, tendered: 5000 }] });
	const { lines } = await shop.get<{ lines: { id: number }[] }>(`/orders/${sold.id}`);
	await shop.post(`/orders/${sold.id}/returns`, { lines: [{ orderLineId: lines[0]!.id, quantity: 1, reason: 'Die Naht ist aufgegangen' }] });
	const open = await shop.sell(lamp, 1, { channel: 'phone', customerId: customer.id });
	const { items: mails } = await shop.get<{ items: { id: number }[] }>('/emails?kind=order-confirmed');
	const mia = await shop.hire('Mia Sommer', 'manager');
	await shop.asks('Paul von und zu Neuendorf-Hohenstein');
	await shop.post('/tokens', { name: 'Web shop', permissions: ['orders.read', 'orders.create', 'stock.read', 'products.read'] });
	await shop.post('/jobs/stock-alerts/run', {});
	const till = await shop.post<{ id: number }>('/tills', { name: 'Kasse am Hinterausgang des Verkaufsraums', float: 15000 });
	await shop.post(`/tills/${till.id}/movements`, { kind: 'paid_out', amount: 1250, reason: 'Briefmarken und Verpackungsmaterial' });
	const depot = await shop.post<{ id: number }>('/locations', { name: 'Außenlager am Güterbahnhof' });
	const box = (quantity: number) => shop.post<{ id: number; lines: { id: number }[] }>('/stock/transfers', { fromLocationId: 1, toLocationId: depot.id, note: 'Für das Schaufenster', lines: [{ variantId: cloth, quantity }] });
	const asked = await box(40);
	const sent = await box(5);
	await shop.post(`/stock/transfers/${sent.id}/ship`, {});
	await shop.post(`/stock/transfers/${sent.id}/receive`, { lines: [{ lineId: sent.lines[0]!.id, quantity: 2, missing: 1, reason: 'damage' }] });
	const order = (quantity: number) => shop.post<{ id: number; lines: { id: number }[] }>('/purchase-orders', { supplierId: supplier.id, locationId: 1, note: 'Bitte am Hintereingang zweimal läuten', lines: [{ variantId: cloth, quantity }, { variantId: lamp, quantity: 2 }] });
	const wanted = await order(10);
	const bought = await order(24);
	await shop.post(`/purchase-orders/${bought.id}/send`, { mail: true });
	await shop.post(`/purchase-orders/${bought.id}/receive`, { lines: [{ lineId: bought.lines[0]!.id, quantity: 6 }], freight: 1290 });
	const review = await shop.post<{ id: number }>('/stock/counts', { locationId: 1, note: 'Vor der Weihnachtsdekoration im Schaufenster' });
	await shop.post(`/stock/counts/${review.id}/lines`, { lines: [{ variantId: cloth, counted: 7 }] });
	await shop.post(`/stock/counts/${review.id}/review`, {});
	const counting = await shop.post<{ id: number }>('/stock/counts', { locationId: 1, blind: true });
	await shop.post(`/stock/counts/${counting.id}/lines`, { lines: [{ variantId: lamp, counted: 1 }] });
	await shop.post('/stock/set-aside', { locationId: 1, reason: 'damaged', note: 'Der Henkel hat einen Riss', lines: [{ variantId: cloth, quantity: 2 }] });
	await shop.post('/stock/set-aside', { locationId: depot.id, reason: 'safety', lines: [{ variantId: cloth, quantity: 1 }] });
	const rack = await shop.product('Gewürzregal aus geölter Eiche mit Schublade', { price: 5900, onHand: 1, cost: 2800 });
	await shop.post(`/suppliers/${supplier.id}/items`, { variantId: rack, code: 'GR-7', packSize: 4, cost: 2700 });
	await shop.product('Salzmühle', { price: 2900, onHand: 1 });
	const jam = await shop.perishable('Zwetschgenmarmelade aus der Wetterau', 690, [['L-2481', 3, 4], ['L-2482', 9, 6], ['L-2399', -2, 2]]);
	await shop.post('/stock/adjustments', { locationId: 1, reason: 'waste', note: 'Beim Auspacken zerbrochen', lines: [{ variantId: jam, delta: -1 }] });
	return [
		{ path: '/staff', ready: 'main h1' },
		{ path: '/staff/counter', ready: '.tile' },
		{ path: '/staff/counter?till', ready: 'dialog form, dialog dl' },
		{ path: '/staff/tills', ready: 'main :is(table, ul) a' },
		{ path: `/staff/tills/${till.id}`, ready: 'table' },
		{ path: '/staff/orders', ready: 'main :is(table, ul) a' },
		{ path: `/staff/orders/${open.id}`, ready: 'main h1' },
		{ path: `/staff/orders/${sold.id}/receipt`, ready: 'article' },
		{ path: `/staff/orders/${sold.id}/exchange`, ready: 'form' },
		{ path: '/staff/returns', ready: 'main :is(table, ul) a' },
		{ path: '/staff/products', ready: 'main :is(table, ul) a' },
		{ path: '/staff/products/new', ready: 'form' },
		{ path: '/staff/products/1', ready: 'form' },
		{ path: '/staff/products/bulk', ready: 'table[role=grid]' },
		{ path: '/staff/products/categories', ready: 'main ul' },
		{ path: '/staff/products/brands', ready: 'table' },
		{ path: '/staff/discounts', ready: 'main :is(table, ul)' },
		{ path: '/staff/suppliers', ready: 'table' },
		{ path: `/staff/suppliers/${supplier.id}`, ready: 'table' },
		{ path: '/staff/imports', ready: 'main h2' },
		{ path: '/staff/imports/new', ready: 'input[type=file]' },
		{ path: '/staff/stock', ready: 'table' },
		{ path: `/staff/stock?why=${lamp}-1`, ready: 'dialog .why' },
		{ path: `/staff/stock?adjust=${lamp}-1`, ready: 'dialog .numpad' },
		{ path: `/staff/stock/explain?variantId=${cloth}&locationId=1`, ready: '.why' },
		{ path: '/staff/stock/movements', ready: 'table' },
		{ path: '/staff/stock/set-aside', ready: 'table' },
		{ path: `/staff/stock/set-aside?aside=${cloth}-1`, ready: 'dialog form input' },
		{ path: '/staff/replenishment', ready: 'main li' },
		{ path: '/staff/replenishment?show=over', ready: 'main p' },
		{ path: '/staff/stock/sell-first', ready: 'table' },
		{ path: '/staff/stock/waste', ready: 'table' },
		{ path: '/staff/stock/waste?by=month&period=year', ready: 'table' },
		{ path: '/staff/stock/value', ready: 'table' },
		{ path: '/staff/stock/movements?reason=waste,damage&from=2026-01-01&to=2036-12-31', ready: 'table' },
		{ path: '/staff/purchases', ready: 'main :is(table, ul) a' },
		{ path: '/staff/purchases/new', ready: 'main input[role=combobox]' },
		{ path: `/staff/purchases/new?supplierId=${supplier.id}`, ready: 'main form' },
		{ path: `/staff/purchases/${wanted.id}`, ready: 'main ul' },
		{ path: `/staff/purchases/${wanted.id}/edit`, ready: 'main form' },
		{ path: `/staff/purchases/${bought.id}`, ready: 'main ul' },
		{ path: `/staff/purchases/${bought.id}/receive`, ready: 'main form' },
		{ path: '/staff/stock/transfers', ready: 'main :is(table, ul) a' },
		{ path: '/staff/stock/transfers/new', ready: 'main form' },
		{ path: `/staff/stock/transfers/${asked.id}`, ready: 'main ul' },
		{ path: `/staff/stock/transfers/${asked.id}/edit`, ready: 'main form' },
		{ path: `/staff/stock/transfers/${sent.id}`, ready: 'main ul' },
		{ path: `/staff/stock/transfers/${sent.id}/receive`, ready: 'main form' },
		{ path: '/staff/stock/alerts', ready: 'table' },
		{ path: '/staff/stock/alerts?snoozed=true', ready: 'main h2' },
		{ path: '/staff/stock/counts', ready: 'main :is(table, ul) a' },
		{ path: '/staff/stock/counts?new', ready: 'dialog form' },
		{ path: `/staff/stock/counts/${review.id}`, ready: 'main table' },
		{ path: `/staff/stock/counts/${counting.id}`, ready: 'main .list ul' },
		{ path: '/staff/customers', ready: 'table' },
		{ path: '/staff/customers?new', ready: 'dialog form' },
		{ path: `/staff/customers/${customer.id}`, ready: 'table' },
		{ path: '/staff/settings', ready: 'main h1' },
		{ path: '/staff/settings/mail', ready: 'main form' },
		{ path: '/staff/outbox', ready: 'main :is(table, ul) a' },
		{ path: '/staff/outbox?status=sent', ready: 'main h2' },
		{ path: `/staff/outbox/${mails[0]!.id}`, ready: 'main iframe' },
		{ path: '/staff/jobs', ready: 'main ul h2' },
		{ path: '/staff/account', ready: 'main fieldset' },
		{ path: '/staff/people', ready: 'table' },
		{ path: `/staff/people/${mia}`, ready: 'main form' },
		{ path: '/staff/people/requests', ready: 'main ul' },
		{ path: '/staff/people/permissions', ready: 'table' },
		{ path: '/staff/people/tokens', ready: 'table' },
		{ path: '/staff/people/audit', ready: 'main ul' },
		{ path: '/staff/signup', ready: 'form' },
		{ path: '/staff/forgot', ready: 'form' },
		{ path: '/staff/reset?token=made-up', ready: 'form' },
		{ path: '/staff/unsubscribe?token=made-up', ready: 'main button' },
		{ path: '/staff/signin', ready: 'form' }
	];
}

export async function arrive({ page }: Tablet, { path, ready }: Stop) {
	await page.goto(path);
	await page.locator(ready).first().waitFor({ state: 'attached' });
	await page.locator('.skeleton').waitFor({ state: 'detached' });
}

/** What axe finds serious on these pages, in words to mend it by. */
export async function serious(t: Tablet, stops: Stop[]): Promise<string> {
	const all: string[] = [];
	for (const stop of stops) {
		await arrive(t, stop);
		const here = await found(t.page);
		if (here) all.push(`${stop.path}: ${here}`);
	}
	return all.join('\n');
}

/** The same of what shows now. */
export async function found(page: Page): Promise<string> {
	const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode().analyze();
	return violations
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html.slice(0, 200)).join('\n  ')}`)
		.join('\n');
}
