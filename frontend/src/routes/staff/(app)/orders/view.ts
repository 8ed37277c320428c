import type { Schema } from '$lib/api';

export type View = Schema['View'];

/** The opened view, where it was changed elsewhere and the list still shows what it was before. */
export function followed(before: View[], now: View[], opened: number, search: string): View | undefined {
	const was = before.find((v) => v.id === opened);
	return now.find((v) => v.id === opened && was?.search === search && v.search !== search);
}
