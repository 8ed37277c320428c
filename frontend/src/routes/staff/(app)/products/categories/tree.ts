import type { Schema } from '$lib/api';

type Category = Schema['Category'];
type Place = Pick<Schema['CategoryChange'], 'parentId' | 'position'>;

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
