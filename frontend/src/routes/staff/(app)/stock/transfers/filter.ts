import type { Schema } from '$lib/api';

type Item = Schema['TransferItem'];

export const filters = ['q', 'show', 'locationId'] as const;

export const statuses: Item['status'][] = ['draft', 'shipped', 'partially_received', 'received', 'cancelled'];

/** What the address asks for; without a status, or all, what somebody has to look at. */
export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	return { q: get('q'), show: ['all', ...statuses].includes(get('show')) ? get('show') : '', locationId: /^\d+$/.test(get('locationId')) ? get('locationId') : '' };
}

export function queryOf({ q, show, locationId }: ReturnType<typeof valuesOf>) {
	return { q: q || undefined, open: show || q ? undefined : true, status: show && show !== 'all' ? (show as Item['status']) : undefined, locationId: Number(locationId) || undefined };
}

/** A transfer as the list shows it. */
export function itemOf(t: Schema['Transfer']): Item {
	const { id, number, status, fromLocationId, fromLocationName, toLocationId, toLocationName, createdAt, shippedAt, updatedAt, lines } = t;
	const sum = (of: (l: Schema['TransferLine']) => number) => lines.reduce((n, l) => n + of(l), 0);
	return {
		id, number, status, fromLocationId, fromLocationName, toLocationId, toLocationName, createdAt, shippedAt, updatedAt,
		what: lines[0]?.name ?? '', lineCount: lines.length,
		units: sum((l) => l.quantity), onWay: sum((l) => l.onWay), received: sum((l) => l.received), missing: sum((l) => l.missing)
	};
}
