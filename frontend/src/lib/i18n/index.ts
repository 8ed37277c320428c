import { getLocale, locales, setLocale } from '$lib/paraglide/runtime';

export { m } from '$lib/paraglide/messages';
export { getLocale, locales };
export type Locale = (typeof locales)[number];

/** Each language in its own words. */
export const languageNames: Record<Locale, string> = { en: 'English', de: 'Deutsch' };

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

/** Tells the browser which language the page speaks; called once at start. */
export function applyLocale() {
	const locale = getLocale();
	document.documentElement.lang = locale;
	document.documentElement.dir = rightToLeft.has(locale) ? 'rtl' : 'ltr';
}

/** Keeps the person's choice on this device and starts again in that language. */
export function chooseLocale(locale: Locale) {
	void setLocale(locale);
}
