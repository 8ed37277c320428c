import { expect } from 'vitest';
import { portrait, story } from './stage';
import { button, heading, inCart, tile } from './steps';
import { found } from './tour';
import { say } from './words';

interface Order {
	id: number;
	total: number;
	due: number;
	paid: number;
	refunded: number;
	status: string;
	paymentStatus: string;
	address: { line1: string; city: string } | null;
	lines: { sku: string; quantity: number; unitPrice: number; fulfilled: number }[];
}

story('An order by phone: delivered in two parcels, changed on the way, and some of it given back', 120, async (stage) => {
	const desk = await stage.tablet({ name: 'desk' });
	const { page, shop } = desk;
	await shop.setUp();
	const mug = await shop.product('Enamel mug', { price: 1250, onHand: 5 });
	await shop.product('Oak board', { price: 3900, onHand: 3 });
	await shop.product('Linen cloth', { price: 800, onHand: 9 });

	// The customer calls: two mugs and a board, to be delivered.
	await desk.open('/staff/counter');
	await tile(page, 'Enamel mug').click();
	await tile(page, 'Enamel mug').click();
	await tile(page, 'Oak board').click();
	await inCart(page, 'Oak board').waitFor();
	await page.getByRole('region', { name: say('counter_cart') }).getByRole('button', { name: say('counter_more') }).click();
	await page.getByRole('menuitem', { name: say('counter_later') }).click();
	const later = page.getByRole('dialog', { name: say('counter_later_title') });
	await button(later, 'orders_channel_phone').click();
	await button(later, 'action_add').click();
	const customer = page.getByRole('dialog', { name: say('counter_customer_title') });
	await customer.getByRole('textbox', { name: say('counter_customer_name'), exact: true }).fill('Ada Lovelace');
	await customer.getByRole('textbox', { name: say('counter_customer_phone'), exact: true }).fill('+49 30 1234567');
	await button(customer, 'counter_customer_use').click();
	await button(later, 'counter_later_delivered').click();
	await later.getByLabel(new RegExp(`^${say('orders_shipping')}`)).fill('4.90');
	await later.getByLabel(say('address_line1')).fill('Hauptstr. 1');
	// What is missing is said where it is missing, and nothing was placed.
	await button(later, 'counter_later_place').click();
	await later.getByText(say('wrong_required')).waitFor();
	await later.getByLabel(say('address_postal_code')).fill('10115');
	await later.getByLabel(say('address_city')).fill('Berlin');
	await button(later, 'counter_later_place').click();
	await page.getByRole('dialog', { name: say('counter_done_later', { number: '1001' }) }).waitFor();
	await page.getByRole('link', { name: say('counter_done_open') }).click();
	await page.getByText('Hauptstr. 1').waitFor();

	const { items } = await shop.get<{ items: Order[] }>('/orders');
	const id = items[0]!.id;
	const order = () => shop.get<Order>(`/orders/${id}`);
	expect(items).toHaveLength(1);
	expect(await order()).toMatchObject({ total: 6890, due: 6890, address: { line1: 'Hauptstr. 1', city: 'Berlin' } });

	// The first parcel: the board.
	await button(page, 'orders_fulfil').first().click();
	const pack = page.getByRole('dialog', { name: say('orders_fulfil_title') });
	await pack.getByLabel(say('orders_fulfil_count', { name: 'Enamel mug' })).fill('0');
	await button(pack, 'orders_fulfil_do', { way: say('orders_way_ship'), count: '1' }).click();
	await expect.poll(async () => (await order()).lines.map((l) => l.fulfilled)).toEqual([0, 1]);

	// They call again: one mug more and a cloth, at today's prices; the mugs they have keep theirs.
	await shop.patch(`/products/${await productOf(shop, mug)}`, { variants: [{ id: mug, price: 1400 }] });
	await button(page, 'orders_more').click();
	await page.getByRole('menuitem', { name: say('orders_edit'), exact: true }).click();
	await heading(page, 'orders_edit_title', { order: '#1001' }).waitFor();
	await page.getByRole('button', { name: say('action_plus') }).first().click();
	await page.getByRole('combobox').fill('Linen');
	await page.getByRole('option', { name: /Linen cloth/ }).click();
	await page.getByText(say('orders_edit_difference', { from: '€68.90', to: '€89.40' })).waitFor();
	await page.getByRole('textbox', { name: say('orders_note') }).fill('Leave it at the door.');
	// Somebody else gets there first: what they changed is said and stays, and what both changed stands side by side.
	await shop.patch(`/orders/${id}`, { note: 'Ring twice.', shipping: { price: 590, taxRate: 19000 }, discount: { percent: 10000, reason: 'Regular' } });
	await page.getByText(say('orders_meanwhile')).waitFor();
	await page.getByText(say('orders_diff_shipping', { from: '€4.90', to: '€5.90' })).waitFor();
	expect(await button(page, 'action_save').isDisabled()).toBe(true);
	await button(page, 'orders_edit_show').click();
	await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain(say('orders_meanwhile_seen'));
	expect(await page.getByLabel(new RegExp(`^${say('orders_shipping')}`)).inputValue()).toBe('5.90');
	await page.keyboard.press('Enter');
	await page.getByText(say('common_other_value', { value: 'Ring twice.' })).waitFor();
	expect(await page.getByRole('textbox', { name: say('orders_note') }).inputValue()).toBe('Leave it at the door.');
	await page.getByText(say('orders_edit_difference', { from: '€63.50', to: '€81.95' })).waitFor();
	expect(await found(page)).toBe('');
	await button(page, 'action_save').click();
	await page.getByText(say('orders_did_edit')).first().waitFor();
	expect(await order()).toMatchObject({
		total: 8195, shipping: 590, discountPercent: 10_000, discountReason: 'Regular', note: 'Leave it at the door.',
		lines: [{ quantity: 3, unitPrice: 1250 }, { quantity: 1, unitPrice: 3900 }, { quantity: 1, unitPrice: 800 }]
	});
	await page.getByText(say('orders_diff_total', { from: '€63.50', to: '€81.95' })).waitFor();

	// The rest goes, the customer pays, and gets something back for the scratch.
	await shop.post(`/orders/${id}/fulfilments`, { ship: true });
	await shop.post(`/orders/${id}/payments`, { method: 'transfer', amount: 8195 });
	await page.getByText(say('orders_status_completed')).first().waitFor();
	await button(page, 'orders_more').click();
	await page.getByRole('menuitem', { name: say('returns_refund') }).click();
	const refund = page.getByRole('alertdialog');
	await refund.getByLabel(say('returns_refund_amount')).fill('10.00');
	await button(refund, 'returns_refund_do', { amount: '€10.00' }).click();
	await expect.poll(async () => (await order()).refunded).toBe(1000);
	expect(await order()).toMatchObject({ status: 'completed', paymentStatus: 'partially_refunded', due: 0, paid: 8195 });

	// In portrait, on another tablet, it can still be read.
	const other = await stage.tablet({ name: 'other', size: portrait });
	await other.signIn();
	await other.open(`/staff/orders/${id}/edit`);
	await heading(other.page, 'orders_edit_title', { order: '#1001' }).waitFor();
	expect(await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

async function productOf(shop: { get<T>(path: string): Promise<T> }, variantId: number): Promise<number> {
	const { items } = await shop.get<{ items: { id: number; productId: number }[] }>('/variants?q=Enamel');
	return items.find((v) => v.id === variantId)!.productId;
}
