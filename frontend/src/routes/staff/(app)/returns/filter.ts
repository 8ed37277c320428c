import type { Schema } from '$lib/api';

type Status = Schema['ReturnItem']['status'];

export const filters = ['q', 'show', 'locationId'] as const;

export const statuses: Status[] = ['requested', 'approved', 'received', 'closed', 'rejected'];

/** What the address asks for; without a status, or all, what somebody has to look at. */
export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	return { q: get('q'), show: ['all', ...statuses].includes(get('show')) ? get('show') : '', locationId: /^\d+$/.test(get('locationId')) ? get('locationId') : '' };
}

export function queryOf({ q, show, locationId }: ReturnType<typeof valuesOf>) {
	return { q: q || undefined, open: show ? undefined : true, status: show && show !== 'all' ? (show as Status) : undefined, locationId: Number(locationId) || undefined };
}
