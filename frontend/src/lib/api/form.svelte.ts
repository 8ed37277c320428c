import { tick } from 'svelte';
import { ApiError, errorText } from './error';
import { Attempt } from './key';

/**
 * One form on its way to the server: busy while it is sent, the errors beside their fields, the same
 * idempotency key for the same words, focus on the first field that is wrong. Typed values are the page's.
 */
export class Form {
	busy = $state(false);
	/** What no field can say; for a Banner. */
	error = $state('');
	failure = $state<ApiError | null>(null);
	fields = $state<Record<string, string>>({});
	#attempt = new Attempt();

	/** For `onsubmit`: `form.handle(body, (key) => api().post('/orders', { body: body(), key }))`. */
	handle(body: () => unknown, send: (key: string) => Promise<unknown>) {
		return (event: SubmitEvent) => {
			event.preventDefault();
			return this.submit(body(), send, event.currentTarget as HTMLFormElement);
		};
	}

	/** Resolves to whether it was done. A second tap while busy does nothing. */
	async submit(body: unknown, send: (key: string) => Promise<unknown>, element?: HTMLElement): Promise<boolean> {
		if (this.busy) return false;
		const unread = unreadInput(element);
		if (unread) {
			unread.focus();
			return false;
		}
		this.busy = true;
		this.clear();
		try {
			await send(this.#attempt.key(body));
			this.#attempt.done();
			return true;
		} catch (e) {
			this.fail(e);
			await tick();
			const wrong = element?.querySelector<HTMLElement>('[aria-invalid="true"]');
			wrong?.focus({ preventScroll: true });
			(wrong ?? document.querySelector('main [role="alert"]'))?.scrollIntoView({ block: 'center' }); // clear of bars and toasts
			return false;
		} finally {
			this.busy = false;
		}
	}

	/** What the page itself found wrong, before sending. */
	refuse(fields: Record<string, string>, element?: HTMLElement | null) {
		this.fields = fields;
		void tick().then(() => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
	}

	clear() {
		this.error = '';
		this.failure = null;
		this.fields = {};
	}

	private fail(e: unknown) {
		this.failure = e instanceof ApiError ? e : null;
		this.fields = e instanceof ApiError ? { ...e.fields } : {};
		this.error = errorText(e);
	}
}

/** An input whose text is nothing it can hold, and says so: saving now would save it as empty. */
function unreadInput(element?: HTMLElement): HTMLInputElement | undefined {
	return [...(element?.querySelectorAll('input') ?? [])].find((input) => input.validity.customError);
}
