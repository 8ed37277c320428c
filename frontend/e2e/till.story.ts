import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { landscape, portrait, story } from './stage';
import { button, heading, tile } from './steps';
import { found } from './tour';
import { say, wordsOf } from './words';

const sag = wordsOf('de');

const shots = process.env.ONHAND_SHOTS;

/** What a figure is called and what it says, as rows of a list of terms. */
const figures = (page: Page, within = 'dialog') =>
	page.locator(`${within} dl > div`).evaluateAll((rows) => Object.fromEntries(rows.map((r) => [r.querySelector('dt')!.textContent!.trim(), r.querySelector('dd')!.textContent!.trim()])));

async function look(page: Page, name: string) {
	expect(await found(page)).toBe('');
	if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

story('A till from its opening to its close, with a difference', 180, async (stage) => {
	const t = await stage.tablet({ name: 'till', size: landscape });
	const { page, shop } = t;
	await shop.setUp();
	await shop.product('Enamel mug', { price: 1250, onHand: 20 });
	await shop.patch('/settings', { tillRequired: true });

	// Cash needs a till here: the refusal leads to it, and the cart stays.
	await t.open('/staff/counter');
	await tile(page, 'Enamel mug').click();
	await button(page, 'counter_pay_amount', { amount: '€12.50' }).click();
	await button(page, 'orders_pay_take', { amount: '€12.50' }).click();
	await page.getByText(say('tills_wrong_needed')).waitFor();
	await button(page, 'tills_title_one').click();
	await heading(page, 'tills_open_title').waitFor();
	await look(page, 'open');
	await page.getByLabel(say('tills_float')).fill('100');
	await page.locator('dialog').getByRole('button', { name: say('tills_open_do') }).click();
	await heading(page, 'tills_name', { number: 1 }).waitFor();
	await page.keyboard.press('Escape');
	await button(page, 'counter_pay_amount', { amount: '€12.50' }).click();
	await button(page, 'orders_pay_take', { amount: '€12.50' }).click();
	await button(page, 'counter_done_next').click();
	const card = await shop.get<{ items: { id: number }[] }>('/tills?status=open');
	const till = card.items[0]!.id;

	// Paid out, by keyboard.
	await page.getByRole('button', { name: /Till 1/ }).click();
	await look(page, 'sheet');
	await button(page, 'tills_kind_paid_out').click();
	await page.getByLabel(say('tills_amount')).fill('7.50');
	await page.keyboard.press('Tab');
	await page.getByLabel(say('tills_reason')).fill('Stamps');
	await page.keyboard.press('Enter');
	await page.getByRole('status').filter({ hasText: say('tills_was_paid_out', { amount: '€7.50' }) }).waitFor();
	await expect.poll(() => figures(page)).toMatchObject({ [say('tills_expected')]: '€105.00' });
	await page.keyboard.press('Escape');

	// Money given back in cash comes out of the same till.
	const { items: orders } = await shop.get<{ items: { id: number }[] }>('/orders');
	await t.open(`/staff/orders/${orders[0]!.id}`);
	await button(page, 'returns_refund').click();
	await page.getByLabel(say('returns_refund_amount')).fill('2.50');
	await button(page, 'returns_refund_do', { amount: '€2.50' }).click();
	await page.getByRole('status').filter({ hasText: say('returns_refunded', { amount: '€2.50' }) }).waitFor();

	// Counted by notes and coins; somebody else pays in meanwhile, and that is told before it is closed.
	await t.open('/staff/counter?till');
	await expect.poll(() => figures(page)).toMatchObject({ [say('tills_expected')]: '€102.50' });
	await button(page, 'tills_close_begin').click();
	const count = (value: string, n: string) => page.getByLabel(say('tills_count_of', { value }), { exact: true }).fill(n);
	await count('€50.00', '1');
	await shop.post(`/tills/${till}/movements`, { kind: 'paid_in', amount: 1000, reason: 'Change' });
	await page.getByText(say('tills_moved_title')).waitFor();
	await count('€20.00', '3');
	await button(page, 'tills_moved_go').click();
	await expect.poll(() => figures(page)).toMatchObject({ [say('tills_expected')]: '€112.50', [say('tills_counted')]: '€110.00' });
	await page.getByRole('status').filter({ hasText: say('tills_short', { amount: '€2.50' }) }).waitFor();
	await look(page, 'close');
	const close = button(page, 'tills_close_do', { name: 'Till 1' });
	await close.click();
	await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement)?.getAttribute('aria-invalid'))).toBe('true');
	await page.getByLabel(say('tills_why')).fill('Wrong change');
	await close.click();
	await heading(page, 'tills_closed_title', { name: 'Till 1' }).waitFor();
	await look(page, 'closed');

	// Its report is on paper and on the screen; each figure opens what it is the sum of.
	const pdf = await page.evaluate(async (id) => {
		const r = await fetch(`/api/v1/tills/${id}/report.pdf`);
		return [r.status, r.headers.get('content-type'), (await r.text()).slice(0, 5)];
	}, till);
	expect(pdf).toEqual([200, 'application/pdf', '%PDF-']);
	await page.getByRole('link', { name: say('tills_report_show') }).click();
	await page.getByRole('heading', { name: 'Till 1', exact: true }).waitFor();
	expect(await figures(page, 'main')).toMatchObject({
		[say('tills_float')]: '€100.00', [say('tills_cash_taken')]: '€12.50', [say('tills_cash_back')]: '−€2.50', [say('tills_kind_paid_in')]: '€10.00', [say('tills_kind_paid_out')]: '−€7.50',
		[say('tills_expected')]: '€112.50', [say('tills_counted')]: '€110.00'
	});
	await page.getByText('Wrong change').waitFor();
	await look(page, 'report');
	await page.locator('dl').getByRole('link', { name: '€10.00' }).click();
	await page.getByRole('region', { name: say('tills_kind_paid_in') }).getByText('Change', { exact: true }).waitFor();
	expect(await page.locator('#lines tbody tr').count()).toBe(1);
	await t.open('/staff/tills');
	await page.getByRole('row').filter({ hasText: say('tills_short', { amount: '€2.50' }) }).waitFor();
	await look(page, 'list');
});

