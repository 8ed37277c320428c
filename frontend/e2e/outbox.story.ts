import { expect } from 'vitest';
import { Office } from './office';
import { story } from './stage';
import { button, heading, row } from './steps';
import { found } from './tour';
import { say } from './words';

story('Mail is set up with a test, leaves, and what was refused is tried again', 75, async (stage) => {
	const office = new Office();
	await office.open();
	try {
		const { page, shop } = await stage.tablet({ name: 'office' });
		await shop.setUp();
		const mug = await shop.product('Enamel mug', { price: 1250, onHand: 9 });
		const order = async (name: string, email: string) => {
			const customer = await shop.post<{ id: number }>('/customers', { name, email });
			await shop.sell(mug, 1, { channel: 'phone', customerId: customer.id });
		};
		await order('Mia Sommer', 'mia@example.com');

		// Nothing leaves yet, and the page says so.
		await page.goto('/staff/outbox');
		await page.getByText(say('outbox_off_title')).waitFor();
		await row(page, 'mia@example.com').getByText(say('outbox_waiting')).waitFor();
		await page.getByRole('link', { name: say('outbox_set_up') }).click();

		// The server's own words, before anything is saved.
		await page.getByRole('radio', { name: say('mail_provider_own') }).check();
		await page.getByLabel(say('mail_host')).fill('127.0.0.1');
		await page.getByLabel(say('mail_security')).selectOption('none');
		await page.getByLabel(say('mail_port')).fill(String(office.port));
		const secret = page.getByLabel(say('mail_password'), { exact: true });
		await secret.fill('guessed');
		await button(page, 'mail_test_send').click();
		await page.getByText(say('step_sign_in')).waitFor();
		await page.getByText('535 5.7.8 Bad credentials, friend').waitFor();
		await page.getByText(say('hint_wrong_password')).waitFor();
		expect(await found(page)).toBe('');
		await secret.fill(office.password);
		await page.getByText(say('mail_test_old')).waitFor();
		await button(page, 'mail_test_send').click();
		await page.getByText(say('mail_test_ok')).waitFor();
		expect(office.took).toEqual(['anna@example.com']);

		// An address that is typed and not yet added is saved with the rest; the password never shows again.
		await page.getByLabel(say('mail_owner_add')).fill('office@example.com');
		await button(page, 'action_save').click();
		await page.getByText(say('mail_password_set'), { exact: true }).first().waitFor();
		await page.getByText('office@example.com').waitFor();
		expect(await page.getByText(say('mail_test_old')).count()).toBe(0);

		// What waited leaves; what nobody knows is given up, and tried again by hand.
		await page.goto('/staff/outbox');
		await row(page, 'mia@example.com').getByText(say('outbox_sent')).waitFor();
		await order('Nobody', 'nobody@example.com');
		await page.getByRole('button', { name: say('outbox_fresh', { count: 1 }) }).click();
		await row(page, 'nobody@example.com').getByText(say('outbox_dead')).waitFor();
		await row(page, 'nobody@example.com').getByRole('link').click();
		await page.getByText(say('hint_recipient_refused')).waitFor();
		await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
		const attempts = page.getByRole('list', { name: say('outbox_attempts') }).getByRole('listitem');
		expect(await attempts.count()).toBe(1);
		await button(page, 'outbox_retry_dead').click();
		await expect.poll(() => attempts.count()).toBe(2);
		await button(page, 'outbox_as_text').click();
		await page.locator('pre').getByText('Enamel mug').waitFor();
	} finally {
		await office.close();
	}
});

story('The timetable runs by hand, tells what came of it, and keeps another time', 45, async (stage) => {
	const { page, shop } = await stage.tablet({ name: 'office' });
	await shop.setUp();
	await page.goto('/staff/jobs');
	await heading(page, 'jobs_title').waitFor();
	const check = page.getByRole('region', { name: say('job_self_check') });
	await check.getByRole('button', { name: say('jobs_run_of', { job: say('job_self_check') }) }).click();
	await check.getByText(say('jobs_done')).waitFor();
	await check.getByText('Everything holds.').waitFor();
	await check.getByRole('button', { name: say('jobs_details_of', { job: say('job_self_check') }) }).click();
	await check.getByRole('row').filter({ hasText: 'Everything holds.' }).first().waitFor();

	const summary = page.getByRole('region', { name: say('job_daily_summary') });
	await summary.getByRole('button', { name: say('jobs_time_of', { job: say('job_daily_summary') }) }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel(say('jobs_time'), { exact: true }).fill('21:30');
	expect(await found(page)).toBe('');
	await button(dialog, 'action_save').click();
	await summary.getByText(say('jobs_when_daily', { clock: '21:30' })).waitFor();
	expect((await shop.get<{ summaryTime: string }>('/settings')).summaryTime).toBe('21:30');
});
