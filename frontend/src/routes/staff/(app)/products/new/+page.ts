import { api } from '$lib/api';
import { taxRates } from '$lib/shop/rates';

export const load = async ({ fetch, url }) => {
	const barcode = url.searchParams.get('barcode') ?? '';
	const { rates, usual } = await taxRates(api(fetch));
	return { barcode, rates, taxRate: usual };
};
