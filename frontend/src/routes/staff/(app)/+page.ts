import { api, type Schema } from '$lib/api';
import { can } from '$lib/session/index.svelte';
import { mail } from '$lib/shell/mail.svelte';

const none: Schema['SelfCheckFacts'] = { findings: [] };

export const load = async ({ fetch, depends, parent }) => {
	depends('live:orders', 'live:stock', 'live:products');
	const [dashboard, books] = await Promise.all([api(fetch).get('/reports/dashboard'), parent().then(alarms)]);
	return { dashboard, books };

	/** What stands above everything else, so that it does not push it down later. Only now it is known who is here. */
	async function alarms() {
		const [found] = await Promise.all([
			can('settings.read') ? api(fetch).get('/self-check') : none,
			can('emails.read') && !mail.health ? mail.read(fetch) : undefined
		]);
		return found;
	}
};
