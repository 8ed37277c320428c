import { isApiError, type api, type Schema } from '$lib/api';

/** The tax rates that the shop has names for, and the usual one; none for whoever may not read the settings. */
export async function taxRates(client: ReturnType<typeof api>): Promise<{ rates: Schema['TaxRate'][]; usual: number }> {
	try {
		const s = await client.get('/settings');
		return { rates: s.taxRates, usual: s.defaultTaxRate };
	} catch (e) {
		if (isApiError(e, 'forbidden')) return { rates: [], usual: 0 };
		throw e;
	}
}
