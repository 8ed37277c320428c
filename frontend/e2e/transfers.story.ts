import { expect } from 'vitest';
import { scan } from './hands';
import { portrait, story } from './stage';
import { button, heading } from './steps';
import { say } from './words';

const mugCode = '4006381333931';
const lampCode = '4006381333948';

interface Transfer {
	number: string;
	status: string;
	lines: { quantity: number; onWay: number; received: number; missing: number }[];
	timeline: { kind: string; actor: string }[];
}

story('Two stores, a tablet at each: one asks, the other sends, and what comes is unpacked by scan until what is missing has a name', 150, async (stage) => {
	const office = await stage.tablet({ name: 'office' });
	const { shop } = office;
	await shop.setUp();
	const harbour = (await shop.post<{ id: number }>('/locations', { name: 'Harbour' })).id;
	const mug = await shop.product('Enamel mug', { price: 1250, barcode: mugCode, onHand: 10 });
	await shop.product('Brass lamp', { price: 8900, barcode: lampCode, onHand: 5 });
	await shop.hire('Emil Kraft', 'employee', [1]);
	await shop.hire('Hanna Wolf', 'employee', [harbour]);
	const emil = await stage.tablet({ name: 'main', size: portrait });
	const hanna = await stage.tablet({ name: 'harbour', size: portrait });
	await emil.shop.signIn('Emil Kraft');
	await hanna.shop.signIn('Hanna Wolf');
	const transfer = () => shop.get<Transfer>('/stock/transfers/1');
	const there = async (locationId: number) => {
		const { onHand, incoming } = await shop.get<{ onHand: number; incoming: number }>(`/stock/explain?variantId=${mug}&locationId=${locationId}`);
		return { onHand, incoming };
	};

	// The harbour has run out and asks the main store, which it otherwise does not see.
	await emil.open('/staff/stock/transfers');
	await emil.page.getByText(say('transfers_none'), { exact: true }).waitFor();
	const { page } = hanna;
	await hanna.open('/staff/stock/transfers/new');
	await heading(page, 'transfers_new').waitFor();
	await button(page, 'transfers_swap').click();
	for (const n of [1, 2, 3]) {
		await scan(page, mugCode);
		await page.getByText(say('transfers_scanned', { name: 'Enamel mug', count: n }), { exact: true }).waitFor({ state: 'attached' });
	}
	await scan(page, '5901234123457');
	await page.getByRole('alertdialog', { name: say('code_title') }).getByRole('button', { name: say('code_go_on') }).click();
	expect(await page.getByText(/available/).count()).toBe(0); // what the main store has is its own affair
	await button(page, 'transfers_save_draft').click();
	await page.getByText(say('transfers_waits_send', { store: 'Main store' })).waitFor();
	expect(await page.getByRole('button', { name: say('transfers_send'), exact: true }).count()).toBe(0);

	// The main store sees it come in, sends one more than was asked for, and both see that.
	await emil.page.getByRole('link', { name: /Draft/ }).click();
	await button(emil.page, 'transfers_more').click();
	await emil.page.getByRole('menuitem', { name: say('transfers_change_draft') }).click();
	await emil.page.getByText(say('transfers_available_at', { count: 10, store: 'Main store' })).waitFor();
	await scan(emil.page, mugCode);
	await emil.page.getByText(say('transfers_units_count', { count: 4 })).waitFor();
	await button(emil.page, 'transfers_save_draft').click();
	await page.getByText(say('transfers_changed_line', { name: 'Enamel mug', before: 3, after: 4 })).waitFor();
	await button(emil.page, 'transfers_send').click();
	const ask = emil.page.getByRole('dialog', { name: say('transfers_send_ask', { count: 4, store: 'Harbour' }) });
	await button(ask, 'transfers_send').click();
	await emil.page.getByText(say('transfers_waits_receive', { store: 'Harbour' })).waitFor();
	expect([await there(1), await there(harbour)]).toEqual([{ onHand: 6, incoming: 0 }, { onHand: 0, incoming: 4 }]);

	// Two are in the first box. A reload loses no count, and what belongs elsewhere is not counted.
	await button(page, 'transfers_receive').click();
	await heading(page, 'transfers_receive_title', { number: 'T-1001' }).waitFor();
	for (const n of [1, 2]) {
		await scan(page, mugCode);
		await page.getByText(say('transfers_counted', { count: n, of: 4 })).waitFor();
	}
	await scan(page, lampCode);
	await page.getByText(say('transfers_not_expected', { name: 'Brass lamp' })).first().waitFor({ state: 'attached' });
	await page.reload();
	await page.getByText(say('transfers_counted', { count: 2, of: 4 })).waitFor();
	await button(page, 'transfers_do_receive', { count: 2 }).click();
	const rest = page.getByRole('dialog', { name: say('transfers_rest_title', { count: 2 }) });
	await button(rest, 'transfers_do_receive', { count: 2 }).click();
	await emil.page.getByText(say('transfers_status_partly')).first().waitFor();
	expect([await there(1), await there(harbour)]).toEqual([{ onHand: 6, incoming: 0 }, { onHand: 2, incoming: 2 }]);

	// Of the second box one is broken, and nothing is on its way any more.
	await button(page, 'transfers_receive').click();
	await page.getByText(say('transfers_counted', { count: 0, of: 2 })).waitFor();
	await scan(page, mugCode);
	await page.getByText(say('transfers_counted', { count: 1, of: 2 })).waitFor();
	await button(page, 'transfers_do_receive', { count: 1 }).click();
	const last = page.getByRole('dialog', { name: say('transfers_rest_title', { count: 1 }) });
	await last.getByRole('combobox').selectOption({ label: say('transfers_rest_damage') });
	await last.getByRole('button', { name: new RegExp(say('transfers_write_off', { count: 1 })) }).click();
	await emil.page.getByText(say('transfers_status_received'), { exact: true }).first().waitFor();
	expect(await transfer()).toMatchObject({ status: 'received', lines: [{ quantity: 4, onWay: 0, received: 3, missing: 1 }] });
	expect((await transfer()).timeline.map((s) => `${s.actor} ${s.kind}`)).toEqual([
		'Hanna Wolf drafted', 'Emil Kraft changed', 'Emil Kraft shipped', 'Hanna Wolf received', 'Hanna Wolf received'
	]);
	expect([await there(1), await there(harbour)]).toEqual([{ onHand: 6, incoming: 0 }, { onHand: 3, incoming: 0 }]);

	// It is found again by its number, and why there are three leads back to it.
	await emil.open('/staff/stock/transfers');
	await emil.page.getByText(say('transfers_none'), { exact: true }).waitFor();
	await scan(emil.page, 'T-1001');
	await emil.page.waitForURL(/\/transfers\/1$/);
	await hanna.open(`/staff/stock?why=${mug}-${harbour}`);
	await page.getByRole('link', { name: say('stock_transfer', { number: 'T-1001' }) }).first().click();
	await page.getByRole('heading', { name: 'T-1001' }).waitFor();
});
