import { invalidateAll } from '$app/navigation';
import { api, type Schema } from '$lib/api';
import { live } from '$lib/live/index.svelte';
import { can, session } from '$lib/session/index.svelte';
import { shop } from '$lib/shop/index.svelte';

/** Whether this is a shop to look around in, and how far it is while it moves in. */
class Demo {
	progress = $state(0);
	#task = 0;

	/** Lets it move in; what it brings shows as it comes. */
	async fill() {
		await api().post('/demo');
		this.progress = 0;
		shop.demo = 'filling';
	}

	async stop() {
		await this.read();
		if (this.#task) await api().post('/tasks/{id}/cancel', { path: { id: this.#task } });
	}

	async read() {
		if (!can('imports.run')) return;
		const { items } = await api().get('/tasks', { query: { limit: 20 }, anonymous: true });
		const work: Schema['Work'] | undefined = items.find((w) => w.kind === 'demo' && w.status === 'running');
		this.#task = work?.id ?? 0;
		if (work) this.progress = work.progress;
	}

	/** Follows what events tell. Returns how to stop. */
	follow(): () => void {
		return live.on((e) => {
			if (e.topic === 'tasks' && shop.demo === 'filling') void this.read().catch(() => {});
			if (e.topic === 'settings') void this.#again().catch(() => {});
		});
	}

	async #again() {
		const before = shop.demo;
		session.set(await api().get('/session', { anonymous: true }));
		if (shop.demo !== before) await invalidateAll();
	}
}

export const demo = new Demo();
