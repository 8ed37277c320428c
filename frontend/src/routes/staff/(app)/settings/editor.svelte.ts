import { api, Form, type Schema } from '$lib/api';
import { m } from '$lib/i18n';

type Settings = Schema['Settings'];

export const fields = [
	'name', 'address', 'taxNumber', 'receiptNote', 'language', 'timeZone', 'currency', 'pricesIncludeTax', 'defaultTaxRate'
] as const;
export type FieldName = (typeof fields)[number];
type Draft = Pick<Settings, FieldName>;

/** The settings while they are typed. Only what was changed is sent. */
export class Editor {
	draft = $state<Draft>({} as Draft);
	/** Fields that somebody else changed too, with what stands there now. */
	conflicts = $state.raw<{ field: FieldName; theirs: Draft[FieldName] }[]>([]);
	readonly form = new Form();
	#base = $state.raw<Draft>({} as Draft);
	#version = 0;

	constructor(s: Settings) {
		this.load(s);
	}

	get changedFields(): FieldName[] {
		return fields.filter((f) => this.draft[f] !== this.#base[f]);
	}

	get changed(): boolean {
		return this.changedFields.length > 0;
	}

	load(s: Settings) {
		this.#version = s.version;
		this.#base = pick(s);
		this.draft = pick(s);
		this.conflicts = [];
		this.form.clear();
	}

	/** The settings as they are now; what is being typed stays. */
	meet(s: Settings) {
		if (s.version <= this.#version) return;
		const [before, now, mine] = [this.#base, pick(s), this.changedFields];
		const draft: Record<string, unknown> = { ...now };
		for (const f of mine) draft[f] = this.draft[f];
		this.conflicts = mine.filter((f) => now[f] !== before[f] && now[f] !== this.draft[f]).map((field) => ({ field, theirs: now[field] }));
		this.draft = draft as Draft;
		this.#base = now;
		this.#version = s.version;
	}

	take(field: FieldName) {
		Object.assign(this.draft, { [field]: this.#base[field] });
		this.conflicts = this.conflicts.filter((c) => c.field !== field);
	}

	discard() {
		this.draft = { ...this.#base };
		this.conflicts = [];
		this.form.clear();
	}

	async save(element?: HTMLElement): Promise<boolean> {
		if (!this.draft.name.trim()) {
			this.form.clear();
			this.form.refuse({ name: m.wrong_required() }, element);
			return false;
		}
		const changes = Object.fromEntries(this.changedFields.map((f) => [f, this.draft[f]]));
		const body: Schema['Change'] = { version: this.#version, ...changes };
		const done = await this.form.submit(body, async () => this.load(await api().patch('/settings', { body })), element);
		const failure = this.form.failure;
		if (failure?.code === 'stale') {
			this.form.clear();
			this.meet(failure.params.current as Settings);
		}
		return done;
	}
}

function pick(s: Settings): Draft {
	return Object.fromEntries(fields.map((f) => [f, s[f]])) as unknown as Draft;
}
