import { api } from '$lib/api';
import { bys } from './by';
import { periodOf } from './period';

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap');
	const by = bys.find((b) => b === url.searchParams.get('by')) ?? 'category';
	const period = periodOf(url.searchParams);
	const report = await api(fetch).get('/reports/waste', { query: { from: period.from, to: period.to, by } });
	return { by, period, report };
};
