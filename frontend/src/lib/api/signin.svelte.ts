/** Why somebody has to sign in: the session ended, or a PIN is not enough for what they asked. */
export type Reason = 'ended' | 'password';

/**
 * What a request waits for in the middle of something: a sign-in after the session ended, a password where a PIN was
 * not enough, or a PIN after the tablet was locked. Whoever met the refusal waits here while the layout asks;
 * typed values stay where they are.
 */
class SignIn {
	/** Somebody was signed in here: a 401 is news, not the normal state of a stranger. */
	active = false;
	/** The layout shows the dialog while this is set. */
	lost = $state<Reason | null>(null);
	/** Nobody stands before the tablet: the layout hides everything and asks for a PIN. */
	locked = $state(false);
	#waiting: ((again: boolean) => void)[] = [];

	/** Resolves true once somebody signed in again: the request may be repeated. */
	again(reason: Reason = 'ended'): Promise<boolean> {
		this.lost = reason;
		return this.#wait();
	}

	/** Resolves true once a PIN or a password opened the tablet again. */
	unlocked(): Promise<boolean> {
		this.locked = true;
		return this.#wait();
	}

	settle(again: boolean) {
		this.lost = null;
		this.locked = false;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) resolve(again);
	}

	#wait(): Promise<boolean> {
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
}

export const signIn = new SignIn();
