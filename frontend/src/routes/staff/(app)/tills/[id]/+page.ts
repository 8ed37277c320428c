import { error } from '@sveltejs/kit';
import { api, type Schema } from '$lib/api';
import { m } from '$lib/i18n';

type Line = Schema['TillLine'];

const kinds: Line['kind'][] = ['payment', 'refund', 'paid_in', 'paid_out'];
const methods: Line['method'][] = ['cash', 'card', 'transfer', 'other'];
const among = <T extends string>(all: T[], value: string | null) => all.find((v) => v === value);

export const load = async ({ fetch, params, url, depends }) => {
	depends('live:tills');
	const id = Number(params.id);
	if (!Number.isSafeInteger(id) || id < 1) error(404, { message: m.error_not_found(), code: 'not_found', status: 404 });
	const get = (name: string) => url.searchParams.get(name);
	const query = { kind: among(kinds, get('kind')), method: among(methods, get('method')), person: get('person') || undefined };
	const [till, lines] = await Promise.all([
		api(fetch).get('/tills/{id}', { path: { id } }),
		api(fetch).get('/tills/{id}/lines', { path: { id }, query })
	]);
	return { till, lines, query };
};
