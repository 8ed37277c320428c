import { api } from '$lib/api';
import { dateIn } from '$lib/format';

export const load = async ({ fetch, url, depends }) => {
	depends('live:gap');
	const asked = url.searchParams.get('date') ?? '';
	const day = /^\d{4}-\d\d-\d\d$/.test(asked) && !Number.isNaN(Date.parse(asked)) && asked < dateIn(0) ? asked : undefined;
	return { day: day ?? dateIn(0), worth: await api(fetch).get('/stock/value', { query: { date: day } }) };
};
