import { expect } from 'vitest';
import { Office, button as buttonOf } from './office';
import { owner } from './shop';
import { landscape, portrait, story } from './stage';
import { button, tile } from './steps';
import { say } from './words';

story('What runs low is mailed to the owner, whose button opens the product', 120, async (stage) => {
	const office = new Office();
	await office.open();
	try {
		const till = await stage.tablet({ name: 'till', size: landscape });
		const { shop, page } = till;
		await shop.setUp();
		await shop.product('Enamel mug', { price: 1250, onHand: 4 });
		await shop.patch('/settings', { mail: { host: '127.0.0.1', port: office.port, security: 'none', from: 'shop@example.com' } });
		await shop.patch('/notifications', { items: [{ kind: 'low', mode: 'instant' }] });

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

		// The owner reads it on a phone that the shop does not know.
		const phone = await stage.tablet({ name: 'phone', size: portrait });
		await phone.page.goto(buttonOf(mail));
		await phone.page.getByLabel(say('signin_email')).fill(owner.email);
		await phone.page.getByLabel(say('signin_password'), { exact: true }).fill(owner.password);
		await button(phone.page, 'signin_submit').click();
		await phone.page.getByRole('heading', { name: 'Enamel mug' }).waitFor();
		expect(new URL(phone.page.url()).pathname).toMatch(/^\/staff\/products\/\d+$/);

		const { items } = await shop.get<{ items: { kind: string; status: string; attempts: number }[] }>('/emails');
		expect(items).toMatchObject([{ kind: 'stock-digest', status: 'sent', attempts: 1 }]);
	} finally {
		await office.close();
	}
});
