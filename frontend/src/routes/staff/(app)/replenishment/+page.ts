import { api, type Schema } from '$lib/api';

/** How many pages of advice are read at most; a shop that has to buy more than 1,000 products orders some of them first. */
const pages = 5;

export const load = async ({ fetch, url, depends, parent }) => {
	depends('live:purchases', 'live:settings');
	await parent();
	const locationId = /^\d+$/.test(url.searchParams.get('locationId') ?? '') ? Number(url.searchParams.get('locationId')) : undefined;
	const show = url.searchParams.get('show') === 'over' ? ('over' as const) : ('buy' as const);
	const at = url.searchParams.get('at');
	if (show === 'over') return { show, at: null, locationId, advice: [], more: false, over: await api(fetch).get('/stock/overstock', { query: { locationId } }) };
	const advice: Schema['Advice'][] = [];
	let after: string | undefined;
	for (let n = 0; n < pages; n++) {
		const page = await api(fetch).get('/replenishment', { query: { limit: 200, locationId, after } });
		advice.push(...page.items);
		after = page.next || undefined;
		if (!after) break;
	}
	return { show, at, locationId, advice, more: Boolean(after), over: null };
};
