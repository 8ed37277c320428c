import { m } from '$lib/i18n';

/** What stands below a field that somebody else filled otherwise meanwhile; the usual hint where nobody did. */
export function theirs(now: string | number | undefined, mine: string | number, usual = ''): string {
	if (now === undefined || now === mine) return usual;
	return now === '' ? m.common_other_empty() : m.common_other_value({ value: String(now) });
}
