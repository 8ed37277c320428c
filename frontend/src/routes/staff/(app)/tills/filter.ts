export const filters = ['status', 'locationId', 'from', 'to'] as const;

export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	return { status: ['open', 'closed'].includes(get('status')) ? get('status') : '', locationId: /^\d+$/.test(get('locationId')) ? get('locationId') : '', from: get('from'), to: get('to') };
}

export function queryOf({ status, locationId, from, to }: ReturnType<typeof valuesOf>) {
	return { status: (status || undefined) as 'open' | 'closed' | undefined, locationId: Number(locationId) || undefined, from: from || undefined, to: to || undefined };
}
