/** What every screen must know of the shop to show a figure or a time; set by the layout from the session. */
export interface Shop {
	name: string;
	currency: string;
	timeZone: string;
	pricesIncludeTax: boolean;
	language: string;
}

export const shop: Shop = $state({
	name: '',
	currency: 'EUR',
	timeZone: 'UTC',
	pricesIncludeTax: true,
	language: 'en'
});

export function setShop(next: Partial<Shop>) {
	Object.assign(shop, next);
}
