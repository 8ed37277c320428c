import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { fixture } from './shop';
import { landscape, portrait, story } from './stage';
import { button, heading, row, tile } from './steps';
import { say } from './words';

interface Product {
	images: { id: number; alt: string; url: string }[];
}

story('Pictures: added, put in order and described on one tablet, seen on the other', 80, async (stage) => {
	// Not traced: the tracer reads previews of files by itself, and the policy forbids it.
	const back = await stage.tablet({ name: 'back-room', size: portrait, traced: false });
	const till = await stage.tablet({ name: 'till', size: landscape });
	await back.shop.setUp();
	await till.signIn();
	const mug = await back.shop.product('Enamel mug', { price: 1250, onHand: 5 });
	await back.shop.product('Oak board', { price: 3900, onHand: 9 });
	const order = await back.shop.sell(mug, 1, { payments: [], fulfil: false });
	const images = async () => (await back.shop.get<Product>('/products/1')).images;

	// Without pictures the tiles stay as small as they are.
	await till.open('/staff/counter');
	await tile(till.page, 'Enamel mug').waitFor();
	expect(await till.page.locator('.tile .picture').count()).toBe(0);

	// Three files: two are pictures, and the third says why it is none.
	await back.open('/staff/products/1');
	await heading(back.page, 'images_title').waitFor();
	const files = [{ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') }];
	for (const name of ['mug.jpg', 'board.jpg']) files.push({ name, mimeType: 'image/jpeg', buffer: await readFile(fixture(name)) });
	await back.page.locator('input[type=file][multiple]').setInputFiles(files);
	await back.page.getByText(say('images_wrong_kind')).waitFor();
	const handles = back.page.locator('[data-handle]');
	await handles.nth(1).waitFor();
	await button(back.page, 'images_dismiss', { name: 'notes.jpg' }).click();
	const [first, second] = (await images()).map((i) => i.id);

	// The other tablet shows it without being asked; what has no picture shows its letters.
	await tile(till.page, 'Enamel mug').locator('img:not([aria-hidden])').waitFor();
	await tile(till.page, 'Oak board').getByText('OB', { exact: true }).waitFor();
	const drawn = await tile(till.page, 'Enamel mug').locator('img:not([aria-hidden])').evaluate((i: HTMLImageElement) => i.decode().then(() => i.naturalWidth));
	expect(drawn).toBeGreaterThan(100);

	// By key, and then by finger.
	await handles.nth(1).focus();
	await back.page.keyboard.press('ArrowUp');
	await expect.poll(async () => (await images()).map((i) => i.id)).toEqual([second, first]);
	await expect.poll(() => back.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(say('images_handle', { at: 1, count: 2 }));
	// Once the page was read anew they stand in it as they stand on the screen: until then what is measured may still move.
	await expect.poll(() => handles.nth(0).getAttribute('aria-label')).toBe(say('images_handle', { at: 1, count: 2 }));
	const handle = (at: number) => button(back.page, 'images_handle', { at, count: 2 });
	const from = (await handle(1).boundingBox())!;
	const to = (await handle(2).boundingBox())!;
	await back.page.mouse.move(from.x + 20, from.y + 20);
	await back.page.mouse.down();
	await back.page.mouse.move(to.x + 20, to.y + 30, { steps: 5 });
	await back.page.mouse.up();
	await expect.poll(async () => (await images()).map((i) => i.id)).toEqual([first, second]);

	const card = back.page.getByRole('listitem').filter({ has: back.page.getByAltText(say('images_nth', { at: 1, count: 2 })) });
	await card.getByLabel(say('images_alt')).fill('An enamel mug with a blue rim');
	await back.page.keyboard.press('Tab');
	await expect.poll(async () => (await images())[0]!.alt).toBe('An enamel mug with a blue rim');

	// Gone, and back.
	await button(back.page, 'images_remove', { at: 2 }).click();
	await expect.poll(async () => (await images()).length).toBe(1);
	await button(back.page, 'action_undo').click();
	await expect.poll(async () => (await images()).map((i) => i.id)).toEqual([first, second]);

	// In every list, and on the order that was placed before.
	for (const path of ['/staff/products', '/staff/stock']) {
		await till.open(path);
		await row(till.page, 'Enamel mug').locator('img').waitFor();
	}
	await till.open(`/staff/orders/${order.id}`);
	await till.page.getByRole('listitem').filter({ hasText: 'Enamel mug' }).locator('img').first().waitFor();
	await till.open('/staff/counter');
	await tile(till.page, 'Enamel mug').click();
	await till.page.locator('li .picture img').waitFor();
});
