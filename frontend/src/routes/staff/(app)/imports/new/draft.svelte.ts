import { api, Attempt, isApiError, type Schema } from '$lib/api';
import { m } from '$lib/i18n';
import { fileText, type Kind } from '../words';
import { carried, mappingOf, missing, type Mapping, type Reading } from './mapping';

/** What a person said of how the file is written. */
export type Answers = Partial<Record<'encoding' | 'separator' | 'decimal', string>>;

const spreadsheet = /\.(xlsx?|ods|numbers|pdf|zip)$/i;

/** A file on its way to its preview: read, asked about, its columns named. Nothing of it is kept before. */
export class Draft {
	step = $state<'file' | 'questions' | 'columns'>('file');
	locationId = $state<number>();
	file = $state.raw<File | null>(null);
	answers = $state.raw<Answers>({});
	reading = $state.raw<Reading | null>(null);
	mapping = $state.raw<Mapping>({});
	/** Whether columns were named on this page: then what was remembered is no longer all. */
	touched = $state(false);
	busy = $state(false);
	error = $state('');
	#attempt = new Attempt();

	constructor(
		readonly kind: Kind,
		locationId: number | undefined
	) {
		this.locationId = locationId;
	}

	get missing() {
		return this.reading ? missing(this.reading.fields, this.mapping) : [];
	}

	/** Reads a file, and answers its preview where there is nothing left to say. */
	async take(file: File): Promise<Schema['Import'] | null> {
		if (this.busy) return null;
		this.error = '';
		if (spreadsheet.test(file.name)) return this.#fail(m.imports_not_csv());
		[this.file, this.answers, this.touched] = [file, {}, false];
		return (await this.#read()) ? this.#arrive() : null;
	}

	/** Says how the file is written; it is read again then. */
	async say(answers: Answers): Promise<Schema['Import'] | null> {
		const before = this.answers;
		this.answers = { ...before, ...answers };
		if (await this.#read()) return this.step === 'columns' ? null : this.#arrive();
		this.answers = before;
		return null;
	}

	async preview(): Promise<Schema['Import'] | null> {
		if (!this.file) return null;
		const { name, size, lastModified } = this.file;
		const words = [this.kind, name, size, lastModified, this.locationId, this.answers, this.mapping, this.touched];
		const body = this.#form();
		if (this.locationId) body.set('locationId', String(this.locationId));
		if (this.touched || this.reading?.format === 'other') body.set('mapping', JSON.stringify(this.mapping));
		return this.#send(async () => {
			const preview = await api().post('/imports', { body, key: this.#attempt.key(words) });
			this.#attempt.done();
			return preview;
		});
	}

	/** The columns of a system that is known are known too; those of any other file are looked at first. */
	async #arrive() {
		if (this.reading!.questions.length) this.step = 'questions';
		else {
			const preview = this.reading!.format === 'other' || this.missing.length ? null : await this.preview();
			if (preview) return preview;
			this.step = 'columns';
		}
		return null;
	}

	async #read(): Promise<boolean> {
		const reading = await this.#send(() => api().post('/imports/read', { body: this.#form() }));
		if (!reading) return false;
		this.mapping = this.touched ? carried(this.mapping, reading.columns) : mappingOf(reading.columns);
		this.reading = reading;
		return true;
	}

	#form() {
		const body = new FormData();
		body.set('kind', this.kind);
		body.set('file', this.file!);
		for (const [about, answer] of Object.entries(this.answers)) body.set(about, answer);
		return body;
	}

	async #send<T>(send: () => Promise<T>): Promise<T | null> {
		this.busy = true;
		this.error = '';
		try {
			return await send();
		} catch (e) {
			// A file that was changed or moved since it was chosen cannot be sent.
			return this.#fail(isApiError(e, 'network') && (await this.#gone()) ? m.imports_file_gone() : fileText(e));
		} finally {
			this.busy = false;
		}
	}

	async #gone() {
		return this.file!.slice(0, 1).arrayBuffer().then(
			() => false,
			() => true
		);
	}

	#fail(error: string): null {
		this.error = error;
		return null;
	}
}

/** The last draft that came to a preview: while the page is open its columns can still be looked at. */
export const last: { id: number; draft: Draft | null } = { id: 0, draft: null };
