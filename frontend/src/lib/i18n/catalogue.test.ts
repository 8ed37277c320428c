import { describe, expect, it } from 'vitest';
import settings from '../../../project.inlang/settings.json';

type Catalogue = Record<string, unknown>;
const found = import.meta.glob<Catalogue>('/messages/*/*.json', { eager: true, import: 'default' });
const read = (locale: string, file: string): Catalogue => found[`/messages/${locale}/${file}`] ?? {};
const placeholders = (message: unknown) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
const files = Object.keys(found).flatMap((path) => (path.startsWith('/messages/en/') ? [path.split('/').at(-1)!] : []));

describe('the catalogue', () => {
	it.each(files.map((file) => ({ file })))('$file says the same things in every language', ({ file }) => {
		const en = read('en', file);
		for (const locale of settings.locales) {
			const other = read(locale, file);
			expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort());
			for (const key of Object.keys(en)) expect(placeholders(other[key]), key).toEqual(placeholders(en[key]));
		}
		expect(settings['plugin.inlang.messageFormat'].pathPattern).toContain(`./messages/{locale}/${file}`);
	});

	it('has each key once', () => {
		const keys = files.flatMap((file) => Object.keys(read('en', file)).filter((k) => k !== '$schema'));
		expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([]);
	});
});
