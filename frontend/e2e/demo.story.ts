import { expect } from 'vitest';
import { landscape, story } from './stage';
import { button, heading, row, setUp } from './steps';
import { say } from './words';

interface List {
	items: unknown[];
}

story('Somebody looks around in the demo first, and then begins with a shop of their own', 150, async (stage) => {
	const { page, shop } = await stage.tablet({ name: 'office', size: landscape });
	await setUp(page);
	await page.getByRole('button', { name: new RegExp(`^${say('demo_title')}`) }).click();

	// It moves in while one looks on; the strip says how far it is, and then that all is made up.
	await page.getByRole('progressbar', { name: say('demo_filling') }).waitFor();
	await page.getByText(say('demo_strip_text')).waitFor({ timeout: 90_000 });

	// Home is full without being opened anew, and so is everything behind it.
	await page.locator('main li').filter({ hasText: say('home_out') }).first().waitFor();
	await page.goto('/staff/orders?show=all');
	await row(page, '#').nth(20).waitFor();
	await page.goto('/staff/counter');
	await page.locator('.tile img').nth(8).waitFor();
	await shop.post('/jobs/stock-alerts/run', {});
	await page.goto('/staff/stock/alerts');
	await page.locator('tbody tr').nth(5).waitFor();
	expect((await shop.get<List>('/stock?state=expiring')).items.length).toBeGreaterThan(2);

	// Out it goes, with what was added; what is left is the owner's shop, which still has to begin.
	await shop.product('Brass lamp', { price: 8900, onHand: 1 });
	await button(page, 'demo_remove').click();
	await button(page.locator('dialog'), 'demo_remove').click();
	await heading(page, 'setup_done_text').waitFor();
	await page.getByText(say('demo_strip_text')).waitFor({ state: 'detached' });
	for (const list of ['/products', '/orders', '/customers', '/stock', '/categories']) expect((await shop.get<List>(list)).items).toEqual([]);
	expect((await shop.get<List>('/locations')).items).toHaveLength(1);
	await page.getByRole('link', { name: new RegExp(`^${say('setup_done_add')}`) }).click();
	await page.getByLabel(say('products_name'), { exact: true }).fill('Enamel mug');
	await page.getByRole('textbox', { name: say('products_price'), exact: true }).fill('12.50');
	await button(page, 'products_save_new').click();
	await page.waitForURL(/\/staff\/products\/\d+$/);
	expect((await shop.get<List>('/products')).items).toHaveLength(1);
});
