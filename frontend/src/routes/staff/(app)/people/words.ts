import type { Schema } from '$lib/api';
import { list } from '$lib/format';
import { m } from '$lib/i18n';
import { session } from '$lib/session/index.svelte';

/** The stores of somebody: all of them, or their names. */
export function storesOf(ids: number[] | null | undefined): string {
	if (!ids) return m.people_stores_all();
	if (!ids.length) return m.people_stores_none();
	return list(ids.map((id) => session.locations.find((l) => l.id === id)?.name ?? m.people_store_other()));
}

export type Member = Schema['Member'];
