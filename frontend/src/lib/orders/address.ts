import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';

/** The parts of an address, in the order in which they are typed. */
export const addressParts = [
	{ part: 'name', label: m.address_name, max: 200 },
	{ part: 'company', label: m.address_company, max: 200 },
	{ part: 'line1', label: m.address_line1, max: 200 },
	{ part: 'line2', label: m.address_line2, max: 200 },
	{ part: 'postalCode', label: m.address_postal_code, max: 20 },
	{ part: 'city', label: m.address_city, max: 100 },
	{ part: 'region', label: m.address_region, max: 100 },
	{ part: 'country', label: m.address_country, max: 2 }
] as const;

/** An address as it is typed: every part is there, maybe empty. */
export type TypedAddress = Record<(typeof addressParts)[number]['part'], string>;

export function typedAddress(a?: Schema['Address'] | null): TypedAddress {
	return Object.fromEntries(addressParts.map(({ part }) => [part, a?.[part] ?? ''])) as TypedAddress;
}

/** An address as it stands on an envelope. */
export function addressLines(a: Schema['Address']): string[] {
	const town = [a.postalCode, a.city].filter(Boolean).join(' ');
	return [a.company, a.name, a.line1, a.line2, town, a.region, a.country].filter((line): line is string => Boolean(line));
}
