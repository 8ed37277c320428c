/** The PIN of a colleague who vouches for what is above somebody's limit. */
export interface Approval {
	userId: number;
	pin: string;
}

/** A command above a limit waits here while the layout asks a colleague for their PIN. */
class Approvals {
	/** What is asked for: which limit, and how high it is. */
	question = $state.raw<{ what: string; limit: number } | null>(null);
	/** What was wrong with the last PIN. */
	error = $state('');
	#answer: ((approval: Approval | null) => void) | null = null;

	/** Resolves to a PIN, or null when nobody approves. */
	ask(params: Record<string, unknown>, error = ''): Promise<Approval | null> {
		this.#answer?.(null);
		if (params.what) this.question = { what: String(params.what), limit: Number(params.limit ?? 0) };
		this.error = error;
		return new Promise((resolve) => (this.#answer = resolve));
	}

	answer(approval: Approval | null) {
		const resolve = this.#answer;
		this.#answer = null;
		if (!approval) this.done();
		resolve?.(approval);
	}

	/** The command went through, or failed for another reason. */
	done() {
		this.question = null;
		this.error = '';
	}
}

export const approvals = new Approvals();
