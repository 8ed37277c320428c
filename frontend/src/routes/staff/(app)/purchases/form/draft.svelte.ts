import { api, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { Scanned } from '$lib/scan/scanned.svelte';
import { refuse } from '$lib/scan/sound';
import type { Item } from '$lib/scan/variants';
import { can } from '$lib/session/index.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { orderable, sum, type Purchase } from '../words';

export interface DraftLine {
	variantId: number;
	name: string;
	sku: string;
	code: string;
	quantity: number;
	/** Of one; null for what the shop's books say, undefined for who may not see costs. */
	unitCost?: number | null;
	moq: number;
	packSize: number;
}

/** What the supplier sells, or any product of the shop, for a field that suggests. */
export interface Found {
	id: number;
	name: string;
	detail: string;
	terms?: Schema['SupplierItem'];
	tracked: boolean;
}

/** The most that an order has (db/purchasing/draft.go). */
const most = 100;

const costs = () => can('cost.read');

/** An order while it is drafted: what was loaded, and what is on the screen. */
export class PurchaseDraft extends Scanned {
	readonly supplierId: number;
	locationId = $state(0);
	note = $state('');
	expectedOn = $state('');
	lines = $state<DraftLine[]>([]);
	/** The draft that this began with; none of a new one. */
	base = $state.raw<Purchase | null>(null);
	#start = '';

	readonly body = $derived.by(() => this.#body());
	readonly changed = $derived(JSON.stringify(this.body) !== this.#start);
	readonly units = $derived(sum(this.lines, (l) => l.quantity));
	/** What all of it comes to; undefined for who may not see costs. */
	readonly total = $derived(costs() ? sum(this.lines, (l) => l.quantity * (l.unitCost ?? 0)) : undefined);

	constructor(p: Purchase | null, supplierId: number, locationId: number) {
		super();
		this.supplierId = p?.supplierId ?? supplierId;
		this.locationId = locationId;
		if (p) this.load(p);
		else this.#start = JSON.stringify(this.#body());
	}

	load(p: Purchase) {
		this.base = p;
		this.locationId = p.locationId;
		this.note = p.note;
		this.expectedOn = p.expectedOn ?? '';
		this.lines = p.lines.map(lineOf);
		this.#start = JSON.stringify(this.#body());
	}

	/** Goes on with the draft as somebody else left it: what was changed here stays, the rest is theirs. */
	rebase(p: Purchase) {
		const was = this.base!;
		if (this.locationId === was.locationId) this.locationId = p.locationId;
		if (this.note === was.note) this.note = p.note;
		if (this.expectedOn === (was.expectedOn ?? '')) this.expectedOn = p.expectedOn ?? '';
		const here = new Map(this.lines.map((l) => [l.variantId, l]));
		const had = new Map(was.lines.map((l) => [l.variantId, lineOf(l)]));
		const same = (a?: DraftLine, b?: DraftLine) => a?.quantity === b?.quantity && a?.unitCost === b?.unitCost;
		const kept = p.lines.flatMap((l) => {
			const mine = here.get(l.variantId);
			if (same(mine, had.get(l.variantId))) return [lineOf(l)];
			return mine ? [mine] : [];
		});
		const there = new Set(p.lines.map((l) => l.variantId));
		const mine = this.lines.filter((l) => !there.has(l.variantId) && !same(l, had.get(l.variantId)));
		this.lines = [...kept, ...mine];
		this.base = p;
		this.#start = JSON.stringify(bodyOf(p));
	}

	/** How many somebody else made a line meanwhile, where that is not what it had. */
	theirs(line: DraftLine, now: Purchase): number | undefined {
		const then = this.base?.lines.find((l) => l.variantId === line.variantId)?.quantity ?? 0;
		const there = now.lines.find((l) => l.variantId === line.variantId)?.quantity ?? 0;
		return there === then ? undefined : there;
	}

	/** What goes by these words: what the supplier sells first, then the shop's other products. */
	async find(q: string, signal: AbortSignal): Promise<Found[]> {
		const [sold, all] = await Promise.all([
			can('suppliers.read') ? api().get('/suppliers/{id}/items', { path: { id: this.supplierId }, query: { q: q || undefined, limit: 20 }, signal }) : { items: [] },
			q ? api().get('/variants', { query: { q, limit: 20 }, signal }) : { items: [] }
		]);
		const known = new Set(sold.items.map((i) => i.variantId));
		return [
			...sold.items.filter((i) => !i.archived).map((i) => ({ id: i.variantId, name: i.name, detail: [i.code, i.sku].filter(Boolean).join(' · '), terms: i, tracked: true })),
			...all.items.filter((v) => !known.has(v.id)).map((v) => ({ id: v.id, name: v.name, detail: `${v.sku} · ${m.purchases_not_sold()}`, tracked: v.tracked }))
		];
	}

	/** Adds what was found: of something new as many as the supplier sells at least. */
	add(found: Found, count: number) {
		if (!found.tracked) {
			refuse();
			return void toast(m.stock_not_tracked({ name: found.name }), { tone: 'info' });
		}
		let line = this.lines.find((l) => l.variantId === found.id);
		if (line) line.quantity += count;
		else if (this.lines.length >= most) {
			refuse();
			return void toast(m.purchases_full({ count: most }), { tone: 'error' });
		} else {
			const { moq = 1, packSize = 1, code = '', sku = found.detail.split(' · ')[0] ?? '', cost = null } = found.terms ?? {};
			line = { variantId: found.id, name: found.name, sku, code, quantity: orderable(count, { moq, packSize }), unitCost: costs() ? cost : undefined, moq, packSize };
			this.lines.push(line);
		}
		this.last = found.id;
		this.said = m.purchases_scanned({ name: found.name, count: String(line.quantity) });
	}

	/** Takes a line out; undone, it is back where it was. */
	remove(line: DraftLine) {
		const at = this.lines.findIndex((l) => l.variantId === line.variantId);
		const gone = this.lines[at]!;
		this.lines.splice(at, 1);
		toast(m.purchases_taken_out({ name: line.name }), { undo: () => this.lines.splice(Math.min(at, this.lines.length), 0, gone) });
	}

	protected async take(v: Item) {
		const known = this.lines.some((l) => l.variantId === v.id);
		const terms = known || !can('suppliers.read') ? undefined : await api().get('/variants/{id}/suppliers', { path: { id: v.id } });
		const sold = terms?.items.find((i) => i.supplierId === this.supplierId);
		this.add({ id: v.id, name: v.name, detail: v.sku, terms: sold, tracked: v.tracked }, v.scannedQuantity);
	}

	#body() {
		return {
			locationId: this.locationId,
			note: this.note.trim(),
			expectedOn: this.expectedOn,
			lines: this.lines.map(({ variantId, quantity, unitCost }) => ({ variantId, quantity, ...(unitCost == null ? {} : { unitCost }) }))
		};
	}
}

const lineOf = ({ variantId, name, sku, code, quantity, unitCost, moq, packSize }: Schema['PurchaseLine']): DraftLine => ({ variantId, name, sku, code, quantity, unitCost, moq, packSize });

const bodyOf = (p: Purchase) => ({
	locationId: p.locationId,
	note: p.note,
	expectedOn: p.expectedOn ?? '',
	lines: p.lines.map(({ variantId, quantity, unitCost }) => ({ variantId, quantity, ...(unitCost == null ? {} : { unitCost }) }))
});
