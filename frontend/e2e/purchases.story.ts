import { expect } from 'vitest';
import { scan } from './hands';
import { Office } from './office';
import { portrait, story } from './stage';
import { button, heading } from './steps';
import { say } from './words';

const milkCode = '4006381333931';
const mugCode = '4006381333948';

interface Purchase {
	number: string;
	status: string;
	lines: { quantity: number; onWay: number; received: number }[];
	timeline: { kind: string; actor: string }[];
}

story('What runs low is ordered: a draft by search and scan goes to the supplier as a PDF, and comes in parts, with its lots and its freight', 150, async (stage) => {
	const mail = new Office();
	await mail.open();
	try {
		const t = await stage.tablet({ name: 'office' });
		const { shop, page } = t;
		await shop.setUp();
		await shop.patch('/settings', { mail: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'shop@example.com' } });
		const mug = await shop.product('Enamel mug', { price: 1250, barcode: mugCode });
		const { variants } = await shop.post<{ variants: { id: number }[] }>('/products', { name: 'Oat milk', taxRate: 7000, variants: [{ price: 250, barcodes: [milkCode], tracksLots: true }] });
		const milk = variants[0]!.id;
		const acme = await shop.post<{ id: number }>('/suppliers', { name: 'Acme Wholesale', email: 'orders@acme.example', leadTimeDays: 3 });
		await shop.post(`/suppliers/${acme.id}/items`, { variantId: milk, code: 'AC-7', cost: 110, moq: 12, packSize: 6 });
		await shop.hire('Emil Kraft', 'employee', [1]);
		const emil = await stage.tablet({ name: 'stockroom', size: portrait });
		await emil.shop.signIn('Emil Kraft');
		const there = async (variantId: number) => {
			const { onHand, incoming } = await shop.get<{ onHand: number; incoming: number }>(`/stock/explain?variantId=${variantId}&locationId=1`);
			return { onHand, incoming };
		};

		// From the supplier's page: what it sells is proposed in the quantity it sells, anything else is scanned.
		await t.open(`/staff/suppliers/${acme.id}`);
		await page.getByRole('link', { name: say('purchases_new') }).click();
		await page.getByLabel(say('purchases_add')).fill('oat');
		await page.getByRole('option', { name: /Oat milk/ }).click();
		await page.getByText(say('purchases_scanned', { name: 'Oat milk', count: 12 }), { exact: true }).waitFor({ state: 'attached' });
		await scan(page, milkCode);
		await page.getByText(say('purchases_off_pack', { count: 6 }), { exact: true }).waitFor();
		await button(page, 'purchases_make_it', { count: 18 }).click();
		await scan(page, mugCode);
		await page.getByText(say('purchases_scanned', { name: 'Enamel mug', count: 1 }), { exact: true }).waitFor({ state: 'attached' });
		await page.getByLabel(say('purchases_count_of', { name: 'Enamel mug' }), { exact: true }).fill('4');
		await page.getByLabel(say('purchases_cost_of', { name: 'Enamel mug' }), { exact: true }).fill('5.50');
		await page.getByText('€41.80').waitFor(); // 18 x 1.10 + 4 x 5.50
		await button(page, 'purchases_save_draft').click();

		// It goes by mail, and the paper is in it.
		await button(page, 'purchases_send').click();
		const ask = page.getByRole('dialog', { name: say('purchases_send_ask', { supplier: 'Acme Wholesale', size: '€41.80' }) });
		await expect.poll(() => ask.getByLabel(say('purchases_to'), { exact: true }).inputValue()).toBe('orders@acme.example');
		await ask.getByLabel(new RegExp(say('purchases_message'))).fill('Please before the weekend.');
		await button(ask, 'purchases_do_mail').click();
		await heading(page, 'purchases_one', { number: 'P-1001' }).or(page.getByRole('heading', { name: 'P-1001' })).first().waitFor();
		const got = await mail.mail('orders@acme.example', 'P-1001');
		expect(got.text).toContain('Please before the weekend.');
		expect(got.attachments.map((a) => [a.filename, a.content.subarray(0, 5).toString()])).toEqual([['P-1001.pdf', '%PDF-']]);
		expect([await there(milk), await there(mug)]).toEqual([{ onHand: 0, incoming: 18 }, { onHand: 0, incoming: 4 }]);

		// Whoever is there when the first box comes unpacks it, without learning what it cost. What tracks lots comes in one.
		await emil.open('/staff/purchases');
		await emil.page.getByRole('link', { name: /P-1001/ }).click();
		await button(emil.page, 'purchases_receive').click();
		await heading(emil.page, 'purchases_receive_title', { number: 'P-1001' }).waitFor();
		expect(await emil.page.getByText('€').count()).toBe(0);
		await scan(emil.page, milkCode);
		await emil.page.getByText(say('purchases_counted', { count: 1, of: 22 })).waitFor();
		await emil.page.getByLabel(say('purchases_here_of', { name: 'Oat milk' }), { exact: true }).fill('12');
		await emil.page.getByText(say('purchases_counted', { count: 12, of: 22 })).waitFor();
		await emil.page.reload(); // loses no count
		await button(emil.page, 'purchases_do_receive', { count: 12 }).click();
		await emil.page.getByText(say('purchases_lot_needed')).waitFor();
		await emil.page.getByLabel(say('purchases_lot_of', { name: 'Oat milk' }), { exact: true }).fill('L-1');
		await button(emil.page, 'purchases_do_receive', { count: 12 }).click();
		await page.getByText(say('purchases_status_partly')).first().waitFor(); // the office sees it happen
		expect([await there(milk), await there(mug)]).toEqual([{ onHand: 12, incoming: 6 }, { onHand: 0, incoming: 4 }]);

		// The rest comes with freight, and with one mug more than was ordered.
		await button(page, 'purchases_receive').click();
		await button(page, 'purchases_all_here').click();
		await scan(page, mugCode);
		await page.getByText(say('purchases_counted', { count: 11, of: 10 })).waitFor();
		await page.getByLabel(say('purchases_lot_of', { name: 'Oat milk' }), { exact: true }).fill('L-2');
		await page.getByLabel(new RegExp(say('purchases_freight'))).fill('3.41');
		await button(page, 'purchases_do_receive', { count: 11 }).click();
		await page.getByRole('alertdialog', { name: say('purchases_over_ask', { what: say('purchases_over_cost', { count: 1, cost: '€5.50' }) }) }).getByRole('button', { name: say('purchases_over_take', { count: 1 }), exact: true }).click();
		await page.getByText(say('purchases_status_received'), { exact: true }).first().waitFor();
		expect(await shop.get<Purchase>('/purchase-orders/1')).toMatchObject({ status: 'received', lines: [{ onWay: 0, received: 18 }, { quantity: 4, onWay: 0, received: 5 }] });
		expect([await there(milk), await there(mug)]).toEqual([{ onHand: 18, incoming: 0 }, { onHand: 5, incoming: 0 }]);

		// 3.41 of freight on 6.60 of milk and 27.50 of mugs: 0.66 and 2.75, so a mug cost 6.05.
		const { items } = await shop.get<{ items: { unitCost: number; reason: string; document: { number: string } }[] }>(`/stock/movements?variantId=${mug}`);
		expect(items[0]).toMatchObject({ unitCost: 605, reason: 'received', document: { number: 'P-1001' } });
		expect((await shop.get<Purchase>('/purchase-orders/1')).timeline.map((s) => s.kind)).toEqual(['drafted', 'sent', 'received', 'received']);

		// Why there are five leads back to the order, and the list finds it by its code.
		await t.open(`/staff/stock?why=${mug}-1`);
		await page.getByRole('link', { name: say('purchases_one', { number: 'P-1001' }) }).first().click();
		await page.getByRole('heading', { name: 'P-1001' }).waitFor();
	} finally {
		await mail.close();
	}
});
