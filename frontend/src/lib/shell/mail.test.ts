import { afterEach, describe, expect, it, vi } from 'vitest';

const server = vi.hoisted(() => ({ since: null as string | null, away: false, tell: (() => {}) as (e: { topic: string }) => void }));

vi.mock('$lib/api', () => ({
	api: () => ({ get: () => (server.away ? Promise.reject(new Error('away')) : Promise.resolve({ since: server.since, reply: '', hint: '', dead: 0 })) })
}));
vi.mock('$lib/live/index.svelte', () => ({ live: { on: (tell: (e: { topic: string }) => void) => ((server.tell = tell), () => {}) } }));

const { mail } = await import('./mail.svelte');

afterEach(() => vi.useRealTimers());

describe('the word that no mail leaves', () => {
	it('is put out of sight for one outage, and comes back with the next', async () => {
		server.since = '2026-11-27T08:00:00Z';
		await mail.read();
		expect(mail.broken).toBe(true);
		mail.hide();
		await mail.read();
		expect(mail.broken).toBe(false);
		server.since = null;
		await mail.read();
		server.since = '2026-11-27T11:00:00Z';
		await mail.read();
		expect(mail.broken).toBe(true);
	});

	it('stays as it was while the server is away', async () => {
		server.away = true;
		await mail.read();
		expect(mail.broken).toBe(true);
		server.away = false;
	});

	it('is asked for again once the outage is old enough to be told', async () => {
		vi.useFakeTimers();
		server.since = null;
		await mail.read();
		const stop = mail.follow();
		server.tell({ topic: 'orders' });
		server.tell({ topic: 'mail' });
		await vi.advanceTimersByTimeAsync(60_000);
		server.tell({ topic: 'mail' });
		server.since = '2026-11-27T12:00:00Z';
		await vi.advanceTimersByTimeAsync(13 * 60_000);
		expect(mail.broken).toBe(false);
		await vi.advanceTimersByTimeAsync(2 * 60_000);
		expect(mail.broken).toBe(true);
		stop();
	});
});
