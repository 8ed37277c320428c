import { tick } from 'svelte';

interface Left {
	count: number;
	of: string;
	y: number;
}

interface Shown {
	/** How many rows there are. */
	count: () => number;
	/** What they are the answer to. */
	of: () => string;
	/** Reads on until there are as many, as long as they answer the same. */
	fill: (count: number) => Promise<unknown>;
}

/** The `snapshot` of a page with a list: Back shows as many rows as before, where they were. */
export const backTo = ({ count, of, fill }: Shown) => ({
	capture: (): Left => ({ count: count(), of: of(), y: window.scrollY }),
	restore: async (left: Left) => {
		if (left.of !== of() || left.count <= count()) return;
		await fill(left.count);
		await tick();
		window.scrollTo(0, left.y);
	}
});
