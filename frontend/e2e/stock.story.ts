import { expect } from 'vitest';
import { press, scan } from './hands';
import { portrait, story } from './stage';
import { button, inCart, row, tile } from './steps';
import { say, wordsOf } from './words';

const german = wordsOf('de');

story('What is typed into a search stays there while it is looked for', 60, async (stage) => {
	const t = await stage.tablet({ name: 'tablet' });
	await t.shop.setUp();
	await t.shop.product('Enamel mug', { price: 1400, onHand: 6 });
	await t.shop.product('Brass lamp', { price: 8900, onHand: 1 });
	await t.open('/staff/stock');
	const search = t.page.getByRole('searchbox', { name: say('stock_search') });
	await search.click();
	await press(t.page, 'm');
	await t.page.waitForURL(/q=m$/);
	await press(t.page, 'ug');
	await row(t.page, 'Brass lamp').waitFor({ state: 'detached' });
	await row(t.page, 'Enamel mug').waitFor();
	expect(await search.inputValue()).toBe('mug');
	await t.page.getByRole('button', { name: say('action_clear_filters') }).click();
	await row(t.page, 'Brass lamp').waitFor();
	expect(await search.inputValue()).toBe('');
});

story('The places of the stock stand beside each other, and what has no room is in a menu', 60, async (stage) => {
	const t = await stage.tablet({ name: 'tablet', size: portrait, language: 'de' });
	await t.shop.setUp();
	await t.open('/staff/stock');
	const tabs = t.page.getByRole('navigation', { name: german('stock_title'), exact: true });
	await tabs.getByRole('link', { name: german('stock_movements'), exact: true }).click();
	await t.page.getByRole('heading', { name: german('stock_movements'), level: 1 }).waitFor();
	expect(await tabs.locator('[aria-current]').innerText()).toBe(german('stock_movements'));

	await t.page.setViewportSize({ width: 360, height: 740 });
	await t.page.getByRole('button', { name: german('stock_movements'), exact: true }).click();
	await t.page.getByRole('menuitemradio', { name: german('transfers_title') }).click();
	await t.page.getByRole('heading', { name: german('transfers_title'), level: 1 }).waitFor();
	expect(await t.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

const mug = '4006381333931';

story('What is damaged is set aside by scan, released, and thrown away; each can be undone', 120, async (stage) => {
	const t = await stage.tablet({ name: 'tablet' });
	const { page, shop } = t;
	await shop.setUp();
	const id = await shop.product('Enamel mug', { price: 1400, barcode: mug, onHand: 6, cost: 500 });
	const level = async () => {
		const { onHand, unavailable } = await shop.level(id);
		return `${onHand} there, ${unavailable} set aside`;
	};
	await t.open('/staff/stock/set-aside');
	await page.getByText(say('asides_none')).waitFor();

	// A scan says what, the same one again one more.
	await scan(page, mug);
	const sheet = page.getByRole('dialog', { name: say('asides_set') });
	await sheet.getByText(say('asides_left', { count: '6' })).waitFor();
	await scan(page, mug);
	await scan(page, mug);
	await button(sheet, 'stock_aside_damaged').click();
	await button(sheet, 'asides_set_count', { count: '3' }).click();
	await row(page, 'Enamel mug').waitFor();
	expect(await level()).toBe('6 there, 3 set aside');

	// One is fine after all.
	await row(page, 'Enamel mug').getByRole('button', { name: say('asides_release'), exact: true }).click();
	const release = page.getByRole('dialog', { name: say('asides_release_title', { count: '3', name: 'Enamel mug' }) });
	await release.getByRole('textbox').first().fill('1');
	await button(page.getByRole('dialog'), 'asides_release').click();
	await row(page, 'Enamel mug').getByRole('cell', { name: '2', exact: true }).waitFor();
	expect(await level()).toBe('6 there, 2 set aside');
	await button(page, 'action_undo').last().click();
	await row(page, 'Enamel mug').getByRole('cell', { name: '3', exact: true }).waitFor();
	await row(page, 'Enamel mug').getByRole('button', { name: say('asides_release'), exact: true }).click();
	await page.getByRole('dialog').getByRole('textbox').first().fill('1');
	await button(page.getByRole('dialog'), 'asides_release').click();
	await row(page, 'Enamel mug').getByRole('cell', { name: '2', exact: true }).waitFor();

	// The others go, and come back to where they were.
	await button(page, 'asides_throw_of', { name: 'Enamel mug' }).click();
	await page.getByText(say('asides_worth', { amount: '€10.00' })).waitFor();
	await button(page.getByRole('dialog'), 'asides_throw').click();
	await page.getByText(say('asides_none')).waitFor();
	expect(await level()).toBe('4 there, 0 set aside');
	await button(page, 'action_undo').last().click();
	await row(page, 'Enamel mug').waitFor();
	expect(await level()).toBe('6 there, 2 set aside');
});

story('An adjustment is undone from its toast, and from the movements; what is sold since says so', 120, async (stage) => {
	const t = await stage.tablet({ name: 'tablet', size: portrait });
	const { page, shop } = t;
	await shop.setUp();
	const id = await shop.product('Enamel mug', { price: 1400, onHand: 2 });
	await t.open(`/staff/stock?adjust=${id}-1`);
	const sheet = page.getByRole('dialog', { name: say('stock_adjust') });
	await sheet.getByRole('radio', { name: say('stock_reason_damage') }).check();
	await sheet.locator('.numpad').press('1');
	await button(sheet, 'stock_save_total', { count: '1' }).click();
	await button(page, 'action_undo').click();
	await page.getByText(say('stock_undone')).waitFor();
	await row(page, 'Enamel mug').locator('.available').getByText('2', { exact: true }).waitFor();

	await shop.adjust(id, 3);
	await shop.sell(id, 5, { fulfil: true, payments: [{ method: 'cash', amount: 7000 }] });
	await t.open('/staff/stock/movements');
	const name = say('stock_undo_of', { what: say('stock_moved_received'), name: 'Enamel mug' });
	const taken = page.getByRole('row').filter({ hasText: '+3' });
	await taken.getByRole('button', { name }).click();
	await page.getByText(say('wrong_undo_gone', { quantity: '3', name: 'Enamel mug', left: '0' })).waitFor();

	await shop.adjust(id, 4);
	await page.getByText(/1 new movement/).click();
	await page.getByRole('row').filter({ hasText: '+4' }).getByRole('button', { name }).click();
	await page.getByRole('row').filter({ hasText: '+4' }).getByText(say('stock_was_undone')).waitFor();
	expect((await shop.level(id)).onHand).toBe(0);
});

interface Waste {
	total: { units: number; donated: number; rate?: number };
}

story('What expires soon is marked down, given away or thrown away, and what was wasted adds up', 150, async (stage) => {
	const t = await stage.tablet({ name: 'tablet' });
	const { page, shop } = t;
	await shop.setUp();
	const milk = await shop.perishable('Oat milk', 299, [
		['GOOD', 200, 9],
		['SOON', 5, 6],
		['OLD', -1, 2]
	]);
	await t.open('/staff/stock/sell-first');
	expect(await page.getByRole('row').nth(1).innerText()).toContain('OLD');
	const soon = page.getByRole('row').filter({ hasText: 'SOON' });
	expect(await page.getByRole('row').filter({ hasText: 'GOOD' }).count()).toBe(0);

	// One tap and a suggestion: a third off until it expires.
	await soon.getByRole('button', { name: say('first_mark'), exact: true }).click();
	await button(page.getByRole('dialog'), 'first_mark').click();
	await soon.getByText('€12.00', { exact: true }).waitFor();
	const price = async () => (await shop.get<{ items: { currentPrice: number }[] }>('/variants?q=oat')).items[0]!.currentPrice;
	expect(await price()).toBe(200);
	await button(page, 'action_undo').click();
	await page.getByText(say('stock_undone')).waitFor();
	expect(await price()).toBe(299);

	// Two go to the food bank, which is no waste; the expired ones go into the bin, which is.
	await soon.getByRole('button', { name: say('first_more_of', { name: 'Oat milk' }) }).click();
	await page.getByRole('menuitem', { name: say('first_donate') }).click();
	await page.getByRole('dialog').getByRole('textbox').first().fill('2');
	await button(page.getByRole('dialog'), 'first_donate').click();
	await soon.getByText(say('first_of', { count: '4' })).waitFor();
	await page.getByRole('row').filter({ hasText: 'OLD' }).getByRole('button', { name: say('asides_throw') }).click();
	await button(page.getByRole('dialog'), 'asides_throw').click();
	await page.getByRole('row').filter({ hasText: 'OLD' }).waitFor({ state: 'detached' });
	await shop.sell(milk, 6, { fulfil: true, payments: [{ method: 'cash', amount: 1794 }] });

	await button(page, 'first_title').click(); // the menu has the name of the place that one is at
	await page.getByRole('menuitemradio', { name: say('waste_title') }).click();
	await page.getByRole('heading', { name: say('waste_title'), level: 1 }).waitFor();
	await page.getByRole('tab', { name: say('stock_product') }).click();
	await row(page, 'Oat milk').getByText('25%').waitFor();
	const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format();
	const { total } = await shop.get<Waste>(`/reports/waste?from=${today}&to=${today}&by=product`);
	expect(total).toMatchObject({ units: 2, donated: 2, rate: 25000 });

	// The figure leads to the rows that make it.
	await row(page, 'Oat milk').getByRole('link').click();
	await page.getByRole('heading', { name: say('stock_movements'), level: 1 }).waitFor();
	expect(await page.getByRole('row').count()).toBe(2);
	await page.getByRole('row').filter({ hasText: say('stock_moved_waste') }).getByText('−2', { exact: true }).waitFor();
});

story('What is gone here the till finds in another store', 60, async (stage) => {
	const t = await stage.tablet({ name: 'till' });
	const { page, shop } = t;
	await shop.setUp();
	const lamp = await shop.product('Brass lamp', { price: 8900, onHand: 1 });
	const harbour = await shop.post<{ id: number }>('/locations', { name: 'Harbour' });
	await shop.post('/stock/adjustments', { locationId: harbour.id, reason: 'received', lines: [{ variantId: lamp, delta: 4 }] });
	await shop.post('/locations', { name: 'Attic' }); // has none
	await t.open('/staff/counter');
	await tile(page, 'Brass lamp').click();
	await tile(page, 'Brass lamp').click();
	await inCart(page, 'Brass lamp').getByText(say('counter_only', { count: 1 })).waitFor();
	await inCart(page, 'Brass lamp').getByText(say('orders_elsewhere', { where: say('orders_elsewhere_at', { store: 'Harbour', count: 4 }) }), { exact: true }).waitFor();
});