story('Somebody counts blind, and explains the difference afterwards', 120, async (stage) => {
	const owner = await stage.tablet({ name: 'owner' });
	await owner.shop.setUp();
	await owner.shop.hire('Emil Sand', 'employee');
	await owner.shop.patch('/settings', { tillBlind: true });
	await owner.shop.post('/tills', { name: 'Kasse 1', float: 10000 });

	const t = await stage.tablet({ name: 'emil', size: portrait, language: 'de', theme: 'dark' });
	const { page, shop } = t;
	await shop.signIn('Emil Sand');
	await t.open('/staff/counter?till');
	await page.getByRole('button', { name: sag('tills_close_begin'), exact: true }).click();
	await page.getByText(sag('tills_blind')).waitFor();
	expect(Object.keys(await figures(page))).toEqual([sag('tills_counted')]);
	await page.getByRole('button', { name: sag('tills_count_total'), exact: true }).click();
	await page.getByRole('textbox', { name: sag('tills_counted') }).fill('101,00');
	await look(page, 'blind');
	// Without a connection it is said, and what was typed stays.
	await t.context.setOffline(true);
	const close = page.getByRole('button', { name: sag('tills_close_do', { name: 'Kasse 1' }), exact: true });
	await close.click();
	await page.getByText(sag('tills_offline')).waitFor();
	expect(await page.getByRole('textbox', { name: sag('tills_counted') }).inputValue()).toBe('101,00');
	await t.context.setOffline(false);
	await close.click();
	await page.getByText(sag('tills_over', { amount: '1,00 €' })).first().waitFor();
	await page.getByLabel(sag('tills_why')).fill('Trinkgeld');
	await page.getByRole('button', { name: sag('tills_why_save'), exact: true }).click();
	await page.locator('dialog').getByText('Trinkgeld', { exact: true }).waitFor();
	await look(page, 'explained');
	const { items } = await owner.shop.get<{ items: { difference: number; reason: string }[] }>('/tills');
	expect(items).toMatchObject([{ difference: 100, reason: 'Trinkgeld' }]);
});
