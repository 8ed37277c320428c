import { api, isApiError } from '$lib/api';

export const load = async ({ fetch, url }) => {
	const barcode = url.searchParams.get('barcode') ?? '';
	try {
		return { barcode, taxRate: (await api(fetch).get('/settings')).defaultTaxRate };
	} catch (e) {
		if (isApiError(e, 'forbidden')) return { barcode, taxRate: 0 };
		throw e;
	}
};
