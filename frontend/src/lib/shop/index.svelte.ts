/** What every screen must know of the shop to show a figure or a time; set by the layout from the session. */
export interface Shop {
	name: string;
	currency: string;
	timeZone: string;
	pricesIncludeTax: boolean;
	language: string;
	/** Whether cash needs an open till, and by how much one may differ without a reason. */
	tillRequired: boolean;
	tillTolerance: number;
	/** One to look around in: it moves in, or is there. */
	demo: '' | 'filling' | 'in';
}

export const shop: Shop = $state({
	name: '',
	currency: 'EUR',
	timeZone: 'UTC',
	pricesIncludeTax: true,
	language: 'en',
	tillRequired: false,
	tillTolerance: 0,
	demo: ''
});

export function setShop(next: Partial<Shop>) {
	Object.assign(shop, next);
}
