import type { Area } from './sheet.svelte';

/** Where somebody stands in the sheet, and the area that reaches from there. */
export class Cursor {
	row = $state(0);
	col = $state(0);
	editing = $state(false);
	/** Not before somebody came here does the focus follow. */
	moved = $state(false);
	#far = $state({ row: 0, col: 0 });

	constructor(
		private readonly rows: () => number,
		private readonly cols: () => number
	) {}

	get area(): Area {
		const last = this.rows() - 1;
		const [top, bottom] = [Math.min(this.row, this.#far.row, last), Math.min(Math.max(this.row, this.#far.row), last)];
		return { top, bottom, left: Math.min(this.col, this.#far.col), right: Math.max(this.col, this.#far.col) };
	}

	/** Goes to a cell, or lets the area reach to it. */
	go(row: number, col: number, reach = false) {
		const to = { row: within(row, this.rows()), col: within(col, this.cols()) };
		this.#far = to;
		this.moved = true;
		if (reach) return;
		this.row = to.row;
		this.col = to.col;
	}

	move(down: number, across: number, reach = false) {
		const from = reach ? this.#far : { row: this.row, col: this.col };
		this.go(from.row + down, from.col + across, reach);
	}

	/** The area reaches to a row, as wide as it is. */
	reach(row: number) {
		this.#far = { row: within(row, this.rows()), col: this.#far.col };
	}

	/** The area covers so much from its first cell on. */
	span(height: number, width: number) {
		const { top, left } = this.area;
		this.row = top;
		this.col = left;
		this.#far = { row: within(top + height - 1, this.rows()), col: within(left + width - 1, this.cols()) };
	}
}

function within(n: number, size: number): number {
	return Math.max(0, Math.min(n, size - 1));
}
