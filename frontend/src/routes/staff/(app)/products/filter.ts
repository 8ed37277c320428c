/** What the list shows, as it stands in the address. */
export interface Filter {
	q: string;
	category: string;
	brand: string;
	tag: string;
	/** '' is all that is not archived. */
	state: '' | 'published' | 'hidden' | 'archived';
	sort: Sort;
}

export const sorts = ['name', '-name', 'newest', 'oldest'] as const;
export type Sort = (typeof sorts)[number];
export const states = ['published', 'hidden', 'archived'] as const;

export function filterOf(params: URLSearchParams): Filter {
	const state = params.get('state') as Filter['state'];
	const sort = params.get('sort') as Sort;
	return {
		q: params.get('q') ?? '',
		category: params.get('category') ?? '',
		brand: params.get('brand') ?? '',
		tag: params.get('tag') ?? '',
		state: states.includes(state as (typeof states)[number]) ? state : '',
		sort: sorts.includes(sort) ? sort : 'name'
	};
}

export function isFiltered(f: Filter): boolean {
	return Boolean(f.q || f.category || f.brand || f.tag || f.state);
}

export function addressOf(f: Filter, page = '/staff/products'): string {
	const params = new URLSearchParams();
	for (const key of ['q', 'category', 'brand', 'tag', 'state'] as const) if (f[key]) params.set(key, f[key]);
	if (f.sort !== 'name') params.set('sort', f.sort);
	const query = params.toString();
	return query ? `${page}?${query}` : page;
}

export function listFilter(f: Filter) {
	return {
		q: f.q || undefined,
		category: f.category || undefined,
		brand: f.brand || undefined,
		tag: f.tag || undefined,
		published: f.state === 'published' ? true : f.state === 'hidden' ? false : undefined,
		archived: f.state === 'archived' || undefined,
		sort: f.sort
	};
}
