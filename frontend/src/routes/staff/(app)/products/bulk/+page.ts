import { api, type Schema } from '$lib/api';
import { filterOf, listFilter } from '../filter';

/** How many variants are edited at once, as the server takes them. */
const most = 500;
const page = 200;

/** The products that were chosen, or all that a filter finds, as far as they fit. */
export const load = async ({ fetch, url }) => {
	const client = api(fetch);
	const ids = (url.searchParams.get('ids') ?? '').split(',').map(Number).filter((id) => id > 0).slice(0, page);
	const filter = filterOf(url.searchParams);
	const query = ids.length ? { ids, limit: page } : { ...listFilter(filter), limit: page };

	const products: Schema['Product'][] = [];
	let variants = 0;
	let left = false;
	let after: string | undefined;
	const categories = client.get('/categories', { query: { limit: 200 } });
	do {
		const next = await client.get('/products', { query: { ...query, after } });
		for (const p of next.items) {
			left ||= variants + p.variants.length > most;
			if (left) break;
			variants += p.variants.length;
			products.push(p);
		}
		after = next.next;
	} while (after && !left);
	return { products, left, categories: (await categories).items.map((c) => c.path), most };
};
