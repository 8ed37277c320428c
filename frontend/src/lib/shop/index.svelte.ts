/** What every screen must know of the shop to show a figure or a time; set by the layout from the session. */
export interface Shop {
	name: string;
	currency: string;
	timeZone: string;
	pricesIncludeTax: boolean;
	language: string;
	/** One to look around in: it moves in, or is there. */
	demo: '' | 'filling' | 'in';
}

export const shop: Shop = $state({
	name: '',
	currency: 'EUR',
	timeZone: 'UTC',
	pricesIncludeTax: true,
	language: 'en',
	demo: ''
});

export function setShop(next: Partial<Shop>) {
	Object.assign(shop, next);
}
