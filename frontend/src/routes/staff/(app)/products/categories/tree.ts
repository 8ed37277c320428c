import type { Schema } from '$lib/api';

type Category = Schema['Category'];
export type Place = Pick<Schema['CategoryChange'], 'parentId' | 'position'>;

/** Those with the same parent, in their order. */
export function siblings(all: Category[], c: Category): Category[] {
	return all.filter((x) => x.parentId === c.parentId);
}

/** What stands below a category; the list is in the order of the tree. */
export function branch(all: Category[], c: Category): Category[] {
	const from = all.findIndex((x) => x.id === c.id) + 1;
	const rest = all.slice(from);
	const end = rest.findIndex((x) => x.depth <= c.depth);
	return end < 0 ? rest : rest.slice(0, end);
}

export const ways = ['up', 'down', 'in', 'out'] as const;
export type Way = (typeof ways)[number];

/** Where a step leads a category, null where it leads nowhere. */
export function step(all: Category[], c: Category, way: Way): Place | null {
	const beside = siblings(all, c);
	const at = beside.findIndex((x) => x.id === c.id);
	switch (way) {
		case 'up':
			return at > 0 ? { position: at - 1 } : null;
		case 'down':
			return at < beside.length - 1 ? { position: at + 1 } : null;
		case 'in':
			return at > 0 && c.depth < mostLevels ? { parentId: beside[at - 1]!.id } : null;
		case 'out': {
			const parent = all.find((x) => x.id === c.parentId);
			return parent ? { parentId: parent.parentId, position: parent.position + 1 } : null;
		}
	}
}

const mostLevels = 8;

/** Finds categories by any part of their path. */
export const finder = (all: Category[]) => (q: string) => Promise.resolve(all.filter((c) => c.path.toLocaleLowerCase().includes(q.toLocaleLowerCase())).slice(0, 50));

/** A gap between the rows of a tree, and how deep something stands in it. */
export interface Gap {
	/** The row above it, null at the top. */
	above: number | null;
	depth: number;
}

/** Where in a gap a category comes to stand that is let go at some depth: the nearest one that the rows around allow. */
export function gapAt(all: Category[], c: Category, above: Category | undefined, depth: number): Gap {
	const rest = others(all, c);
	const under = rest[above ? rest.indexOf(above) + 1 : 0];
	const levels = Math.max(c.depth, ...branch(all, c).map((b) => b.depth)) - c.depth; // below itself
	const deepest = Math.min(above ? above.depth + 1 : 1, mostLevels - levels);
	return { above: above?.id ?? null, depth: Math.max(under?.depth ?? 1, Math.min(depth, deepest)) };
}

/** The place that a gap is, null where the category stands already. */
export function placeIn(all: Category[], c: Category, { above, depth }: Gap): Place | null {
	const rest = others(all, c);
	const before = rest.slice(0, rest.findIndex((x) => x.id === above) + 1);
	const parentId = before.findLast((x) => x.depth < depth)?.id ?? null;
	const position = before.filter((x) => x.parentId === parentId).length;
	return parentId === c.parentId && position === siblings(all, c).findIndex((x) => x.id === c.id) ? null : { parentId, position };
}

/** All but a category and what goes with it. */
export function others(all: Category[], c: Category): Category[] {
	const own = new Set([c, ...branch(all, c)].map((x) => x.id));
	return all.filter((x) => !own.has(x.id));
}
