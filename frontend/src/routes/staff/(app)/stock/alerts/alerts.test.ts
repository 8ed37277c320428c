import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from './filter';

const answers = vi.hoisted(() => ({ open: [] as unknown[], asked: [] as unknown[] }));

vi.mock('$lib/api', () => ({
	api: () => ({
		get: async (_path: string, { query }: { query: { after?: string; snoozed?: boolean; limit?: number } }) => {
			answers.asked.push(query);
			const all = (answers.open as Alert[]).filter((a) => query.snoozed === undefined || a.snoozed === query.snoozed);
			const rest = all.filter((a) => !query.after || a.id < Number(query.after));
			const items = rest.slice(0, query.limit ?? 2);
			return { items, next: rest.length > items.length ? String(items.at(-1)!.id) : '' };
		}
	})
}));

const { AlertList } = await import('./alerts.svelte');
const { filterOf, orderAt } = await import('./filter');

const alert = (id: number, snoozed = false, available = 0): Alert => ({
	id,
	kind: 'low',
	since: '2026-11-27T08:00:00Z',
	snoozed,
	snoozedBy: snoozed ? 'Anna' : '',
	until: null,
	item: { variantId: id * 10, productId: id, locationId: 1, name: `Mug ${id}`, sku: `M-${id}`, store: 'Shop', available, incoming: 0, reorderPoint: 2 }
});

const filter = { snoozed: false };

describe('the list of alerts', () => {
	beforeEach(() => {
		answers.open = [alert(9), alert(8), alert(7), alert(6)];
		answers.asked = [];
	});

	async function shown() {
		const list = new AlertList();
		list.take({ items: [alert(9), alert(8)], next: '8' }, filter);
		return list;
	}

	it('keeps a row in its place that was snoozed elsewhere, and one that is settled', async () => {
		const list = await shown();
		answers.open = [alert(9, true), alert(7), alert(6)];
		await list.refresh();
		expect(list.rows.map((r) => [r.id, r.snoozed, r.settled ?? false])).toEqual([[9, true, false], [8, false, true]]);
		expect(list.waiting).toBe(false);
	});

	it('shows new figures, and lets what is new wait', async () => {
		const list = await shown();
		answers.open = [alert(10), alert(9, false, 1), alert(8)];
		await list.refresh();
		expect(list.rows.map((r) => [r.id, r.item.available])).toEqual([[9, 1], [8, 0]]);
		expect(list.waiting).toBe(true);
		await list.renew();
		expect(list.rows.map((r) => r.id)).toEqual([10, 9]);
		expect(list.waiting).toBe(false);
	});

	it('fills by itself where nothing was', async () => {
		const list = new AlertList();
		list.take({ items: [], next: '' }, filter);
		await list.refresh();
		expect([list.rows.map((r) => r.id), list.waiting]).toEqual([[9, 8], false]);
	});

	it('does not wait for what comes after the last row, nor for what is snoozed', async () => {
		const list = await shown();
		answers.open = [alert(10, true), alert(9), alert(8), alert(7)];
		await list.refresh();
		expect(list.waiting).toBe(false);
		await list.fill(3);
		expect(list.rows.map((r) => r.id)).toEqual([9, 8, 7]);
	});
});

describe('the address', () => {
	it('asks for kinds and for what is snoozed, and for nothing else', () => {
		expect(filterOf(new URLSearchParams('kind=low,out,gone&snoozed=true'))).toEqual({ kind: ['out', 'low'], snoozed: true });
		expect(filterOf(new URLSearchParams('kind=&snoozed=1'))).toEqual({ kind: undefined, snoozed: false });
	});
});

it('leads from what is out or low to its row of what to buy, and from nothing else', () => {
	expect((['out', 'low', 'over'] as const).map((kind) => orderAt({ ...alert(4), kind }))).toEqual(['/staff/replenishment?at=40-1', '/staff/replenishment?at=40-1', '']);
});
