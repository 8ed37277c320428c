/**
 * A session that ended in the middle of something. Whoever met the 401 waits here while the layout
 * shows a sign-in dialog over the page; typed values stay where they are.
 */
class SignIn {
	/** Somebody was signed in here: a 401 is news, not the normal state of a stranger. */
	active = false;
	/** The layout shows the dialog while this is true. */
	lost = $state(false);
	#waiting: ((again: boolean) => void)[] = [];

	/** Resolves true once somebody signed in again: the request may be repeated. */
	again(): Promise<boolean> {
		this.lost = true;
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	settle(again: boolean) {
		this.lost = false;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) resolve(again);
	}
}

export const signIn = new SignIn();
