import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { press } from './hands';
import { story } from './stage';
import { say } from './words';

story('A sale by keyboard alone, and the way to the receipt', 45, async (stage) => {
	const t = await stage.tablet({ name: 'till' });
	await t.shop.setUp();
	await t.shop.product('Linen apron', { price: 2500, onHand: 5 });
	const bowl = await t.shop.product('Olive bowl', { price: 1800, onHand: 5 });
	const { page } = t;

	await t.open('/staff');
	await page.getByRole('heading', { level: 1 }).waitFor();
	await press(page, 'gc');
	await page.locator('.tile').first().waitFor();
	await press(page, '/');
	await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
	await press(page, 'olive');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: say('counter_pay_amount', { amount: '€18.00' }) }).waitFor();
	await page.keyboard.press('F2');
	const dialog = page.getByRole('dialog', { name: say('counter_pay_title') });
	await dialog.waitFor();
	await expect.poll(() => focusInside(page)).toBe(true);
	await page.keyboard.press('Enter');
	const done = page.getByRole('dialog').filter({ has: page.getByRole('link', { name: say('counter_done_receipt') }) });
	await done.waitFor();
	await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(say('counter_done_next'));

	// The focus stays inside, and goes round.
	for (let i = 0; i < 6; i++) {
		await page.keyboard.press('Tab');
		expect(await focusInside(page)).toBe(true);
	}
	await page.getByRole('link', { name: say('counter_done_open') }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/staff\/orders\/\d+$/);
	expect((await t.shop.level(bowl)).onHand).toBe(4);
});

// Between the last and the first element the browser's own bar has its turn: that is the body here.
function focusInside(page: Page) {
	return page.evaluate(() => {
		const open = [...document.querySelectorAll('dialog[open]')].at(-1);
		return open?.contains(document.activeElement) || document.activeElement === document.body;
	});
}
