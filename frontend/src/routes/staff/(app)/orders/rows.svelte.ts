import { api, type Schema } from '$lib/api';
import { Rows as LiveRows, type Source } from '$lib/live/rows.svelte';
import type { queryOf } from './filter';

type Order = Schema['Order'];
type Query = ReturnType<typeof queryOf>;

const read = (query: Query): Source<Order> => ({
	after: (after) => api().get('/orders', { query: { ...query, after } }),
	one: (id) => api().get('/orders/{id}', { path: { id } })
});

/** The orders on the screen. */
export class Rows extends LiveRows<Order> {
	constructor(page: Schema['PageOrder'], query: Query) {
		super(page, read(query));
	}

	ask(page: Schema['PageOrder'], query: Query) {
		this.reset(page, read(query));
	}
}
