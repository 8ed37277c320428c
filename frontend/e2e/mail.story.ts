import { expect } from 'vitest';
import { scan } from './hands';
import { Office, button as buttonOf } from './office';
import { owner } from './shop';
import { landscape, portrait, story } from './stage';
import { button, tile } from './steps';
import { say } from './words';

const mug = '4006381333948';

story('What runs low is mailed to the owner, whose button leads to what to buy, and from there to the shelf', 180, async (stage) => {
	const office = new Office();
	await office.open();
	try {
		const till = await stage.tablet({ name: 'till', size: landscape });
		const { shop, page } = till;
		await shop.setUp();
		const variantId = await shop.product('Enamel mug', { price: 1250, barcode: mug, onHand: 4 });
		await shop.product('Brass lamp', { price: 8900, onHand: 1 }); // nobody sells it to the shop
		const acme = await shop.post<{ id: number }>('/suppliers', { name: 'Acme Wholesale', email: 'orders@acme.example', leadTimeDays: 3 });
		await shop.post(`/suppliers/${acme.id}/items`, { variantId, code: 'AC-7', cost: 600, packSize: 6 });
		await shop.patch('/settings', { mail: { host: '127.0.0.1', port: office.port, security: 'none', from: 'shop@example.com' } });
		await shop.post('/jobs/stock-alerts/run', {}); // what is low already is told, so that the mug is news by itself
		await office.mail(owner.email, 'Brass lamp');
		await shop.patch('/notifications', { items: [{ kind: 'low', mode: 'instant' }] });
		await shop.hire('Emil Kraft', 'employee', [1]);
		const emil = await stage.tablet({ name: 'stockroom', size: portrait });
		await emil.shop.signIn('Emil Kraft');

		await till.open('/staff/counter');
		await tile(page, 'Enamel mug').click();
		await tile(page, 'Enamel mug').click();
		await button(page, 'counter_pay_amount', { amount: '€25.00' }).click();
		await button(page, 'orders_pay_take', { amount: '€25.00' }).click();
		await button(page, 'counter_done_next').waitFor();

		// Within the minute, by itself.
		const mail = await office.mail(owner.email, 'Enamel mug');
		expect(mail.subject).toBe('Low stock: Enamel mug 2 left');
		expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
		expect(String(mail.headers.get('list')) && mail.headerLines.some((h) => h.key === 'list-unsubscribe-post')).toBe(true);
		expect(mail.text).toContain('Enamel mug');

		// The owner reads it on a phone that the shop does not know, and finds the mug among what to buy: up to four, in packs of six.
		const phone = await stage.tablet({ name: 'phone', size: { width: 390, height: 844 } });
		const link = buttonOf(mail);
		await phone.page.goto(link);
		await phone.page.getByLabel(say('signin_email')).fill(owner.email);
		await phone.page.getByLabel(say('signin_password'), { exact: true }).fill(owner.password);
		await button(phone.page, 'signin_submit').click();
		const line = phone.page.locator('li[aria-current]');
		await line.getByText('Enamel mug').waitFor();
		expect(await line.getByRole('group', { name: say('replenish_why', { name: 'Enamel mug' }) }).innerText()).toMatch(/^2\s*=[^]*up to 4[^]*2 available[^]*0 incoming[^]*6 in packs of 6/);
		expect(await phone.page.getByText('Brass lamp').count()).toBe(1);

		// One tap drafts the order, another sends it.
		await button(phone.page, 'replenish_make_drafts', { count: 1 }).click();
		await button(phone.page, 'purchases_send').click();
		const ask = phone.page.getByRole('dialog', { name: say('purchases_send_ask', { supplier: 'Acme Wholesale', size: '€36.00' }) });
		await expect.poll(() => ask.getByLabel(say('purchases_to'), { exact: true }).inputValue()).toBe('orders@acme.example');
		await button(ask, 'purchases_do_mail').click();
		const order = await office.mail('orders@acme.example', 'P-1001');
		expect(order.attachments.map((a) => [a.filename, a.content.subarray(0, 5).toString()])).toEqual([['P-1001.pdf', '%PDF-']]);

		// What is on its way is low no more, and whoever opens the mail late is told so.
		const alerts = async () => (await shop.get<{ items: { kind: string; item: { name: string } }[] }>('/alerts')).items.map((a) => `${a.kind} ${a.item.name}`);
		await shop.post('/jobs/stock-alerts/run', {});
		expect(await alerts()).toEqual(['low Brass lamp']);
		await phone.page.goto(link);
		await phone.page.getByText(say('replenish_missed')).waitFor();

		// Emil is there when the box comes, and scans it onto the shelf.
		await emil.open('/staff/purchases');
		await emil.page.getByRole('link', { name: /P-1001/ }).click();
		await button(emil.page, 'purchases_receive').click();
		for (let n = 1; n <= 6; n++) {
			await scan(emil.page, mug);
			await emil.page.getByText(say('purchases_counted', { count: n, of: 6 })).waitFor();
		}
		await button(emil.page, 'purchases_do_receive', { count: 6 }).click();
		await emil.page.getByText(say('purchases_status_received'), { exact: true }).first().waitFor();
		expect(await shop.level(variantId)).toMatchObject({ onHand: 8, available: 8 });

		// Nobody is told anything more.
		await shop.post('/jobs/stock-alerts/run', {});
		expect(await alerts()).toEqual(['low Brass lamp']);
		const { items } = await shop.get<{ items: { kind: string; status: string; attempts: number }[] }>('/emails?kind=stock-digest');
		expect(items).toMatchObject([{ status: 'sent', attempts: 1 }, { status: 'sent', attempts: 1 }]);
	} finally {
		await office.close();
	}
});
