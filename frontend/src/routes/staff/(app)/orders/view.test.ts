import { describe, expect, it } from 'vitest';
import { followed, type View } from './view';

const presents = (search: string, id = 7) => ({ id, name: 'Presents', search, position: 0, version: 1 }) as View;

describe('a view that is changed elsewhere', () => {
	const was = [presents('tag=Present')];
	const now = [presents('tag=Present&assignedTo=me')];

	it('is followed by the list that shows it as it was', () => {
		expect(followed(was, now, 7, 'tag=Present')).toBe(now[0]);
	});

	it('leaves a list alone that somebody changed, that shows another one, or that it was changed from', () => {
		expect(followed(was, now, 7, 'tag=Present&channel=web')).toBeUndefined();
		expect(followed(was, now, 0, 'tag=Present')).toBeUndefined();
		expect(followed(was, now, 7, 'tag=Present&assignedTo=me')).toBeUndefined();
	});

	it('is no change when it was renamed, or is gone', () => {
		expect(followed(was, [{ ...was[0]!, name: 'Gifts' }], 7, 'tag=Present')).toBeUndefined();
		expect(followed(was, [], 7, 'tag=Present')).toBeUndefined();
	});
});
