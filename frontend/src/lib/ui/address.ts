import { goto } from '$app/navigation';
import { page } from '$app/state';

export type Changes<Name extends string = string> = Partial<Record<Name, string | number | null>>;

/** The same address with some parameters changed; null and nothing take one away. */
export function withParams(url: URL, changes: Changes): string {
	const next = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === undefined || value === '') next.delete(name);
		else next.set(name, String(value));
	}
	const query = next.toString();
	return query ? `${url.pathname}?${query}` : url.pathname;
}

/** Shows the page with some parameters changed: it stays where it is, and so does what is typed. */
export function ask<Name extends string = string>(changes: Changes<Name>, replaceState = true): Promise<void> {
	return goto(withParams(page.url, changes), { keepFocus: true, noScroll: true, replaceState });
}
