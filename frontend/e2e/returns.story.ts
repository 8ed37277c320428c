import { expect } from 'vitest';
import { portrait, story } from './stage';
import { button, heading } from './steps';
import { say } from './words';

interface Order {
	id: number;
	number: string;
	token: string;
	status: string;
	due: number;
	dueBack: number;
	paid: number;
	lines: { id: number; sku: string; quantity: number; fulfilled: number; returned: number }[];
	returns: { id: number; status: string; total: number }[];
}

story('A return at the counter: a mug that came broken goes back and a dearer one goes with the customer, on one balance', 90, async (stage) => {
	const counter = await stage.tablet({ name: 'counter' });
	const { page, shop } = counter;
	await shop.setUp();
	const mug = await shop.product('Enamel mug', { price: 1250, onHand: 5 });
	const pot = await shop.product('Tea pot', { price: 2000, onHand: 2 });
	const { id, token } = await shop.post<Order>('/orders', { channel: 'counter', lines: [{ variantId: mug, quantity: 2 }], discount: { amount: 250 }, payments: [{ method: 'cash', amount: 2250 }], fulfil: true });
	const order = () => shop.get<Order>(`/orders/${id}`);

	await counter.open(`/staff/orders/${id}`);
	await button(page, 'orders_more').click();
	await page.getByRole('menuitem', { name: say('exchange_action') }).click();
	await heading(page, 'exchange_title', { order: '#1001' }).waitFor();

	// One of the two mugs came broken; the pot goes in its place, with what was taken off it. What is to pay is said before anything is done.
	await page.getByLabel(say('returns_count', { name: 'Enamel mug' })).fill('1');
	await button(page, 'returns_waste').click();
	await button(page, 'returns_reason_broken').click();
	await page.getByRole('combobox').fill('Tea');
	await page.getByRole('option', { name: /Tea pot/ }).click();
	const balance = page.locator('dl');
	await balance.getByText('€7.50').waitFor();
	await button(page, 'exchange_do').click();

	// Money is what is left, and is asked for at once.
	const pay = page.getByRole('dialog', { name: say('orders_pay_title', { name: '#1001' }) });
	await pay.waitFor();
	expect(await order()).toMatchObject({ status: 'confirmed', due: 750, lines: [{ returned: 1 }, { quantity: 1, fulfilled: 1 }], returns: [{ status: 'closed', total: 1125 }] });
	const stock = async (variant: number) => (await shop.get<{ onHand: number }>(`/stock/explain?variantId=${variant}&locationId=1`)).onHand;
	expect([await stock(mug), await stock(pot)]).toEqual([3, 1]);
	await button(pay, 'orders_pay_exact').click();
	await button(pay, 'orders_pay_take', { amount: '€7.50' }).click();
	await expect.poll(order, { timeout: 15_000 }).toMatchObject({ status: 'completed', due: 0, dueBack: 0, paid: 3000 });

	// The other mug is to come by post. It waits in the list until it is here, and its customer can see where it stands.
	const { lines } = await order();
	await shop.post(`/orders/${id}/returns`, { lines: [{ orderLineId: lines[0]!.id, quantity: 1, reason: 'Too small' }] });
	const customer = await stage.tablet({ name: 'customer', size: portrait });
	await customer.open(`/track/${token}`);
	await customer.page.getByText(say('track_return_requested')).waitFor();
	await counter.open('/staff/returns');
	await page.getByRole('row', { name: /Too small/ }).getByText(say('returns_status_requested')).waitFor();
	await page.getByRole('row', { name: /Too small/ }).click();
	await button(page, 'returns_approve').click();
	await button(page, 'returns_receive').click();
	await page.getByRole('dialog', { name: say('returns_receive_title') }).getByRole('button', { name: say('returns_do_receive', { count: 1 }) }).click();
	await expect.poll(order, { timeout: 15_000 }).toMatchObject({ dueBack: 1125 });
	await customer.page.reload();
	await customer.page.getByText(say('track_due_back', { amount: '€11.25' })).waitFor();
	await counter.open('/staff/returns');
	await page.getByText(say('returns_owes', { amount: '€11.25' })).waitFor();
});
