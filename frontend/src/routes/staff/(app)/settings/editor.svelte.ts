import { api, Form, type Schema } from '$lib/api';

type Settings = Schema['Settings'];

/** A part of the settings that is edited by itself. */
export interface Part<D extends object> {
	read: (s: Settings) => D;
	/** These fields, as the server takes them. */
	change: (draft: D, fields: (keyof D)[]) => Schema['Change'];
	/** What is wrong before it is sent, by the server's names. */
	wrong: (draft: D) => Record<string, string>;
}

/** Settings while they are typed. Only what was changed is sent. */
export class Editor<D extends object> {
	draft = $state<D>({} as D);
	/** Fields that somebody else changed too, with what stands there now. */
	conflicts = $state.raw<{ field: keyof D; theirs: D[keyof D] }[]>([]);
	readonly form = new Form();
	readonly #part: Part<D>;
	#base = $state.raw<D>({} as D);
	#version = $state(0);

	constructor(s: Settings, part: Part<D>) {
		this.#part = part;
		this.load(s);
	}

	get version(): number {
		return this.#version;
	}

	get changedFields(): (keyof D)[] {
		return (Object.keys(this.#base) as (keyof D)[]).filter((f) => !same(this.draft[f], this.#base[f]));
	}

	get changed(): boolean {
		return this.changedFields.length > 0;
	}

	load(s: Settings) {
		this.#version = s.version;
		this.#base = this.#part.read(s);
		this.draft = this.#part.read(s);
		this.conflicts = [];
		this.form.clear();
	}

	/** The settings as they are now; what is being typed stays. */
	meet(s: Settings) {
		if (s.version <= this.#version) return;
		const [before, now, mine] = [this.#base, this.#part.read(s), this.changedFields];
		const draft = { ...now };
		for (const f of mine) draft[f] = this.draft[f];
		this.conflicts = mine.filter((f) => !same(now[f], before[f]) && !same(now[f], this.draft[f])).map((field) => ({ field, theirs: now[field] }));
		this.draft = draft;
		this.#base = now;
		this.#version = s.version;
	}

	take(field: keyof D) {
		this.draft[field] = this.#base[field];
		this.conflicts = this.conflicts.filter((c) => c.field !== field);
	}

	discard() {
		this.draft = { ...this.#base };
		this.conflicts = [];
		this.form.clear();
	}

	async save(element?: HTMLElement): Promise<boolean> {
		const wrong = this.#part.wrong(this.draft);
		if (Object.keys(wrong).length) {
			this.form.clear();
			this.form.refuse(wrong, element);
			return false;
		}
		const body: Schema['Change'] = { version: this.#version, ...this.#part.change(this.draft, this.changedFields) };
		const done = await this.form.submit(body, async () => this.load(await api().patch('/settings', { body })), element);
		const failure = this.form.failure;
		if (failure?.code === 'stale') {
			this.form.clear();
			this.meet(failure.params.current as Settings);
		}
		return done;
	}
}

// Lists are the same when what they hold is.
function same(a: unknown, b: unknown): boolean {
	return a === b || JSON.stringify(a) === JSON.stringify(b);
}
