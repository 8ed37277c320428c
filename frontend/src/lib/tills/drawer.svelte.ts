import { api, type Schema } from '$lib/api';
import { live } from '$lib/live/index.svelte';
import { can } from '$lib/session/index.svelte';

type Drawer = Schema['TillDrawer'];

const storage = 'onhand.till';

/** The tills of the store at which this device works, and which of them it uses. */
class Drawers {
	locationId = $state(0);
	all = $state.raw<Drawer[]>([]);
	/** Whether the server has said what is open. */
	known = $state(false);
	/** The name of the till that was chosen here, by store. */
	#chosen = $state<Record<string, string>>(read());

	readonly open = $derived(this.all.flatMap((d) => (d.open ? [d.open] : [])));
	/** The open till that this device uses: the one that was chosen, else the only one. */
	readonly mine = $derived(this.open.find((t) => t.name === this.#chosen[this.locationId]) ?? (this.open.length === 1 ? this.open[0] : undefined));
	/** What the next till is called that is opened here. */
	readonly next = $derived(this.all.find((d) => !d.open && d.name === this.#chosen[this.locationId]) ?? this.all.find((d) => !d.open));

	/** Reads the tills of a store and hears of them; returns how to stop. */
	follow(locationId: number): () => void {
		if (!can('tills.use') || !locationId) return () => {};
		if (locationId !== this.locationId) {
			this.all = [];
			this.known = false;
		}
		this.locationId = locationId;
		void this.read();
		return live.on((e) => {
			if (e.topic === 'tills') void this.read();
		});
	}

	/** What cannot be read stays as it was: the next event or visit asks again. */
	async read() {
		const locationId = this.locationId;
		const page = await api().get('/tills/drawers', { query: { locationId } }).catch(() => null);
		if (!page || locationId !== this.locationId) return;
		this.all = page.items;
		this.known = true;
	}

	choose(name: string) {
		this.#chosen[this.locationId] = name;
		localStorage.setItem(storage, JSON.stringify(this.#chosen));
	}

	/** The till that money goes through here, for a payment or a refund at a store. */
	idAt(locationId: number, method: Schema['Payment']['method']): number | undefined {
		return locationId === this.locationId && (method === 'cash' || method === 'card') ? this.mine?.id : undefined;
	}
}

function read(): Record<string, string> {
	if (typeof localStorage === 'undefined') return {};
	try {
		return JSON.parse(localStorage.getItem(storage) ?? '{}');
	} catch {
		return {};
	}
}

export const drawers = new Drawers();
