/** The version of the server, as its own document says; empty when it cannot be had. */
export async function serverVersion(): Promise<string> {
	try {
		const reply = await fetch('/api/openapi.json', { signal: AbortSignal.timeout(10_000) });
		return (await reply.json()).info?.version ?? '';
	} catch {
		return '';
	}
}
