import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { enter, scan } from './hands';
import { portrait, story } from './stage';
import { button } from './steps';
import { say } from './words';

interface Movement {
	delta: number;
	reason: string;
	document: { type: string; number: string } | null;
}

const mug = '4006381333931';
const bowl = '4006381333948';

/** The line of a product in the list of what was counted. */
const line = (page: Page, name: string) => page.getByRole('list', { name: say('counts_tab_counted') }).getByRole('button', { name: new RegExp(`^${name}|${name}`) });

const counted = (page: Page, name: string, n: number) => line(page, name).locator('.count').getByText(String(n), { exact: true }).waitFor();

story('Two tablets count a shelf by scan while a third sells from it', 120, async (stage) => {
	const one = await stage.tablet({ name: 'one' });
	await one.shop.setUp();
	const blue = await one.shop.product('Blue mug', { price: 1250, barcode: mug, onHand: 5 });
	const wood = await one.shop.product('Wooden bowl', { price: 2900, barcode: bowl, onHand: 2 });
	const two = await stage.tablet({ name: 'two', size: portrait });
	await two.signIn();

	// The first one begins, blind, with everything in the store.
	await one.open('/staff/stock');
	await one.page.getByRole('link', { name: say('counts_title') }).click();
	await button(one.page, 'counts_start').first().click();
	const sheet = one.page.getByRole('dialog', { name: say('counts_start') });
	await sheet.getByRole('button', { name: say('counts_of_full'), exact: true }).click();
	await sheet.getByRole('switch', { name: say('counts_blind') }).click();
	await button(sheet, 'counts_start').click();
	await one.page.getByText(say('counts_scan_title')).waitFor();
	expect(one.page.url()).toMatch(/\/counts\/1$/);
	await two.open('/staff/stock/counts/1');
	await two.page.getByText(say('counts_scan_title')).waitFor();

	// Both scan the same shelf; what one counts the other sees.
	await scan(one.page, mug);
	await counted(two.page, 'Blue mug', 1);
	await scan(two.page, mug);
	await counted(one.page, 'Blue mug', 2);
	expect(await one.page.locator('.now .count').innerText()).toBe('2');
	await scan(one.page, mug);
	await counted(one.page, 'Blue mug', 3);

	// A mug that was scanned is sold.
	await one.shop.sell(blue, 1, { fulfil: true, payments: [{ method: 'cash', amount: 1250 }] });
	await scan(two.page, mug);
	await counted(two.page, 'Blue mug', 4);
	await scan(one.page, mug);
	await counted(one.page, 'Blue mug', 5);
	await scan(two.page, bowl); // one of the two is missing
	await counted(one.page, 'Wooden bowl', 1);
	expect(await one.page.getByText(say('counts_books_say', { count: '5' })).count()).toBe(0);

	// Whoever leaves finds it as it was.
	await two.open('/staff/stock/counts');
	await two.page.getByRole('link', { name: /C-1001/ }).click();
	await counted(two.page, 'Wooden bowl', 1);

	// Review: the mugs agree though one of them was sold meanwhile, the bowl does not.
	await button(one.page, 'counts_review').click();
	const differing = one.page.getByRole('table', { name: say('counts_tab_differing') });
	await differing.getByText('Wooden bowl').waitFor();
	expect(await differing.getByText('Blue mug').count()).toBe(0);
	await button(one.page, 'counts_post').click();
	await one.page.getByRole('alertdialog').or(one.page.getByRole('dialog')).getByRole('button', { name: say('counts_post'), exact: true }).click();
	await one.page.getByText(say('counts_posted', { number: 'C-1001' })).waitFor();
	await two.page.getByText(say('counts_is_posted'), { exact: true }).first().waitFor();

	expect((await one.shop.level(blue)).onHand).toBe(4);
	expect((await one.shop.level(wood)).onHand).toBe(1);
	const { items } = await one.shop.get<{ items: Movement[] }>('/stock/movements?locationId=1');
	const corrections = items.filter((x) => x.document?.type === 'count');
	expect(corrections).toMatchObject([{ delta: -1, reason: 'count', document: { number: 'C-1001' } }]);

	// Counted again all of it agrees: of three lines of two counts, two did.
	const again = await one.shop.post<{ id: number }>('/stock/counts', { locationId: 1, variantIds: [wood] });
	await one.shop.post(`/stock/counts/${again.id}/lines`, { lines: [{ variantId: wood, counted: 1 }] });
	await one.shop.post(`/stock/counts/${again.id}/post`, {});
	await one.open('/staff/stock/counts');
	const accuracy = one.page.getByRole('region', { name: say('counts_accuracy') });
	await accuracy.getByText('66.6%').waitFor();
	await accuracy.getByRole('img', { name: say('counts_accuracy_chart', { first: '50%', last: '100%' }) }).waitFor();
});

