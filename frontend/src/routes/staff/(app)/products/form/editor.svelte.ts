import { api, Form, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { can } from '$lib/session/index.svelte';
import { bodyOf, changeOf, draftOf, isChanged, mostRows, newDraft, same, valueAt, type Draft } from './draft';
import { rebase, takeTheirs, type Conflict } from './rebase';

type Product = Schema['Product'];

/** A product while it is typed: what was loaded, what is on the screen, what others saved meanwhile. */
export class Editor {
	draft = $state<Draft>(newDraft());
	conflicts = $state.raw<Conflict[]>([]);
	/** Somebody else's change was laid under the typing. */
	merged = $state(false);
	readonly form = new Form();
	#base = $state.raw<Draft>(newDraft());
	/** What was on the screen when the errors came. */
	#refused = $state.raw<Draft>(newDraft());
	#id = 0;
	#version = 0;

	constructor(start: Draft | Product) {
		if ('id' in start) this.load(start);
		else {
			this.draft = start;
			this.#base = structuredClone(start);
		}
	}

	get changed(): boolean {
		return isChanged(this.#base, this.draft);
	}

	/** What is wrong, as long as the value that is wrong still stands there. */
	get errors(): Record<string, string> {
		const still = ([field]: [string, string]) => same(valueAt(this.#refused, field), valueAt(this.draft, field));
		return Object.fromEntries(Object.entries(this.form.fields).filter(still));
	}

	/** Rows that the shop has and that saving would take out of sale. */
	get leaving(): number {
		return this.#base.rows.filter((b) => b.id !== undefined && !this.draft.rows.some((r) => r.id === b.id)).length;
	}

	load(p: Product) {
		this.#id = p.id;
		this.#version = p.version;
		this.#base = draftOf(p);
		this.draft = draftOf(p);
		this.conflicts = [];
		this.merged = false;
		this.form.clear();
	}

	/** The product as the shop has it now; what is being typed stays. */
	meet(p: Product) {
		if (p.id !== this.#id) return this.load(p);
		if (p.version <= this.#version) return;
		if (!this.changed) return this.load(p);
		const theirs = draftOf(p);
		if (same(theirs, this.#base)) return void (this.#version = p.version); // its pictures changed
		const { draft, conflicts } = rebase(this.#base, $state.snapshot(this.draft) as Draft, theirs);
		this.#base = theirs;
		this.#version = p.version;
		this.draft = draft;
		this.conflicts = conflicts;
		this.merged = true;
	}

	take(c: Conflict) {
		takeTheirs(this.draft, this.#base, c);
		this.conflicts = this.conflicts.filter((other) => other !== c);
	}

	discard() {
		this.draft = structuredClone(this.#base);
		this.conflicts = [];
		this.merged = false;
		this.form.clear();
	}

	/** Makes the product; null when something has to be mended first. */
	async create(element?: HTMLElement): Promise<Product | null> {
		this.#refused = this.#snapshot();
		if (!this.#complete(element)) return null;
		const body = bodyOf(this.#snapshot(), can('cost.read'));
		let made: Product | null = null;
		await this.form.submit(body, async (key) => (made = await api().post('/products', { body, key })), element);
		return made;
	}

	async save(element?: HTMLElement): Promise<boolean> {
		this.#refused = this.#snapshot();
		if (!this.#complete(element)) return false;
		const body = { version: this.#version, ...changeOf(this.#base, this.#snapshot(), can('cost.read')) };
		const send = async () => this.load(await api().patch('/products/{id}', { path: { id: this.#id }, body }));
		const done = await this.form.submit(body, send, element);
		const failure = this.form.failure;
		if (failure?.code !== 'stale') return done;
		this.form.clear();
		this.meet(failure.params.current as Product);
		return false;
	}

	#snapshot(): Draft {
		return $state.snapshot(this.draft) as Draft;
	}

	/** What the page can tell by itself. */
	#complete(element?: HTMLElement): boolean {
		const wrong: Record<string, string> = {};
		if (!this.draft.name.trim()) wrong.name = m.wrong_required();
		this.draft.rows.forEach((r, i) => {
			if (r.price === null) wrong[`variants[${i}].price`] = m.wrong_required();
		});
		this.draft.options.forEach((o, i) => {
			if (o.values.length > 0 && !o.name.trim()) wrong[`options[${i}]`] = m.wrong_required();
		});
		if (this.draft.rows.length > mostRows) wrong.variants = m.products_rows_many({ max: mostRows });
		if (same(wrong, {})) return true;
		this.form.clear();
		this.form.refuse(wrong, element);
		return false;
	}
}
