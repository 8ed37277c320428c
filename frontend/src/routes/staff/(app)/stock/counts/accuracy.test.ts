import { expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { accuracy, floorOf, share } from './accuracy';

const count = (id: number, postedAt: string | null, lineCount: number, matching?: number) => ({ id, number: `C-${id}`, postedAt, lineCount, matching }) as Schema['CountItem'];

it('How exact the books are is told from the first count to the last, of those that say so', () => {
	const points = accuracy([count(4, null, 10, 9), count(3, '2026-11-03T08:00:00Z', 3, 2), count(2, '2026-11-02T08:00:00Z', 0, 0), count(1, '2026-11-01T08:00:00Z', 20, 20)]);
	expect(points.map((p) => [p.number, p.value])).toEqual([
		['C-1', 100_000],
		['C-3', 66_600]
	]);
	expect(share(points)).toBe(95_600); // 22 of 23, and never rounded up to all
});

it('The axis begins in tens below the worst, so that a little shows', () => {
	expect(floorOf(accuracy([count(1, '2026-11-01T08:00:00Z', 20, 20)]))).toBe(90_000);
	expect(floorOf(accuracy([count(1, '2026-11-01T08:00:00Z', 20, 17)]))).toBe(80_000);
	expect(floorOf(accuracy([count(1, '2026-11-01T08:00:00Z', 20, 0)]))).toBe(0);
	expect(floorOf([])).toBe(90_000);
	expect(share([])).toBe(0);
});
