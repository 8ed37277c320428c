import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { it } from 'vitest';
import { House } from './house';
import { owner, Shop } from './shop';
import type { Language } from './words';

const results = join(import.meta.dirname, '../test-results');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'];

export const landscape = { width: 1024, height: 768 };
export const portrait = { width: 768, height: 1024 };

interface Kind {
	name: string;
	size?: { width: number; height: number };
	language?: Language;
	theme?: 'light' | 'dark';
	/** Whether each step is kept for when it goes wrong; it takes its time. */
	traced?: boolean;
}

/** One device: its own cookies, its own size. */
export class Tablet {
	readonly problems: string[] = [];

	constructor(
		readonly name: string,
		readonly context: BrowserContext,
		readonly page: Page,
		readonly shop: Shop
	) {
		context.on('page', (page) => this.#watch(page));
		this.#watch(page);
	}

	/** Signs in as the owner, past the page. */
	async signIn() {
		await this.shop.post('/session', { email: owner.email, password: owner.password });
	}

	async open(path: string, page = this.page) {
		await page.goto(path);
	}

	// What no person would see, and still is broken.
	#watch(page: Page) {
		page.on('pageerror', (e) => this.problems.push(`${this.name}: ${e.stack ?? e.message}`));
		page.on('console', (m) => {
			if (m.type() === 'error' && /content security policy|hydrat|each_key/i.test(m.text())) this.problems.push(`${this.name}: ${m.text()}`);
		});
	}
}

/** A story's house, its browser and its tablets. */
export class Stage {
	readonly house = new House();
	readonly tablets: Tablet[] = [];
	#browser: Browser | null = null;

	async tablet({ name, size = landscape, language = 'en', theme = 'light', traced = true }: Kind): Promise<Tablet> {
		this.#browser ??= await chromium.launch({ executablePath: process.env.ONHAND_CHROMIUM ?? '/usr/bin/chromium', args: flags });
		const context = await this.#browser.newContext({
			baseURL: this.house.url,
			viewport: size,
			locale: language === 'de' ? 'de-DE' : 'en-GB',
			timezoneId: 'Europe/Berlin',
			colorScheme: theme,
			reducedMotion: 'reduce'
		});
		context.setDefaultTimeout(20_000);
		if (traced) await context.tracing.start({ screenshots: false, snapshots: true });
		const tablet = new Tablet(name, context, await context.newPage(), new Shop(context.request, this.house.url));
		this.tablets.push(tablet);
		return tablet;
	}

	/** What to look at when a story went wrong. */
	async keep(story: string) {
		const folder = join(results, story.replace(/\W+/g, '-').toLowerCase());
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'server.log'), this.house.log);
		for (const t of this.tablets) {
			await t.context.tracing.stop({ path: join(folder, `${t.name}.zip`) }).catch(() => {});
			for (const [i, page] of t.context.pages().entries()) {
				await page.screenshot({ path: join(folder, `${t.name}-${i + 1}.png`), timeout: 5000 }).catch(() => {});
			}
		}
		return folder;
	}

	async close() {
		await this.#browser?.close();
		await this.house.close();
	}
}

/** A story: a house is opened for it and closed after it, and it has to end within its time. */
export function story(title: string, seconds: number, tell: (stage: Stage) => Promise<void>) {
	it(title, { timeout: seconds * 1000 }, async () => {
		const stage = new Stage();
		try {
			await stage.house.open();
			// The deadline is ours, so that there is still time to keep what to look at.
			await Promise.race([tell(stage), deadline(seconds - 8)]);
			const problems = stage.tablets.flatMap((t) => t.problems);
			if (problems.length) throw new Error(`The pages complained:\n${problems.join('\n')}`);
		} catch (e) {
			const folder = await stage.keep(title);
			if (e instanceof Error) e.message += `\n\nScreens, traces and the server's log: ${folder}`;
			throw e;
		} finally {
			await stage.close();
		}
	});
}

function deadline(seconds: number): Promise<never> {
	return new Promise((_, fail) => {
		setTimeout(() => fail(new Error(`The story is not over after ${seconds} s.`)), seconds * 1000).unref();
	});
}
