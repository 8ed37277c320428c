import type { api, Schema } from '$lib/api';

/** All categories in the order of the tree; the server keeps them to some thousands. */
export async function allCategories(client: ReturnType<typeof api>): Promise<Schema['Category'][]> {
	const all: Schema['Category'][] = [];
	for (let after: string | undefined; after !== ''; ) {
		const page: Schema['PageCategory'] = await client.get('/categories', { query: { limit: 200, after } });
		all.push(...page.items);
		after = page.next;
	}
	return all;
}