story('A number is typed, taken back, counted again in review, and kept while the server is away', 120, async (stage) => {
	const t = await stage.tablet({ name: 'tablet' });
	await t.shop.setUp();
	const blue = await t.shop.product('Blue mug', { price: 1250, barcode: mug, onHand: 12 });
	await t.shop.product('Wooden bowl', { price: 2900, barcode: bowl, onHand: 2 });
	await t.open('/staff/stock/counts?new');
	const sheet = t.page.getByRole('dialog', { name: say('counts_start') });
	await button(sheet, 'counts_start').click();
	await t.page.getByText(say('counts_scan_title')).waitFor();

	// By keyboard alone: e opens the pad, Enter saves.
	await scan(t.page, mug);
	await counted(t.page, 'Blue mug', 1);
	await t.page.keyboard.press('e');
	const pad = t.page.getByRole('dialog', { name: say('counts_set_title') });
	await pad.waitFor();
	await enter(t.page, '10');
	await counted(t.page, 'Blue mug', 10);

	// A mistaken scan goes as if it had never been.
	await scan(t.page, bowl);
	await counted(t.page, 'Wooden bowl', 1);
	await button(t.page, 'counts_minus').click();
	await line(t.page, 'Wooden bowl').waitFor({ state: 'detached' });
	await t.page.getByRole('tab', { name: say('counts_tab_left') }).click();
	await t.page.getByRole('list', { name: say('counts_tab_left') }).getByText('Wooden bowl').waitFor();
	await t.page.getByRole('tab', { name: new RegExp(say('counts_tab_counted')) }).click();

	// The server goes away in the middle: the scan is kept, and arrives once.
	await counted(t.page, 'Blue mug', 10);
	const found = t.page.locator('.now');
	await line(t.page, 'Blue mug').click();
	await t.page.keyboard.press('Escape');
	await stage.house.kill();
	await button(t.page, 'counts_plus').click();
	await found.getByText(say('counts_unsent', { count: 1 })).waitFor();
	await stage.house.open();
	await counted(t.page, 'Blue mug', 11);
	await found.getByText(say('counts_unsent', { count: 1 })).waitFor({ state: 'detached' });

	await button(t.page, 'counts_review').click();
	await t.page.getByRole('button', { name: say('counts_recount_of', { name: 'Blue mug' }) }).click();
	await pad.waitFor();
	await enter(t.page, '12');
	await t.page.getByText(say('counts_nothing_differs')).waitFor();
	expect((await t.shop.get<{ status: string }>('/stock/counts/1')).status).toBe('review');

	// What nobody counted is none only when that is said.
	await t.page.getByRole('tab', { name: say('counts_tab_uncounted') }).click();
	await button(t.page, 'counts_zero').click();
	await t.page.getByRole('button', { name: say('counts_zero_action'), exact: true }).click();
	await t.page.getByText(say('counts_nothing_left')).waitFor();
	expect((await t.shop.get<{ short: number }>('/stock/counts/1')).short).toBe(2);
	expect((await t.shop.level(blue)).onHand).toBe(12);
});
