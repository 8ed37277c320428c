import { expect } from 'vitest';
import { landscape, story } from './stage';
import { button, heading } from './steps';
import { say } from './words';

interface Product {
	id: number;
	name: string;
	published: boolean;
	version: number;
	category: string;
	variants: { id: number; sku: string; price: number; cost?: number; reorderPoint: number }[];
}

story('Prices come from a spreadsheet while somebody else changes one, and a product is copied and deleted', 90, async (stage) => {
	const t = await stage.tablet({ name: 'office', size: landscape });
	const { page, shop } = t;
	await shop.setUp();
	for (const [name, price] of [['Ash tray', 1000], ['Bowl', 2000], ['Cup', 3000]] as const) await shop.product(name, { price, category: 'Kitchen' });
	const product = async (id: number) => shop.get<Product>(`/products/${id}`);

	// Two columns of a spreadsheet, one cell of which is no amount.
	await t.open('/staff/products');
	await button(page, 'bulk_edit').click();
	await page.getByRole('checkbox', { name: say('labels_select_all') }).check();
	await button(page, 'bulk_edit_some', { count: 3 }).click();
	const cell = (row: number, col: number) => page.locator(`[data-row="${row}"] [data-col="${col}"]`);
	await cell(0, 1).click();
	await page.evaluate(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', '€ 11.50\t4\r\n22,50\tfree\r\n33\t\r\n');
		document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
	});
	await expect.poll(() => cell(1, 1).innerText()).toBe('€22.50');
	expect(await cell(1, 2).getAttribute('aria-invalid')).toBe('true');
	expect((await product(1)).variants[0]!.price).toBe(1000);

	// The keyboard mends it, and a value is drawn down.
	await button(page, 'bulk_next', { count: 1 }).click();
	await page.keyboard.type('7');
	await page.keyboard.press('Enter');
	await cell(0, 3).click();
	await page.keyboard.type('5');
	await page.keyboard.press('Enter');
	await cell(0, 3).click();
	const [handle, last] = [(await cell(0, 3).locator('.handle').boundingBox())!, (await cell(2, 3).boundingBox())!];
	await page.mouse.move(handle.x + 7, handle.y + 7);
	await page.mouse.down();
	await page.mouse.move(handle.x + 7, last.y + 20, { steps: 4 });
	await page.mouse.up();
	await expect.poll(() => cell(2, 3).innerText()).toBe('5');

	// Somebody else names another price for the cup meanwhile: both are told apart, and theirs is taken.
	const { version, variants } = await product(3);
	await shop.patch('/products/3', { version, variants: [{ id: variants[0]!.id, price: 3500 }] });
	await expect.poll(() => cell(2, 1).getAttribute('class')).toContain('conflict');
	await cell(2, 1).click();
	await button(page, 'products_take_theirs').click();
	await button(page, 'action_save').click();
	await page.getByText(say('bulk_saved', { count: 3 })).waitFor();
	const now = await Promise.all([1, 2, 3].map(product));
	expect(now.map(({ variants: [v] }) => [v!.price, v!.cost, v!.reorderPoint])).toEqual([[1150, 400, 5], [2250, 700, 5], [3500, undefined, 5]]);

	// A copy starts hidden; deleted it is gone, while what was ordered is archived.
	await t.open('/staff/products/3');
	await button(page, 'common_actions').click();
	await page.getByRole('menuitem', { name: say('products_duplicate') }).click();
	await page.getByLabel(say('products_duplicate_name')).fill('Tea cup');
	await button(page, 'products_duplicate').click();
	await heading(page, 'products_duplicate_title', { name: 'Cup' }).waitFor({ state: 'detached' });
	await page.getByRole('heading', { name: 'Tea cup' }).waitFor();
	expect(await product(4)).toMatchObject({ published: false, category: 'Kitchen', variants: [{ price: 3500, reorderPoint: 5 }] });
	await button(page, 'common_actions').click();
	await page.getByRole('menuitem', { name: say('products_delete') }).click();
	await button(page, 'products_delete').click();
	await page.getByText(say('products_deleted', { name: 'Tea cup' })).waitFor();
	await page.waitForURL(/\/staff\/products$/);
	await expect(product(4)).rejects.toThrow();
});

story('What opens is ready to be typed into, and an address that leads nowhere says so', 60, async (stage) => {
	const t = await stage.tablet({ name: 'office', size: landscape });
	const { page, shop } = t;
	await shop.setUp();
	await shop.post('/products', { name: 'Tee', brand: 'Vogel', options: ['Size'], variants: ['S', 'L'].map((size) => ({ price: 2500, options: { Size: size } })) });
	await shop.post('/brands', { name: 'Vogel & Söhne' });

	await t.open('/staff/products/brands');
	await button(page, 'brands_actions', { name: 'Vogel' }).click();
	await page.getByRole('menuitem', { name: say('brands_merge') }).click();
	await page.getByRole('dialog').waitFor();
	await page.keyboard.type('vogel');
	await page.getByRole('option', { name: 'Vogel & Söhne' }).click();
	await button(page.getByRole('dialog'), 'brands_merge_action').click();
	await page.getByText(say('brands_merged', { name: 'Vogel', into: 'Vogel & Söhne' })).waitFor();

	await t.open('/staff/products/1');
	await button(page, 'products_sale_all').click();
	await page.getByRole('dialog').waitFor();
	await page.keyboard.type('19.90');
	await button(page, 'products_sale_apply').click();
	await button(page, 'action_save').click();
	await expect.poll(async () => (await shop.get<{ variants: { salePrice: number | null }[] }>('/products/1')).variants.map((v) => v.salePrice)).toEqual([1990, 1990]);

	for (const path of ['/staff/no/such/page', '/staff/products/99', '/staff/products/mug']) {
		await t.open(path);
		await heading(page, 'error_title_not_found').waitFor();
		await page.getByRole('navigation', { name: say('nav_main') }).waitFor();
	}
});
