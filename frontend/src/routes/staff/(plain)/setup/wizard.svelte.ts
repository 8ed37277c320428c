import { getLocale, m } from '$lib/i18n';
import { deviceZone } from '$lib/format';
import { deviceCurrency, taxUsuallyAdded } from './region';

export const steps = ['token', 'shop', 'owner', 'mail', 'done'] as const;
export type Step = (typeof steps)[number];

const storage = 'onhand.setup';
export const shortestPassword = 8;

/** What was entered so far. It survives a reload on this device; the password does not. */
export class Wizard {
	step = $state<Step>('token');
	token = $state('');
	/** The token came with the link: nobody has to look at it. */
	linked = $state(false);
	name = $state('');
	currency = $state(deviceCurrency());
	timeZone = $state(deviceZone());
	pricesIncludeTax = $state(!taxUsuallyAdded());
	language = $state<string>(getLocale());
	ownerName = $state('');
	email = $state('');
	password = $state('');
	store = $state(m.setup_store_default());

	constructor() {
		this.#restore();
		this.readLink();
	}

	get number() {
		return steps.indexOf(this.step) + 1;
	}

	body() {
		return {
			token: this.token.trim(),
			shop: {
				name: this.name,
				currency: this.currency,
				timeZone: this.timeZone,
				pricesIncludeTax: this.pricesIncludeTax,
				language: this.language,
				publicUrl: location.origin
			},
			owner: { name: this.ownerName, email: this.email.trim(), password: this.password },
			location: { name: this.store }
		};
	}

	/** What is missing on a step, by the names that the server would use. */
	missing(step: Step): Record<string, string> {
		const wrong: Record<string, string> = {};
		const need = (field: string, value: string) => {
			if (!value.trim()) wrong[field] = m.wrong_required();
		};
		if (step === 'token') need('token', this.token);
		if (step === 'shop') {
			need('shop.name', this.name);
			need('shop.currency', this.currency);
			need('shop.timeZone', this.timeZone);
			need('location.name', this.store);
		}
		if (step === 'owner') {
			need('owner.name', this.ownerName);
			need('owner.email', this.email);
			if (this.email.trim() && !/^\S+@\S+$/.test(this.email.trim())) wrong['owner.email'] = m.wrong_email();
			if ([...this.password].length < shortestPassword)
				wrong['owner.password'] = m.wrong_password_short({ min: shortestPassword });
		}
		return wrong;
	}

	keep() {
		const { token, shop, owner, location } = this.body();
		const kept = { step: this.step, token, shop, owner: { name: owner.name, email: owner.email }, location };
		localStorage.setItem(storage, JSON.stringify(kept));
	}

	forget() {
		localStorage.removeItem(storage);
	}

	#restore() {
		let kept;
		try {
			kept = JSON.parse(localStorage.getItem(storage) ?? 'null');
		} catch {
			return;
		}
		if (!kept) return;
		this.token = kept.token ?? '';
		Object.assign(this, kept.shop);
		this.ownerName = kept.owner?.name ?? '';
		this.email = kept.owner?.email ?? '';
		this.store = kept.location?.name || this.store;
		this.step = ['token', 'shop', 'owner'].includes(kept.step) ? kept.step : 'token';
	}

	/** Takes the token from the address; answers whether there was one. */
	readLink(): boolean {
		const given = new URLSearchParams(location.search).get('token') ?? new URLSearchParams(location.hash.slice(1)).get('token');
		if (!given) return false;
		this.token = given;
		this.linked = true;
		return true;
	}
}

const owners: [RegExp, Step][] = [
	[/^token/, 'token'],
	[/^shop/, 'shop'],
	[/^owner/, 'owner'],
	[/^location/, 'shop']
];

/** The first step that has a field the server refused. */
export function stepOf(fields: string[]): Step | undefined {
	const found = fields.map((f) => owners.find(([pattern]) => pattern.test(f))?.[1]);
	return steps.find((s) => found.includes(s));
}
