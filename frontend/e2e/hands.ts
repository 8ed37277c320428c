import type { Locator, Page } from 'playwright-core';

/**
 * What a wedge scanner does: it types the code as a keyboard would, 10 ms a key, and Enter. The times are given
 * to the browser, so that a busy machine does not make a slow scanner of it.
 */
export async function scan(page: Page, code: string) {
	await type(page, code, 10, true);
}

/** The same letters by a person, with Enter at their end. */
export async function enter(page: Page, text: string) {
	await type(page, text, 70, true);
}

/** Single keys as a person presses them, one after the other. */
export async function press(page: Page, keys: string) {
	await type(page, keys, 70, false);
}

async function type(page: Page, code: string, gap: number, enter: boolean) {
	const keys = await page.context().newCDPSession(page);
	let at = Date.now() / 1000;
	const press = async (key: string, text: string) => {
		await keys.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text, timestamp: at, windowsVirtualKeyCode: text.toUpperCase().charCodeAt(0) });
		await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key, timestamp: at + 0.003 });
		at += gap / 1000;
	};
	for (const letter of code) await press(letter, letter);
	if (enter) await press('Enter', '\r');
	await keys.detach();
}

/** Where rows stand, by where their link leads: to show that nothing moved. */
export async function places(rows: Locator): Promise<Record<string, number>> {
	return Object.fromEntries(
		await rows.evaluateAll((all) => all.map((r) => [r.querySelector('a[data-row]')?.getAttribute('href') ?? '', Math.round(r.getBoundingClientRect().top)]))
	);
}
