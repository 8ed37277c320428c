import { expect } from 'vitest';
import { press } from './hands';
import { portrait, story } from './stage';
import { row } from './steps';
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
	await tabs.getByRole('link', { name: german('counts_title'), exact: true }).click();
	await t.page.getByRole('heading', { name: german('counts_title'), level: 1 }).waitFor();
	expect(await tabs.locator('[aria-current]').innerText()).toBe(german('counts_title'));

	await t.page.setViewportSize({ width: 360, height: 740 });
	await t.page.getByRole('button', { name: german('counts_title'), exact: true }).click();
	await t.page.getByRole('menuitemradio', { name: german('transfers_title') }).click();
	await t.page.getByRole('heading', { name: german('transfers_title'), level: 1 }).waitFor();
	expect(await t.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
