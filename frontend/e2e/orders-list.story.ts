import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { landscape, portrait, story, type Tablet } from './stage';
import { button, row } from './steps';
import { found } from './tour';
import { say, wordsOf } from './words';

const sag = wordsOf('de');
const shots = process.env.ONHAND_SHOTS;

async function look(page: Page, name: string, checked = false) {
	if (checked) expect(await found(page)).toBe('');
	if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/** Counts the notes that a page plays, as a browser does that has heard a tap. */
async function listen({ page }: Tablet) {
	await page.addInitScript(() => {
		const heard = window as unknown as { notes: number };
		heard.notes = 0;
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function (when?: number) {
			heard.notes++;
			return start.call(this, when);
		};
	});
}

const notes = (page: Page) => page.evaluate(() => (window as unknown as { notes: number }).notes);
const view = (page: Page, name: string) => page.getByRole('navigation', { name: say('handling_views') }).getByRole('link', { name });
const selected = (page: Page, name: string) => page.getByLabel(say('handling_select', { name }), { exact: true });

story('A web order rings on both tablets until somebody has seen it, orders are shipped together, a view follows', 150, async (stage) => {
	const a = await stage.tablet({ name: 'counter', size: landscape });
	const b = await stage.tablet({ name: 'store', size: portrait, language: 'de', theme: 'dark' });
	const { shop } = a;
	await shop.setUp();
	await b.signIn();
	const mug = await shop.product('Enamel mug', { price: 1250, onHand: 20 });
	const board = await shop.product('Oak board', { price: 3900, onHand: 2 });
	await listen(a);
	await listen(b);
	await a.open('/staff/orders');
	await b.open('/staff/orders');
	await a.page.locator('main h2').waitFor();
	await a.page.locator('main h1').click(); // a browser plays nothing before a tap
	await b.page.locator('main h1').click();

	// It rings on both, is named in the title, and falls silent on both when one has seen it.
	const web = (variantId: number, quantity: number, name: string) =>
		shop.sell(variantId, quantity, { channel: 'web', customer: { name, email: 'grace@example.com', phone: '0170 555124' }, note: 'Please wrap it as a present.' });
	const first = await web(mug, 2, 'Grace Hopper');
	await a.page.getByText(say('handling_ring_one', { name: `#${first.number}` })).waitFor();
	await b.page.getByText(sag('handling_ring_one', { name: `#${first.number}` })).waitFor();
	expect(await a.page.title()).toMatch(/^\(1\) /);
	await expect.poll(() => Promise.all([notes(a.page), notes(b.page)]).then((n) => n.every((k) => k >= 3))).toBe(true);
	await look(b.page, 'ring-dark-de', true);
	await button(a.page, 'handling_ring_seen').click();
	await b.page.getByText(sag('handling_ring_one', { name: `#${first.number}` })).waitFor({ state: 'hidden' });
	expect(await Promise.all([a.page.title(), b.page.title()])).toEqual([expect.not.stringContaining('('), expect.not.stringContaining('(')]);

	// A muted device shows it and makes no sound.
	await b.page.evaluate(() => localStorage.setItem('onhand.ring.muted', 'true'));
	await b.page.reload();
	const second = await web(board, 2, 'Ada Lovelace');
	await b.page.getByText(sag('handling_ring_one', { name: `#${second.number}` })).waitFor();
	expect(await notes(b.page)).toBe(0);
	await shop.post(`/orders/${second.id}/confirm`, {});
	await b.page.getByText(sag('handling_ring_one', { name: `#${second.number}` })).waitFor({ state: 'hidden' });

	// One of them cannot go: the others do, and it says why.
	await shop.adjust(mug, 10);
	const third = await shop.sell(mug, 1, { channel: 'phone', customer: { name: 'Alan Turing', phone: '0170 555125' } });
	await shop.post(`/orders/${third.id}/fulfilments`, { ship: true });
	await a.open('/staff/orders');
	for (const o of [first, second, third]) await selected(a.page, `#${o.number}`).check();
	await a.page.getByText(say('handling_selected', { count: 3 })).waitFor();
	await look(a.page, 'bulk', true);
	await button(a.page, 'handling_bulk_ship').click();
	await a.page.getByRole('heading', { name: say('handling_bulk_ship_ask', { count: 3 }) }).waitFor();
	await a.page.getByRole('alertdialog').getByRole('button', { name: say('handling_bulk_ship') }).click();
	await a.page.getByText(say('handling_bulk_mixed', { done: 2, failed: 1 })).waitFor();
	await button(a.page, 'handling_bulk_show').click();
	await a.page.getByRole('dialog').getByRole('link', { name: `#${third.number}` }).waitFor();
	await look(a.page, 'failed');
	await a.page.getByRole('dialog').getByRole('button', { name: say('action_close') }).last().click();
	const shipped = await shop.get<{ fulfilmentStatus: string }>(`/orders/${second.id}`);
	expect(shipped.fulfilmentStatus).toBe('fulfilled');

	// Tags, who looks after it and a note, by keyboard; the other tablet sees the note.
	await a.open(`/staff/orders/${first.id}`);
	await b.open(`/staff/orders/${first.id}`);
	await button(a.page, 'handling_assigned_take').click();
	await a.page.getByLabel(say('handling_tags'), { exact: true }).fill('Present');
	await a.page.getByRole('option', { name: say('combobox_create', { name: 'Present' }) }).waitFor();
	await a.page.keyboard.press('Enter');
	await a.page.getByRole('listitem').filter({ hasText: 'Present' }).waitFor();
	await a.page.getByLabel(say('handling_note_write'), { exact: true }).fill('Red paper.\nCall before noon.');
	await button(a.page, 'handling_note_add').click();
	await b.page.getByText('Call before noon.').first().waitFor();
	await look(a.page, 'order', true);
	await b.page.evaluate(() => window.scrollTo(0, 0));
	await look(b.page, 'order-dark-de');

	// A view is kept and is there on the other tablet; changed, it offers to be saved, and the first tablet follows.
	await a.open('/staff/orders?show=all&tag=Present');
	await row(a.page, 'Grace Hopper').waitFor();
	await button(a.page, 'handling_view_save_as').click();
	await a.page.getByLabel(say('handling_view_name'), { exact: true }).fill('Presents');
	await a.page.keyboard.press('Enter');
	await view(a.page, 'Presents').and(a.page.locator('[aria-current]')).waitFor();
	await b.open('/staff/orders');
	await b.page.getByRole('link', { name: 'Presents' }).click();
	await row(b.page, 'Grace Hopper').waitFor();
	await b.page.getByRole('combobox', { name: sag('handling_assigned_short') }).selectOption('me');
	await b.page.getByRole('button', { name: sag('handling_view_save'), exact: true }).click();
	await b.page.getByRole('status').filter({ hasText: sag('handling_view_saved', { name: 'Presents' }) }).waitFor();
	await look(b.page, 'view-dark-de');
	await a.page.getByRole('status').filter({ hasText: say('handling_view_followed', { name: 'Presents' }) }).waitFor();
	await a.page.waitForURL((url) => url.searchParams.get('assignedTo') === 'me');
	await view(a.page, 'Presents').and(a.page.locator('[aria-current]')).waitFor();
	await a.page.getByRole('button', { name: say('handling_view_menu', { name: 'Presents' }) }).click();
	await a.page.getByRole('menuitem', { name: say('handling_view_delete') }).click();
	await view(a.page, 'Presents').waitFor({ state: 'hidden' });
	await button(a.page, 'action_undo').click();
	await view(a.page, 'Presents').waitFor();
});

story('Back restores the filter, the rows and where they were', 120, async (stage) => {
	const { page, shop } = await stage.tablet({ name: 'counter', size: landscape });
	await shop.setUp();
	const mug = await shop.product('Enamel mug', { price: 1250, onHand: 500 });
	for (let i = 0; i < 70; i++) await shop.sell(mug, 1);
	await page.goto('/staff/orders?channel=counter');
	await row(page, '#1070').waitFor();
	await page.getByRole('button', { name: say('action_more') }).click();
	await row(page, '#1001').scrollIntoViewIfNeeded();
	const y = await page.evaluate(() => window.scrollY);
	await row(page, '#1005').getByRole('link').click();
	await page.getByText(say('orders_timeline'), { exact: true }).first().waitFor();
	await page.goBack();
	await row(page, '#1001').waitFor();
	await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(y - 80);
	expect(new URL(page.url()).search).toBe('?channel=counter');

	// All that is shown is chosen with a key, and dropped with another.
	await page.locator('main h1').click();
	await page.keyboard.press('a');
	await page.getByText(say('handling_selected', { count: 70 })).waitFor();
	await page.keyboard.press('x');
	await page.getByText(say('handling_selected', { count: 70 })).waitFor({ state: 'hidden' });
});
