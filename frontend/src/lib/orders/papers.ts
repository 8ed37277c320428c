import { base, type Schema } from '$lib/api';
import { m } from '$lib/i18n';

/** What an order is printed as. */
export type Paper = 'receipt' | 'packing-slip' | 'pick-list' | 'invoice' | 'credit-note';

/** Where a paper of an order is, to be opened beside the page. */
export function paperPath(orderId: number, paper: Paper, query: Record<string, number> = {}): string {
	const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
	return `${base}/orders/${orderId}/documents/${paper}.pdf${asked && `?${asked}`}`;
}

/** Where an issued document is. */
export function documentPath(d: Pick<Schema['Invoice'], 'id' | 'orderId' | 'kind'>): string {
	return paperPath(d.orderId, d.kind === 'invoice' ? 'invoice' : 'credit-note', { documentId: d.id });
}

/** Where the invoice is for whoever holds the link of its order. */
export const trackedInvoicePath = (token: string): string => `${base}/shop/track/${encodeURIComponent(token)}/documents/invoice.pdf`;

/** What an issued document is called. */
export function documentName(d: Pick<Schema['Invoice'], 'kind' | 'number'>): string {
	return d.kind === 'invoice' ? m.papers_invoice_named({ number: d.number }) : m.papers_credit_note_named({ number: d.number });
}

/** Opens a document beside the page, where it can be printed. */
export function openPaper(path: string) {
	window.open(path, '_blank', 'noopener');
}
