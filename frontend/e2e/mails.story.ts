import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Stage, type Tablet } from './stage';
import { found as seriousIn } from './tour';

// The mails as Go's tests keep them: what mail programs are given to show.
const goldens = join(import.meta.dirname, '../../jobs/mail/testdata');
const logo = join(import.meta.dirname, '../static/icon-192.png');
const widths = [600, 375];
// A page of one colour is smaller, whatever its size.
const leastPicture = 6000;

for (const theme of ['light', 'dark'] as const) {
	it(`Every mail can be read on a screen and a telephone: ${theme}`, { timeout: 240_000 }, async () => {
		const stage = new Stage(); // its house stays closed: a mail needs none
		// ONHAND_MAILS keeps the pictures, to be looked at.
		const folder = process.env.ONHAND_MAILS ?? (await mkdtemp(join(tmpdir(), 'onhand-mails-')));
		try {
			const t = await stage.tablet({ name: theme, theme, traced: false });
			const image = `data:image/png;base64,${(await readFile(logo)).toString('base64')}`;
			const mails = (await readdir(goldens)).filter((f) => f.endsWith('.html'));
			expect(mails.length).toBeGreaterThanOrEqual(32);
			const problems: string[] = [];
			for (const mail of mails) {
				const html = await readFile(join(goldens, mail), 'utf8');
				await t.page.setContent(html.replace('cid:logo', image));
				for (const width of widths) {
					const wrong = await look(t, width, join(folder, `${mail}-${theme}-${width}.png`));
					if (wrong) problems.push(`${mail} at ${width}: ${wrong}`);
				}
			}
			expect(problems.join('\n')).toBe('');
		} finally {
			await stage.close();
			if (!process.env.ONHAND_MAILS) await rm(folder, { recursive: true, force: true });
		}
	});
}

it('A mail can be read where no image is shown', { timeout: 30_000 }, async () => {
	const stage = new Stage();
	try {
		const { page } = await stage.tablet({ name: 'no-images', traced: false });
		await page.setContent(await readFile(join(goldens, 'order-confirmed.en.html'), 'utf8'));
		expect(await page.getByRole('img').getAttribute('alt')).toBe('Corner Shop');
		expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Order 1042 is confirmed');
		expect(await page.getByRole('link').count()).toBe(1);
	} finally {
		await stage.close();
	}
});

/** What is wrong with a mail at a width, in words. */
async function look({ page }: Tablet, width: number, picture: string): Promise<string> {
	await page.setViewportSize({ width, height: 700 });
	const shot = await page.screenshot({ path: picture, fullPage: true });
	const wrong: string[] = [];
	if (shot.length < leastPicture) wrong.push(`the picture has only ${shot.length} bytes`);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	if (wide > 0) wrong.push(`it is ${wide} px too wide`);
	if (width === widths[0]) {
		const serious = await seriousIn(page); // a narrower page has the same words in the same colours
		if (serious) wrong.push(serious);
	}
	return wrong.join('; ');
}
