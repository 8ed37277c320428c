import { expect } from 'vitest';
import { enter, places, scan } from './hands';
import { landscape, portrait, story } from './stage';
import { button, heading, inCart, previewImport, row, setUp, signIn, tile } from './steps';
import { say } from './words';

const mug = { name: 'Enamel mug', barcode: '4006381333931' };

story('Two tablets: set up, import, sell at one, see it on the other', 100, async (stage) => {
	const till = await stage.tablet({ name: 'till', size: landscape });
	const back = await stage.tablet({ name: 'back-room', size: portrait });

	await setUp(till.page);

	// The file as it comes: shown first, then everything at once, and a second time nothing.
	await previewImport(till.page);
	await till.page.getByRole('button', { name: /^Import \d+ rows$/ }).click();
	await heading(till.page, 'imports_done_title').waitFor();
	await previewImport(till.page);
	await till.page.getByText(say('imports_nothing_title')).waitFor();

	const mugId = await till.shop.product(mug.name, { price: 1250, barcode: mug.barcode, onHand: 5 });
	await till.shop.product('Oak board', { price: 3900, onHand: 9 });
	const first = await till.shop.sell(mugId, 1, { payments: [], fulfil: false });

	// The other tablet looks at the orders and at the stock, each in its own tab.
	await signIn(back.page);
	await back.open('/staff/orders?show=all');
	const stock = await back.context.newPage();
	await back.open('/staff/stock', stock);
	await row(back.page, `#${first.number}`).waitFor();
	await row(stock, mug.name).waitFor();
	const ordersBefore = await places(back.page.locator('tbody tr'));
	const stockBefore = await places(stock.locator('tbody tr'));

	// By tap, by scan twice, by a scan into the search field, and not by somebody who types.
	await till.open('/staff/counter');
	await tile(till.page, 'T-Shirt with Logo').click();
	await scan(till.page, mug.barcode);
	await scan(till.page, mug.barcode);
	const search = till.page.getByRole('searchbox');
	await search.click();
	await scan(till.page, mug.barcode);
	const mugs = inCart(till.page, mug.name).locator('input');
	await expect.poll(() => mugs.inputValue(), { timeout: 5000 }).toBe('3');
	expect(await search.inputValue()).toBe('');
	// Nor does the Enter at its end press what has the focus.
	await tile(till.page, 'T-Shirt with Logo').focus();
	await enter(till.page, mug.barcode);
	await till.page.getByText(say('counter_scan_garbled')).waitFor();

	// 18.00 + 3 x 12.50, from a hundred: what was typed added nothing.
	await button(till.page, 'counter_pay_amount', { amount: '€55.50' }).click();
	await till.page.getByRole('button', { name: '100', exact: true }).click();
	await till.page.getByText('€44.50').waitFor();
	const sold = Date.now();
	await button(till.page, 'orders_pay_take', { amount: '€55.50' }).click();
	const done = till.page.getByRole('dialog').filter({ has: till.page.getByRole('link', { name: say('counter_done_receipt') }) });
	await done.waitFor();

	// Within two seconds, without reload, and nothing has moved.
	const two = { timeout: 2000 };
	await Promise.all([
		back.page.getByRole('button', { name: say('orders_fresh', { count: 1 }) }).waitFor(two),
		row(stock, mug.name).locator('.available').getByText('1', { exact: true }).waitFor(two)
	]);
	expect(Date.now() - sold).toBeLessThan(4000);
	expect(await places(back.page.locator('tbody tr'))).toEqual(ordersBefore);
	expect(await places(stock.locator('tbody tr'))).toEqual(stockBefore);
	await stock.locator('tr.changed').filter({ hasText: mug.name }).waitFor();
	await button(back.page, 'orders_fresh', { count: 1 }).click();
	await back.page.locator('tbody tr').nth(1).waitFor();

	// The receipt opens beside the till.
	const [receipt] = await Promise.all([till.context.waitForEvent('page'), done.getByRole('link', { name: say('counter_done_receipt') }).click()]);
	await receipt.getByRole('article').getByText(mug.name).waitFor();
	expect(await receipt.getByRole('article').innerText()).toContain('44.50');
	await receipt.close();
	await button(till.page, 'counter_done_next').click();

	// The quantity explains itself, and its lines lead to the order.
	await row(stock, mug.name).locator('.available a').click();
	const why = stock.getByRole('dialog', { name: say('stock_why', { count: '1' }) });
	await why.getByRole('link', { name: say('stock_order', { number: first.number }) }).waitFor();
	expect((await why.getByRole('table').first().locator('tbody .figure:not(.balance)').allInnerTexts()).reduce((sum, t) => sum + Number(t.replace('−', '-')), 0)).toBe(2);

	// Signing out at the till ends its other tab too; the back room goes on.
	const other = await till.context.newPage();
	await till.open('/staff/orders', other);
	await heading(other, 'orders_title').waitFor();
	await button(till.page, 'user_menu', { name: 'Anna Vogel' }).click();
	await till.page.getByRole('menuitem', { name: say('user_sign_out') }).click();
	await till.page.getByLabel(say('signin_email')).waitFor();
	await other.getByRole('dialog', { name: say('signin_again_title') }).waitFor();
	await stock.keyboard.press('Escape');
	await back.shop.adjust(mugId, 4);
	await row(stock, mug.name).locator('.available').getByText('5', { exact: true }).waitFor(two);
});
