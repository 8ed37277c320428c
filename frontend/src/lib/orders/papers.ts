import { base } from '$lib/api';

/** What an order is printed as. */
export type Paper = 'receipt' | 'packing-slip' | 'pick-list';

/** Where a paper of an order is, to be opened beside the page. */
export function paperPath(orderId: number, paper: Paper, query: Record<string, number> = {}): string {
	const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
	return `${base}/orders/${orderId}/documents/${paper}.pdf${asked && `?${asked}`}`;
}

/** Opens a document beside the page, where it can be printed. */
export function openPaper(path: string) {
	window.open(path, '_blank', 'noopener');
}
