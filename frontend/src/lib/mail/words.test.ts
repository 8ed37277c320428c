import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { known } from './words';

const source = (name: string) => readFileSync(`../jobs/mail/${name}`, 'utf8');
const every = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((found) => found[1]!))].sort();

describe('the words about mail', () => {
	it('are there for every hint of the server', () => {
		const [listed] = /Hint is the code[^:]*:([^.]*)\./.exec(source('hints.go'))!.slice(1);
		const said = [...every(source('hints.go'), /return "([a-z_]+)"/g), ...every(source('courier.go') + source('auth.go') + source('failure.go'), /hint(?:: | = )"([a-z_]+)"/g)];
		expect(every(listed!, /([a-z_]+)/g)).toEqual([...known.hints].sort());
		expect([...new Set(said)].filter((h) => !known.hints.includes(h))).toEqual([]);
	});

	it('are there for every step of a delivery', () => {
		expect([...every(source('failure.go'), /step\w+ += "([a-z-]+)"/g), 'wording'].sort()).toEqual([...known.steps].sort());
	});

	it('are there for every kind of mail', () => {
		expect(known.kinds.length).toBe([...source('render.go').matchAll(/\{[\w.]+, tells\(/g)].length);
		expect(every(source('render.go'), /^\t\w+ += "([a-z-]+)"$/gm).filter((k) => !known.kinds.includes(k))).toEqual([]);
	});
});
