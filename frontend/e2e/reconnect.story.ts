import { expect } from 'vitest';
import { scan } from './hands';
import { portrait, story } from './stage';
import { button, heading, row } from './steps';
import { say } from './words';

story('The server dies and comes back: the page says so, keeps what it shows, and catches up', 60, async (stage) => {
	const t = await stage.tablet({ name: 'tablet', size: portrait });
	await t.shop.setUp();
	const lamp = await t.shop.product('Brass lamp', { price: 8900, barcode: '4006381333931', onHand: 4 });
	await t.open('/staff/stock');
	const available = row(t.page, 'Brass lamp').locator('.available');
	await available.getByText('4', { exact: true }).waitFor();
	const form = await t.context.newPage();
	await t.open('/staff/customers?new', form);
	await form.getByRole('textbox', { name: say('customers_name'), exact: true }).fill('Mai-Britt Sørensen');

	await stage.house.kill();
	const offline = t.page.getByText(say('live_offline'));
	await offline.waitFor({ timeout: 3000 });
	expect(await available.innerText()).toBe('4');

	// Nothing pretends to work.
	await scan(t.page, '4006381333931');
	await t.page.getByText(say('error_network')).waitFor();
	await button(form, 'action_save').click();
	await form.getByRole('dialog').getByText(say('error_network')).waitFor();

	await stage.house.open();
	await t.shop.adjust(lamp, 3);
	await offline.waitFor({ state: 'detached', timeout: 20_000 });
	await available.getByText('7', { exact: true }).waitFor();

	// What was typed is still there, and is saved once.
	await button(form, 'action_save').click();
	await form.waitForURL(/customers\/\d+$/);
	expect((await t.shop.get<{ items: { name: string }[] }>('/customers')).items.map((c) => c.name)).toEqual(['Mai-Britt Sørensen']);

	// The session outlived it, too.
	await t.page.reload();
	await heading(t.page, 'stock_title').waitFor();
	await available.getByText('7', { exact: true }).waitFor();
});

story('An adjustment meets a change by somebody else, and an order that has reserved the goods', 60, async (stage) => {
	const t = await stage.tablet({ name: 'tablet' });
	await t.shop.setUp();
	const id = await t.shop.product('Wool blanket', { price: 4900, onHand: 6 });
	const order = await t.shop.sell(id, 4, { channel: 'phone' });

	// Counted while it was sold: the new figure is said, the count stays.
	await t.open(`/staff/stock?adjust=${id}-1`);
	const sheet = t.page.getByRole('dialog', { name: say('stock_adjust') });
	await sheet.getByRole('radio', { name: say('stock_mode_counted') }).check();
	await sheet.getByRole('button', { name: '9', exact: true }).click();
	await t.shop.adjust(id, 1);
	await sheet.getByRole('button', { name: say('stock_save_total', { count: '9' }) }).click();
	await sheet.getByText(say('stock_stale', { before: '6', now: '7' })).waitFor();
	await sheet.getByRole('button', { name: say('stock_save_total', { count: '9' }) }).click();
	await sheet.waitFor({ state: 'detached' });
	expect((await t.shop.level(id)).onHand).toBe(9);

	// Damage takes away, and what orders have reserved only after they are named.
	await t.open(`/staff/stock?adjust=${id}-1`);
	await sheet.getByRole('radio', { name: say('stock_reason_damage') }).check();
	await sheet.getByRole('button', { name: '7', exact: true }).click();
	await sheet.getByRole('button', { name: say('stock_save_total', { count: '2' }) }).click();
	await sheet.getByText(say('stock_short_order', { number: order.number, count: '2' })).waitFor();
	expect((await t.shop.level(id)).onHand).toBe(9);
	await sheet.getByRole('button', { name: say('stock_short_allow') }).click();
	await sheet.waitFor({ state: 'detached' });
	expect(await t.shop.level(id)).toMatchObject({ onHand: 2, available: 0 });
});
