import { api, ApiError, errorText, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';

/** Takes an adjustment back as a whole, asking first where orders would wait for it. Answers whether it did. */
export async function undoAdjustment(id: number): Promise<boolean> {
	const send = (body: Schema['Undoing']) => api().post('/stock/adjustments/{id}/undo', { path: { id }, body });
	try {
		const after = await send({}).catch(async (e) => {
			if (!(e instanceof ApiError && e.code === 'would_short')) throw e;
			const text = errorText(e);
			return (await confirm({ title: m.stock_undo_short(), text, action: m.stock_short_allow(), danger: true })) ? send({ allowShort: true }) : null;
		});
		if (!after) return false;
		toast(m.stock_undone());
		waits(after);
		return true;
	} catch (e) {
		toast(errorText(e), { tone: 'error' });
		return false;
	}
}

/** Says how many orders wait for stock now. */
export function waits(after: Schema['Adjusted']) {
	if (after.shortOrders.length) toast(m.stock_now_waiting({ count: after.shortOrders.length }), { tone: 'info' });
}
