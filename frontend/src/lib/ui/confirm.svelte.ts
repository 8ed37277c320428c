export interface Question {
	/** The verb: "Refund 12.50?", never "Are you sure". */
	title: string;
	text?: string;
	/** The word on the button: "Refund". */
	action: string;
	danger?: boolean;
}

class Asked {
	question = $state.raw<Question | null>(null);
	#answer: ((yes: boolean) => void) | null = null;

	ask(question: Question): Promise<boolean> {
		this.answer(false);
		this.question = question;
		return new Promise((resolve) => (this.#answer = resolve));
	}

	answer(yes: boolean) {
		const resolve = this.#answer;
		this.#answer = null;
		this.question = null;
		resolve?.(yes);
	}
}

export const asked = new Asked();

/** Only for what cannot be undone or leaves the house; the rest offers Undo. */
export function confirm(question: Question): Promise<boolean> {
	return asked.ask(question);
}
