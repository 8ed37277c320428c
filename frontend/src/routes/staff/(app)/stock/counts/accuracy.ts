import type { Schema } from '$lib/api';

/** How much of a count agreed with the books, in thousandths of a percent. */
export interface Point {
	id: number;
	number: string;
	/** When it was posted. */
	at: number;
	lines: number;
	matching: number;
	value: number;
}

/** The share of lines that agreed; it is never rounded up to all. */
export const exactly = (matching: number, lines: number) => Math.floor((matching * 1000) / lines) * 100;

/** How exact the books were found, from the first count to the last. */
export function accuracy(counts: readonly Schema['CountItem'][]): Point[] {
	return counts
		.flatMap((c) =>
			c.postedAt === null || c.matching === undefined || !c.lineCount
				? []
				: [{ id: c.id, number: c.number, at: Date.parse(c.postedAt), lines: c.lineCount, matching: c.matching, value: exactly(c.matching, c.lineCount) }]
		)
		.sort((a, b) => a.at - b.at);
}

/** Of all that was counted. */
export function share(points: readonly Point[]): number {
	const lines = points.reduce((sum, p) => sum + p.lines, 0);
	return lines ? exactly(points.reduce((sum, p) => sum + p.matching, 0), lines) : 0;
}

/** Where the axis begins: in tens below the worst of them, and never as high as all. */
export function floorOf(points: readonly Point[]): number {
	return Math.floor(Math.min(99_000, ...points.map((p) => p.value)) / 10_000) * 10_000;
}
