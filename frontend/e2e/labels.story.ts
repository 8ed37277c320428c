import { expect } from 'vitest';
import { scan } from './hands';
import { landscape, story } from './stage';
import { button, heading, inCart } from './steps';
import { say } from './words';

story('A carton is scanned, a code finds its product, and the shelf gets its labels', 60, async (stage) => {
	const t = await stage.tablet({ name: 'till', size: landscape });
	const { page, shop } = t;
	await shop.setUp();
	const mug = await shop.product('Enamel mug', { price: 1250, barcode: '4006381333931', onHand: 20 });
	await shop.product('Oak board', { price: 3900, onHand: 3 });

	// Nothing has this code: it is a carton of six mugs.
	await t.open('/staff/stock');
	await page.locator('table').waitFor();
	await scan(page, '416000336108');
	await heading(page, 'code_title').waitFor();
	await button(page, 'code_known').click();
	await page.getByRole('combobox', { name: say('code_product') }).fill('Enamel');
	await page.getByRole('option', { name: /Enamel mug/ }).click();
	await page.getByLabel(say('code_quantity')).fill('6');
	await button(page, 'code_attach').click();
	await page.locator('dialog .why').waitFor();

	// A delivery of two cartons.
	await t.open(`/staff/stock?adjust=${mug}-1`);
	await page.locator('dialog .numpad').waitFor();
	await scan(page, '416000336108');
	await page.getByRole('status').filter({ hasText: '6 × Enamel mug' }).waitFor();
	await scan(page, '0416000336108');
	await page.locator('.result .by').getByText('+12').waitFor();

	// At the counter a carton is six, and one is one.
	await t.open('/staff/counter');
	await page.locator('.tile').first().waitFor();
	await scan(page, '416000336108');
	await scan(page, '4006381333931');
	await scan(page, '416000336108');
	await expect.poll(() => inCart(page, 'Enamel mug').locator('input').inputValue(), { timeout: 5000 }).toBe('13');

	// Labels for both, as many as are on hand, from the fifth place of the sheet on.
	await t.open('/staff/products');
	await button(page, 'labels').click();
	await page.getByRole('checkbox', { name: say('labels_select_all') }).check();
	await button(page, 'labels_for', { count: 2 }).click();
	await page.getByLabel(say('labels_copies'), { exact: true }).selectOption('all');
	await page.getByRole('status').filter({ hasText: /^23 labels on 1 sheet$/ }).waitFor();
	await page.getByRole('radio', { name: say('labels_start_at', { row: 2, column: 2 }) }).check();
	await page.getByRole('status').filter({ hasText: /^23 labels on 2 sheets$/ }).waitFor();
	const [reply, opened] = await Promise.all([
		page.waitForResponse((r) => r.url().endsWith('/api/v1/labels')),
		page.waitForEvent('popup'),
		button(page, 'labels_open').click()
	]);
	expect([reply.status(), reply.headers()['content-type'], reply.headers()['labels-without-barcode']]).toEqual([200, 'application/pdf', '0']);
	expect(reply.request().postDataJSON()).toMatchObject({ format: 'a4', start: 5, barcode: 'auto', items: [{ variantId: mug, copies: 20 }, { copies: 3 }] });
	expect(opened.url()).toMatch(/^blob:/);
	await page.getByRole('link', { name: say('labels_show') }).waitFor();
});
