import { SvelteSet } from 'svelte/reactivity';
import { invalidate } from '$app/navigation';
import { api, Form, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';

/** What the server moves at once. */
export const most = 200;

/** The orders that somebody has chosen, and what is done with them. */
export class Bulk {
	readonly ids = new SvelteSet<number>();
	readonly form = new Form();
	busy = $state<'confirm' | 'ship' | ''>('');
	/** What became of the last ones, as long as some of them failed. */
	result = $state.raw<Schema['ManyMoved'] | null>(null);

	toggle(id: number, on: boolean) {
		if (!on) return void this.ids.delete(id);
		if (this.ids.size >= most) return void toast(m.handling_select_limit({ max: most }), { tone: 'info' });
		this.ids.add(id);
	}

	/** These and no others. */
	choose(ids: number[]) {
		this.ids.clear();
		for (const id of ids.slice(0, most)) this.ids.add(id);
	}

	clear() {
		this.ids.clear();
		this.result = null;
		this.form.clear();
	}

	/** Moves all that are chosen. Sent again after a lost reply it has the same key, so nothing happens twice. */
	async move(action: 'confirm' | 'ship') {
		const orderIds = [...this.ids];
		if (this.busy || orderIds.length === 0) return;
		if (action === 'ship' && !(await this.#sure(orderIds.length))) return;
		this.busy = action;
		this.result = null;
		let moved: Schema['ManyMoved'] | undefined;
		const done = await this.form.submit({ action, orderIds }, async (key) => (moved = await api().post('/orders/bulk', { body: { action, orderIds }, key })));
		this.busy = '';
		await invalidate('live:orders');
		if (!done || !moved) return;
		this.ids.clear();
		if (moved.failed) this.result = moved;
		else toast(m.handling_bulk_done({ count: moved.done }));
	}

	#sure(count: number): Promise<boolean> {
		return confirm({ title: m.handling_bulk_ship_ask({ count }), text: m.handling_bulk_ship_text(), action: m.handling_bulk_ship() });
	}
}
