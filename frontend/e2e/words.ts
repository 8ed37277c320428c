import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Plural = { match: Record<string, string> };
type Catalogue = Record<string, string | Plural[]>;
export type Language = 'en' | 'de';

const folder = join(import.meta.dirname, '../messages');

function read(language: Language): Catalogue {
	const files = readdirSync(join(folder, language));
	return Object.assign({}, ...files.map((f) => JSON.parse(readFileSync(join(folder, language, f), 'utf8')) as Catalogue));
}

/** The words of the interface, so that a story finds things by what people read: `say('counter_pay')`. */
export function wordsOf(language: Language) {
	const catalogue = read(language);
	return (key: string, params: Record<string, string | number> = {}): string => {
		const message = catalogue[key];
		if (message === undefined) throw new Error(`There are no words for ${key}.`);
		const text = typeof message === 'string' ? message : plural(message, Number(params.count), language);
		// A plural's figure is its count as the language writes it.
		const figure = typeof params.count === 'number' ? new Intl.NumberFormat(language).format(params.count) : params.count;
		return text.replace(/\{(\w+)\}/g, (_, name: string) => String({ figure, ...params }[name] ?? `{${name}}`));
	};
}

function plural([message]: Plural[], count: number, language: Language): string {
	const form = (kind: string) => Object.entries(message!.match).find(([of]) => of.endsWith(`=${kind}`))?.[1];
	return form(new Intl.PluralRules(language).select(count)) ?? form('other')!;
}

export const say = wordsOf('en');
