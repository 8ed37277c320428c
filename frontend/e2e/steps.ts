import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { setupToken } from './house';
import { owner, shopName, store } from './shop';
import { say } from './words';

/** The real export, where the reference files are; a small one of our own otherwise. */
export function exportedProducts(): string {
	const folder = process.env.ONHAND_REFERENCE;
	const real = folder && join(folder, 'data/woocommerce/sample_products.csv');
	return real && existsSync(real) ? real : join(import.meta.dirname, 'fixtures/products.csv');
}

export const button = (in_: Page | Locator, key: string, params?: Record<string, string | number>) =>
	in_.getByRole('button', { name: say(key, params), exact: true });

export const heading = (page: Page, key: string, params?: Record<string, string | number>) =>
	page.getByRole('heading', { name: say(key, params), exact: true });

/** The wizard, from the first start to the open shop. */
export async function setUp(page: Page) {
	await page.goto('/staff');
	await heading(page, 'setup_token_title').waitFor();
	await page.getByLabel(say('setup_token'), { exact: true }).fill(setupToken);
	await button(page, 'setup_next').click();
	await page.getByLabel(say('setup_shop_name')).fill(shopName);
	await page.getByLabel(say('setup_currency')).fill('EUR');
	await page.getByRole('option', { name: /EUR/ }).first().click();
	await page.getByLabel(say('setup_store_step')).fill(store);
	await button(page, 'setup_next').click();
	await page.getByLabel(say('setup_owner_name')).fill(owner.name);
	await page.getByLabel(say('setup_owner_email')).fill(owner.email);
	await page.getByLabel(say('setup_owner_password'), { exact: true }).fill(owner.password);
	await button(page, 'setup_finish').click();
	await heading(page, 'setup_mail_title').waitFor();
	await button(page, 'setup_mail_skip').click();
	await heading(page, 'setup_done_title', { shop: shopName }).waitFor();
}

/** Chooses the file and waits for the preview. */
export async function previewImport(page: Page) {
	await page.goto('/staff/imports/new?kind=products');
	await page.locator('input[type="file"]').setInputFiles(exportedProducts());
	await page.getByRole('region', { name: say('imports_preview_title') }).waitFor();
}

export async function signIn(page: Page) {
	await page.goto('/staff/signin');
	await page.getByLabel(say('signin_email')).fill(owner.email);
	await page.getByLabel(say('signin_password'), { exact: true }).fill(owner.password);
	await button(page, 'signin_submit').click();
	await page.getByRole('navigation', { name: say('nav_main') }).waitFor();
}

export const tile = (page: Page, name: string) => page.locator('.catalogue').getByRole('button', { name: new RegExp(`^${name}\\b`) });

export const inCart = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });

/** The row of a table that names this. */
export const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
