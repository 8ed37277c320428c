import type { Schema } from '$lib/api';
import { monthName } from '$lib/format';
import { m } from '$lib/i18n';
import { reasonWord, type Reason } from '../words';
import { within, type Period } from './period';

export const bys = ['month', 'category', 'product', 'reason', 'location'] as const;
export type By = (typeof bys)[number];

type Item = Schema['WasteItem'];

/** What counts as wasted (db/reports/waste.go). */
export const wasted: Reason[] = ['damage', 'waste'];

export const byName: Record<By, () => string> = {
	month: () => m.waste_by_month(),
	category: () => m.waste_by_category(),
	product: () => m.stock_product(),
	reason: () => m.waste_by_reason(),
	location: () => m.stock_location()
};

/** What a row of the report is about. */
export function labelOf(by: By, item: Item): string {
	if (by === 'month') return monthName(item.key);
	if (by === 'reason') return reasonWord(item.key as Reason);
	return item.label || m.waste_no_category();
}

/** Units of a row: of a reason those that it counts in. */
export const unitsOf = (by: By, i: Item): number => (by === 'reason' && !wasted.includes(i.key as Reason) ? i.shrinkage + i.donated : i.units);

export function costOf(by: By, i: Item): number | undefined {
	if (by !== 'reason' || wasted.includes(i.key as Reason)) return i.cost;
	return i.cost === undefined ? undefined : (i.shrinkageCost ?? 0) + (i.donatedCost ?? 0);
}

/** The movements behind a figure; nothing where no filter names them. */
export function movementsOf(by: By, item: Item | null, period: Period, reasons: Reason[] = wasted): string | undefined {
	const dates = item && by === 'month' ? within(item.key, period) : period;
	const query = new URLSearchParams({ from: dates.from, to: dates.to, reason: (item && by === 'reason' ? [item.key] : reasons).join(',') });
	if (item && (by === 'category' || by === 'product' || by === 'location')) {
		if (!item.key) return undefined;
		query.set(`${by}Id`, item.key);
	}
	return `/staff/stock/movements?${query}`;
}
