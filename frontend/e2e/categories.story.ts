import { expect } from 'vitest';
import { landscape, story } from './stage';
import { button } from './steps';
import { say } from './words';

interface Category {
	id: number;
	name: string;
	path: string;
}

story('Categories are put in order by finger and by key', 60, async (stage) => {
	const t = await stage.tablet({ name: 'office', size: landscape });
	const { page, shop } = t;
	await shop.setUp();
	for (const name of ['Kitchen', 'Garden', 'Tools']) await shop.post('/categories', { name });
	const paths = async () => (await shop.get<{ items: Category[] }>('/categories')).items.map((c) => c.path);
	const handle = (path: string) => button(page, 'categories_handle', { name: path });
	const put = async (path: string, under: string, aside: number) => {
		const [from, to] = [(await handle(path).boundingBox())!, (await handle(under).boundingBox())!];
		await page.mouse.move(from.x + 20, from.y + 20);
		await page.mouse.down();
		await page.mouse.move(to.x + 20 + aside, to.y + 40, { steps: 5 });
	};
	await t.open('/staff/products/categories');

	// Straight up is a place among the others, to the side is inside the one above.
	await put('Tools', 'Kitchen', 0);
	await page.mouse.up();
	await expect.poll(paths).toEqual(['Kitchen', 'Tools', 'Garden']);
	await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('category-3');
	await put('Garden', 'Kitchen', 30);
	await page.mouse.up();
	await expect.poll(paths).toEqual(['Kitchen', 'Kitchen > Garden', 'Tools']);

	// Escape lets go of it where it was.
	await put('Tools', 'Kitchen', 30);
	await page.keyboard.press('Escape');
	await page.mouse.up();
	await page.locator('li.dragged').waitFor({ state: 'detached' });
	expect(await paths()).toEqual(['Kitchen', 'Kitchen > Garden', 'Tools']);

	await handle('Kitchen > Garden').focus();
	await page.keyboard.press('ArrowLeft');
	await expect.poll(paths).toEqual(['Kitchen', 'Garden', 'Tools']);
	await page.getByText(say('categories_moved', { path: 'Garden', at: 2, of: 3 })).waitFor();
});
