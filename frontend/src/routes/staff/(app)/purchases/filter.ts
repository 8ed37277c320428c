import type { Schema } from '$lib/api';
import { sum } from './words';

type Item = Schema['PurchaseItem'];

export const filters = ['q', 'show', 'supplierId', 'locationId'] as const;

export const statuses: Item['status'][] = ['draft', 'sent', 'partially_received', 'received', 'cancelled'];

/** What the address asks for; without anything, what somebody has to look at. */
export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	const id = (name: string) => (/^\d+$/.test(get(name)) ? get(name) : '');
	return { q: get('q'), show: ['all', 'late', ...statuses].includes(get('show')) ? get('show') : '', supplierId: id('supplierId'), locationId: id('locationId') };
}

export function queryOf({ q, show, supplierId, locationId }: ReturnType<typeof valuesOf>) {
	return {
		q: q || undefined,
		open: show || q ? undefined : true,
		late: show === 'late' || undefined,
		status: statuses.find((s) => s === show),
		supplierId: Number(supplierId) || undefined,
		locationId: Number(locationId) || undefined
	};
}

/** An order as the list shows it. */
export function itemOf(p: Schema['PurchaseOrder']): Item {
	const { id, number, status, supplierId, supplierName, locationId, locationName, expectedOn, lateDays, createdAt, sentAt, updatedAt, lines, costs } = p;
	return {
		id, number, status, supplierId, supplierName, locationId, locationName, expectedOn, lateDays, createdAt, sentAt, updatedAt,
		what: lines[0]?.name ?? '', lineCount: lines.length, cost: costs?.ordered,
		units: sum(lines, (l) => l.quantity), onWay: sum(lines, (l) => l.onWay), received: sum(lines, (l) => l.received), cancelled: sum(lines, (l) => l.cancelled)
	};
}
