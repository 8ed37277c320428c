import type { Schema } from '$lib/api';

type Status = Schema['CountItem']['status'];

export const filters = ['q', 'show', 'locationId'] as const;

export const statuses: Status[] = ['open', 'review', 'posting', 'posted', 'abandoned'];

/** What the address asks for: without a status all of them, what somebody has to end among the newest. */
export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	return { q: get('q'), show: (statuses as string[]).includes(get('show')) ? get('show') : '', locationId: /^\d+$/.test(get('locationId')) ? get('locationId') : '' };
}

export function queryOf({ q, show, locationId }: ReturnType<typeof valuesOf>) {
	return { q: q || undefined, status: (show as Status) || undefined, locationId: Number(locationId) || undefined };
}

/** The lists of a count, by what its page shows. */
export const lists = ['all', 'differing', 'moved', 'uncounted'] as const;
export type List = (typeof lists)[number];

/** Which list a count shows: while it is counted what was counted, then what differs. */
export function listOf(params: URLSearchParams, status: Status): List {
	const asked = lists.find((l) => l === params.get('show'));
	if (status === 'open') return asked === 'uncounted' ? asked : 'all';
	return asked ?? 'differing';
}
