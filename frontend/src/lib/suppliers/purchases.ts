import type { Schema } from '$lib/api';
import { date, startOf } from '$lib/format';
import { m } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';

export type Purchase = Schema['PurchaseOrder'];

/** Where an order is, in a word. What was called off may have come in part. */
export function purchaseStatus(status: Purchase['status'], received = 0): { text: string; tone: Tone } {
	switch (status) {
		case 'draft':
			return { text: m.purchases_draft(), tone: 'neutral' };
		case 'sent':
			return { text: m.purchases_status_sent(), tone: 'blue' };
		case 'partially_received':
			return { text: m.purchases_status_partly(), tone: 'amber' };
		case 'received':
			return { text: m.purchases_status_received(), tone: 'green' };
		case 'cancelled':
			return received ? { text: m.purchases_status_rest_cancelled(), tone: 'green' } : { text: m.purchases_status_cancelled(), tone: 'neutral' };
	}
}

export const isOpen = (p: { status: Purchase['status'] }) => p.status === 'sent' || p.status === 'partially_received';

/** When it should come: "3 days late" where it should have. */
export function expectedWord(p: { expectedOn: string | null; lateDays: number; status: Purchase['status'] }): { text: string; late: boolean } | null {
	if (p.lateDays > 0) return { text: m.purchases_late({ count: p.lateDays }), late: true };
	return p.expectedOn && (p.status === 'draft' || isOpen(p)) ? { text: date(startOf(p.expectedOn)), late: false } : null;
}
