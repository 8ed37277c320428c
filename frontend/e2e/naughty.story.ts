import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Shop } from './shop';
import { landscape, story } from './stage';
import { button } from './steps';
import { say } from './words';

interface Named {
	id: number;
	name: string;
}

/** The strings that break programs, where the reference files are; the worst of them otherwise. */
async function naughtyStrings(): Promise<string[]> {
	const folder = process.env.ONHAND_REFERENCE;
	const file = folder && join(folder, 'data/naughty_strings/blns.json');
	if (file && existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as string[];
	return ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '{{7*7}}', "' OR 1=1 --", '田中さん', 'ﷺ', '👾 🙇', 'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤', 'W'.repeat(200)];
}

/** All of a list, in the order of its page. */
async function all(shop: Shop, path: string): Promise<Named[]> {
	const items: Named[] = [];
	for (let after = ''; ; ) {
		const page = await shop.get<{ items: Named[]; next: string }>(`${path}?limit=200&after=${after}`);
		items.push(...page.items);
		if (!(after = page.next)) return items;
	}
}

/** Makes something of every text that is taken; what is refused is refused plainly, which is tested elsewhere. */
async function make(shop: Shop, path: string, texts: string[], body: (text: string) => object) {
	await Promise.all(texts.map((text) => shop.post(path, body(text)).catch((e: Error) => expect(e.message).toMatch(/: 422 /))));
	const made = await all(shop, path);
	expect(made.length).toBeGreaterThan(texts.length * 0.9);
	return made;
}

/** What the rows of a list say, to its end. */
async function shownIn(page: Page, count: number): Promise<string[]> {
	const names = page.locator('tbody a[data-row]');
	await expect.poll(() => names.count()).toBeGreaterThan(0);
	for (let n = await names.count(); n < count; n = await names.count()) {
		await button(page, 'action_more').click();
		await expect.poll(() => names.count()).toBeGreaterThan(n);
	}
	return names.evaluateAll((all) => all.map((a) => a.textContent!.replace(/^[ \n\t]+|[ \n\t]+$/g, '')));
}

/** Nothing of a text became a part of the page, and nothing stands beyond its edge. */
async function stillWhole(page: Page) {
	const [broken, wider] = await page.evaluate(() => [
		[...document.querySelectorAll('tbody :is(script, style, iframe, img, svg[onload], object, embed, marquee, form), tbody [onerror], tbody [onclick]')].map((e) => e.outerHTML),
		[...document.querySelectorAll('body, main, tbody tr, tbody td')].filter((e) => {
			const box = e.getBoundingClientRect();
			return box.left < -1 || box.right > innerWidth + 1 || (e.matches('td, body') && e.scrollWidth > e.clientWidth + 1);
		}).map((e) => `${e.tagName} ${e.textContent!.slice(0, 80)}`)
	]);
	expect(broken).toEqual([]);
	expect(wider).toEqual([]);
}

story('Names and notes that break programs are shown to the letter, and do nothing', 150, async (stage) => {
	const t = await stage.tablet({ name: 'office', size: landscape, traced: false });
	const { page, shop } = t;
	const asked: string[] = [];
	page.on('dialog', (d) => {
		asked.push(d.message());
		void d.dismiss();
	});
	await shop.setUp();
	const texts = await naughtyStrings();

	let taken: string[] = [];
	for (const [path, body] of [
		['/products', (name: string) => ({ name, variants: [{ price: 100, tracked: false }] })],
		['/customers', (name: string) => ({ name })]
	] as const) {
		const made = await make(shop, path, texts, body);
		taken = made.map((m) => m.name);
		await t.open(`/staff${path}`);
		expect(await shownIn(page, made.length)).toEqual(taken);
		await stillWhole(page);
	}

	// Many in one note, each in a line of its own.
	const notes = [''];
	for (const text of taken) {
		if (notes.at(-1)!.length + text.length > 4000) notes.push('');
		notes[notes.length - 1] += text + '\n';
	}
	for (const sent of notes) {
		const { id, note } = await shop.post<Named & { note: string }>('/customers', { name: 'Somebody', note: sent });
		await t.open(`/staff/customers/${id}`);
		await page.locator('dd.note').waitFor();
		expect(await page.locator('dd.note').evaluate((e) => e.textContent)).toBe(note);
		await stillWhole(page);
		const product = await shop.post<Named & { notes: string }>('/products', { name: 'Something', notes: sent, variants: [{ price: 100 }] });
		await t.open(`/staff/products/${product.id}`);
		await expect.poll(() => page.getByRole('textbox', { name: say('products_notes') }).inputValue()).toBe(product.notes);
		await stillWhole(page);
	}
	expect(asked).toEqual([]);
});
