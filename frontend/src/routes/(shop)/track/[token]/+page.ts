import { api } from '$lib/api';
import { setShop } from '$lib/shop/index.svelte';

export const load = async ({ fetch, params }) => {
	const order = await api(fetch).get('/shop/track/{token}', { path: { token: params.token }, anonymous: true });
	setShop({ name: order.shop, currency: order.currency, timeZone: order.timeZone, pricesIncludeTax: order.pricesIncludeTax });
	return { order, token: params.token };
};
