import { untrack } from 'svelte';
import { backTo } from './back';
import { live } from './index.svelte';
import { Rows, type Page, type Row, type Source } from './rows.svelte';

interface Asked<T, Q> {
	page: Page<T>;
	query: Q;
}

interface Options<T, Q> {
	/** Which events name a row, where one can be read by itself. */
	topic?: string;
	/** What else begins anew with another question. */
	onask?: (query: Q) => void;
	/** How the answer to a question goes on. */
	source: (query: Q) => Source<T>;
}

/** The rows of a page whose address asks for them: another question is another list, the same one again only brings news. */
export class List<T extends Row, Q> extends Rows<T> {
	#data: () => Asked<T, Q>;
	#asked: string;

	/** `data` is what the page's load answered; to be made while the page is. */
	constructor(data: () => Asked<T, Q>, { topic, onask, source }: Options<T, Q>) {
		const first = untrack(data);
		super(first.page, source(first.query));
		this.#data = data;
		this.#asked = JSON.stringify(first.query);
		$effect.pre(() => {
			const { page, query } = data();
			untrack(() => {
				const question = JSON.stringify(query);
				if (question === this.#asked) return this.merge(page);
				this.#asked = question;
				this.reset(page, source(query));
				onask?.(query);
			});
		});
		if (!topic) return;
		$effect(() =>
			live.on((e) => {
				if (e.topic === topic && !data().page.items.some((row) => row.id === e.entityId)) void this.again(e.entityId);
			})
		);
	}

	readonly snapshot = backTo({ count: () => this.items.length, of: () => this.#asked, fill: (count) => this.fill(count) });

	/** Shows what is new, from the top. */
	top() {
		this.reset(this.#data().page);
		window.scrollTo({ top: 0 });
	}
}
