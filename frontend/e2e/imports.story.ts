import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { fixture } from './shop';
import { landscape, story } from './stage';
import { button, heading, row, setUp } from './steps';
import { found } from './tour';
import { say } from './words';

const csv = (name: string, text: string, encoding: BufferEncoding = 'utf8') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, encoding) });
const preview = (page: Page) => page.getByRole('region', { name: say('imports_preview_title') });

/** Nothing serious in either theme. */
async function accessible(page: Page) {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		expect(await found(page)).toBe('');
	}
	await page.emulateMedia({ colorScheme: 'light' });
}

story('A new owner comes from Shopify with a broken row, mends it, and takes it all back', 110, async (stage) => {
	// Not traced: the tracer reads previews of files by itself, and the policy forbids it.
	const t = await stage.tablet({ name: 'office', size: landscape, traced: false });
	const { page, shop } = t;
	await setUp(page);
	await page.getByRole('link', { name: new RegExp(`^${say('setup_done_import')}`) }).click();

	// Nothing is asked: what Shopify writes is known. One amount has letters in it.
	const file = await readFile(fixture('shopify.csv'), 'utf8');
	await page.locator('input[type=file]').setInputFiles(csv('shopify.csv', file));
	await preview(page).waitFor();
	await page.getByText(say('imports_why_bad_amount', { value: '39.OO' })).waitFor();
	await accessible(page);

	// Its row as it came, with the reason beside it.
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: say('imports_rejected') }).click()]);
	const rejected = await readFile((await download.path())!, 'utf8');
	expect(rejected.trim().split('\n')).toHaveLength(2);
	expect(rejected).toMatch(/^\ufeffHandle,Title,.*,Reason\r?\noak-board,Oak board,.*39\.OO/);

	await page.getByRole('link', { name: say('imports_choose_other') }).click();
	await page.locator('input[type=file]').setInputFiles(csv('shopify.csv', file.replace('39.OO', '39.00')));
	await preview(page).waitFor();
	await page.getByRole('button', { name: /^Import \d rows$/ }).click();
	await heading(page, 'imports_done_title').waitFor();

	// A picture for the tee, and labels for all.
	await page.getByRole('link', { name: say('imports_open_products') }).click();
	await row(page, 'Linen tee').getByRole('link').click();
	await page.locator('input[type=file][multiple]').setInputFiles(fixture('mug.jpg'));
	await page.getByAltText(say('images_nth', { at: 1, count: 1 })).waitFor({ timeout: 20_000 });
	await t.open('/staff/products');
	await button(page, 'labels').click();
	await page.getByRole('checkbox', { name: say('labels_select_all') }).check();
	await button(page, 'labels_for', { count: 3 }).click();
	await page.getByLabel(say('labels_copies'), { exact: true }).selectOption('all');
	await page.getByRole('status').filter({ hasText: /^25 labels/ }).waitFor();
	const [labels] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/api/v1/labels')), button(page, 'labels_open').click()]);
	expect(labels.status()).toBe(200);

	// Taken back: but somebody's picture stays, and the page says so beforehand and afterwards.
	await t.open('/staff/imports');
	await row(page, 'shopify.csv').getByRole('link', { name: say('imports_undo_of', { name: 'shopify.csv' }) }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText(say('imports_kept_count', { count: 1 })).waitFor();
	await row(page, 'Linen tee').getByText(say('imports_why_changed_since')).waitFor();
	await accessible(page);
	await button(dialog, 'imports_undo').click();
	await heading(page, 'imports_undone_title').waitFor();
	await row(page, 'Linen tee').waitFor();
	const { items } = await shop.get<{ items: { name: string }[] }>('/products');
	expect(items.map((p) => p.name)).toEqual(['Linen tee']);
	// No label of the import is left but the brand of what stays.
	const named = async (path: string) => (await shop.get<{ items: { name: string }[] }>(path)).items.map((l) => l.name);
	expect(await named('/categories')).toEqual([]);
	expect(await named('/brands')).toEqual(['Vogel']);
	await page.getByText(say('imports_undone_archived', { count: 2 })).waitFor();
});

story('A list of a supplier is understood by asking, and remembered', 90, async (stage) => {
	const { page, shop } = await stage.tablet({ name: 'office', size: landscape });
	await shop.setUp();
	const list = csv('preisliste.csv', 'Was;Code;VK\nGlasfl\u00e4schchen;GF-1;1.250\n', 'latin1');

	await page.goto('/staff/imports/new?kind=products');
	await page.locator('input[type=file]').setInputFiles(list);
	// Both answers are seen in the file's own letters and figures.
	await heading(page, 'imports_step_questions').waitFor();
	await button(page, 'imports_next').click();
	await page.getByText(say('imports_ask_choose')).first().waitFor();
	await page.getByRole('radio', { name: /Glasfläschchen/ }).check();
	await page.getByRole('radio', { name: /1\.250 = 1250/ }).check();
	await accessible(page);
	await page.keyboard.press('Enter');

	// Two of three columns say nothing to a program.
	await heading(page, 'imports_columns').waitFor();
	const is = (column: string) => page.getByLabel(say('imports_column_is', { column }));
	await is('Was').selectOption('');
	await is('Code').selectOption('');
	await button(page, 'imports_to_preview').click();
	await page.getByRole('alert').waitFor();
	await is('Was').selectOption('name');
	await is('Code').selectOption('sku');
	await is('VK').selectOption('price');
	await accessible(page);
	await button(page, 'imports_to_preview').click();
	await preview(page).waitFor();
	await row(page, 'Glasfläschchen').getByText('€1,250.00').waitFor();
	await page.getByRole('button', { name: /^Import 1 row$/ }).click();
	await heading(page, 'imports_done_title').waitFor();

	await page.goto('/staff/imports/new?kind=products');
	await page.locator('input[type=file]').setInputFiles(list);
	await page.getByRole('radio', { name: /Glasfläschchen/ }).check();
	await page.getByRole('radio', { name: /1\.250 = 1250/ }).check();
	await button(page, 'imports_next').click();
	await page.getByText(say('imports_remembered')).waitFor();
	await expect.poll(() => is('Code').inputValue()).toBe('sku');
	await button(page, 'imports_to_preview').click();
	await page.getByText(say('imports_nothing_title')).waitFor();

	// New prices for what is here name no product; what is not here is told by its row.
	await page.goto('/staff/imports/new?kind=products');
	await page.locator('input[type=file]').setInputFiles(csv('preise.csv', 'SKU;Price\nGF-1;1.350,50\nGF-2;5\n'));
	await heading(page, 'imports_columns').waitFor();
	await button(page, 'imports_to_preview').click();
	await preview(page).waitFor();
	await row(page, 'Glasfläschchen').getByText('€1,350.50').waitFor();
	await page.getByText(say('imports_why_unknown_product', { value: 'GF-2' })).waitFor();
});
