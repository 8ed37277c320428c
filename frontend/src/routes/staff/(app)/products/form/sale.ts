import { dateTime, money, time, weekday, type Instant } from '$lib/format';
import { m } from '$lib/i18n';

/** A lower price for a time, as the shop keeps it of a variant; times are as the API writes them. */
export interface Sale {
	salePrice: number | null;
	saleStarts: string | null;
	saleEnds: string | null;
}

export type SaleState = 'none' | 'planned' | 'running' | 'over';

export function saleState(s: Sale, now: number): SaleState {
	if (s.salePrice === null) return 'none';
	if (s.saleStarts && now < Date.parse(s.saleStarts)) return 'planned';
	return s.saleEnds && now >= Date.parse(s.saleEnds) ? 'over' : 'running';
}

/** "On sale for €9.00 until Friday, 18:00"; empty for no sale. */
export function saleText(s: Sale, now: number): string {
	const price = s.salePrice === null ? '' : money(s.salePrice);
	switch (saleState(s, now)) {
		case 'none':
			return '';
		case 'planned':
			return m.products_sale_planned({ price, from: near(s.saleStarts!, now) });
		case 'over':
			return m.products_sale_over({ until: near(s.saleEnds!, now) });
		case 'running':
			return s.saleEnds ? m.products_sale_running_until({ price, until: near(s.saleEnds, now) }) : m.products_sale_running({ price });
	}
}

const week = 6 * 86_400_000;

/** A day of the coming week by its name, any other by its date. */
function near(at: Instant, now: number): string {
	const ahead = new Date(at).getTime() - now;
	return ahead > 0 && ahead < week ? `${weekday(at)}, ${time(at)}` : dateTime(at);
}
