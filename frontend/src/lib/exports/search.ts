/** What a list is asked with as the end of an address: what is not set is not there, several values have commas between them. */
export function search(query: Record<string, unknown>): string {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
		if (text) params.set(name, text);
	}
	return params.size ? `?${params}` : '';
}
