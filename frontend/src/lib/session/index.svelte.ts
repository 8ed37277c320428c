import { signIn, type Schema } from '$lib/api';
import { setShop } from '$lib/shop/index.svelte';

type Session = Schema['Session'];

/** Who works at this tablet, and what they may do. The server decides; this only hides what would be refused. */
class Current {
	user = $state<Session['user'] | null>(null);
	/** The store that sells when none is named. */
	defaultLocationId = $state(0);
	/** Of the program that serves the shop. */
	version = $state('');
	/** A PIN opened this session: some things need the password. */
	byPin = $state(false);
	hasPin = $state(false);
	secondFactor = $state(false);
	/** What the role asks for before anything else: "second_factor_needed". */
	needs = $state('');
	/** The stores that may be seen. */
	locations = $state.raw<Session['locations']>([]);
	#permissions = $state.raw<Set<string>>(new Set());

	set(session: Session) {
		this.user = session.user;
		this.version = session.version;
		this.byPin = session.byPin;
		this.hasPin = session.hasPin;
		this.secondFactor = session.secondFactor;
		this.needs = session.needs;
		this.locations = session.locations;
		this.defaultLocationId = session.defaultLocationId;
		this.#permissions = new Set(session.permissions);
		setShop(session.shop);
		signIn.active = true;
	}

	clear() {
		this.user = null;
		signIn.active = false;
		this.#permissions = new Set();
	}

	can(permission: string): boolean {
		return this.#permissions.has(permission);
	}
}

export const session = new Current();

export function can(permission: string): boolean {
	return session.can(permission);
}
