import type { Cursor } from './cursor.svelte';

const edge = 96;

/** The handle of a cell dragged down, by finger or mouse: the rows it passes get the value. */
export class FillDrag {
	running = false;

	constructor(
		private readonly reach: (row: number) => void,
		private readonly fill: () => void
	) {}

	begin(e: PointerEvent, cursor: Cursor) {
		if (e.button !== 0) return;
		e.preventDefault();
		e.stopPropagation();
		const handle = e.currentTarget as HTMLElement;
		const column = handle.closest('table')!;
		const { row, col } = cursor;
		const stop = new AbortController();
		const { signal } = stop;
		this.running = true;
		const move = (e: PointerEvent) => {
			// Near the edge the page goes along.
			if (e.clientY > innerHeight - edge) scrollBy(0, 12);
			else if (e.clientY < edge) scrollBy(0, -12);
			const x = column.getBoundingClientRect();
			const at = document.elementFromPoint(Math.min(Math.max(e.clientX, x.left + 8), x.right - 8), e.clientY)?.closest<HTMLElement>('[data-row]');
			if (at) this.reach(Math.max(row, Number(at.dataset.row)));
		};
		const end = (done: boolean) => {
			stop.abort();
			this.running = false;
			if (done && cursor.area.bottom > row) this.fill();
			else cursor.go(row, col);
		};
		window.addEventListener('pointermove', move, { signal });
		window.addEventListener('pointerup', () => end(true), { signal });
		window.addEventListener('pointercancel', () => end(false), { signal });
		window.addEventListener('keydown', (e) => e.key === 'Escape' && end(false), { signal });
	}
}
