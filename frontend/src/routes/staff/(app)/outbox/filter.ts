import type { Schema } from '$lib/api';

type Status = Schema['Email']['status'];

/** What people tell apart: a mail that waits and one that is just leaving are the same to them. */
export const groups: Record<string, Status[]> = { waiting: ['queued', 'sending'], sent: ['sent'], dead: ['dead'] };

export const filters = ['status', 'kind', 'q'] as const;

export function valuesOf(params: URLSearchParams): Record<(typeof filters)[number], string> {
	const get = (name: string) => params.get(name) ?? '';
	return { status: get('status') in groups ? get('status') : '', kind: get('kind'), q: get('q') };
}

export function queryOf({ status, kind, q }: ReturnType<typeof valuesOf>) {
	return { status: groups[status], kind: kind || undefined, q: q || undefined };
}
