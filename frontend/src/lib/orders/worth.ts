import type { Schema } from '$lib/api';

/** What so many more of a line are worth that come back, as the server will say (DESIGN.md 4): their part of it, less what came back before. */
export function worth(order: Schema['Order'], line: Schema['OrderLine'], count: number): number {
	if (count === 0) return 0;
	const before = order.returns.flatMap((r) => r.lines).reduce((sum, l) => sum + (l.orderLineId === line.id ? l.total : 0), 0);
	const [total, back, all] = [BigInt(line.total), BigInt(line.returned + count), BigInt(line.quantity)];
	return Math.max(0, Number((2n * total * back + all) / (2n * all)) - before);
}
