import { base } from '$lib/api';
import { m } from '$lib/i18n';
import { toast } from '$lib/ui/toast.svelte';
import { search } from './search';

export type Kind = 'products' | 'stock' | 'movements' | 'customers' | 'orders' | 'audit';

/** Takes a list out as a file. The browser fetches it, so that it need not fit into the page's memory. */
export function take(kind: Kind, format: 'csv' | 'xlsx', query: Record<string, unknown>) {
	const link = document.createElement('a');
	link.href = `${base}/exports/${kind}.${format}${search(query)}`;
	link.download = '';
	link.click();
	toast(m.exports_started(), { tone: 'info' });
}
