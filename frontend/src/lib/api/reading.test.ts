import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './error';
import { Net } from './net.svelte';
import { Reading } from './reading.svelte';

let up = true;
let calls = 0;
let server: Net;
let reading: Reading;
let shown = true;
let stop: () => void;

async function read(): Promise<string> {
	calls++;
	if (up) return 'new';
	server.lost();
	throw new ApiError(0, { code: 'network' });
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('fetch', async () => {
		if (!up) throw new TypeError('Failed to fetch');
		return new Response('ok');
	});
	[up, calls, shown] = [true, 0, true];
	server = new Net();
	reading = new Reading(server);
	stop = reading.keep(() => shown);
});
afterEach(() => {
	stop();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe('a page that is read again', () => {
	it('waits for a server that is away for 40 s, and says since when', async () => {
		up = false;
		const got = vi.fn();
		void reading.patiently(read).then(got, got);
		await vi.advanceTimersByTimeAsync(40_000);
		expect(got).not.toHaveBeenCalled();
		expect(Date.now() - reading.since!).toBe(40_000);
		expect(server.online).toBe(false);
		expect(calls).toBeLessThan(10);
		up = true;
		await vi.advanceTimersByTimeAsync(10_000);
		expect(got).toHaveBeenCalledWith('new');
		expect(reading.since).toBe(null);
		expect(server.online).toBe(true);
	});

	it('goes on as soon as the server is heard', async () => {
		up = false;
		const got = reading.patiently(read);
		await vi.advanceTimersByTimeAsync(500);
		up = true;
		server.heard();
		expect(await got).toBe('new');
		expect(calls).toBe(2);
	});

	it('gives up when somebody goes elsewhere', async () => {
		up = false;
		const got = reading.patiently(read).catch((e) => e.code);
		await vi.advanceTimersByTimeAsync(100);
		reading.giveUp();
		expect(await got).toBe('network');
		expect(reading.since).toBe(null);
	});

	it('does not wait on the way to a page, nor for an answer that will not change', async () => {
		up = false;
		shown = false;
		await expect(reading.patiently(read)).rejects.toMatchObject({ code: 'network' });
		shown = true;
		await expect(reading.patiently(() => Promise.reject(new ApiError(404, {})))).rejects.toMatchObject({ status: 404 });
		expect(reading.since).toBe(null);
	});

	it('asks a server that answers with errors ever more rarely', async () => {
		const broken = vi.fn(() => Promise.reject(new ApiError(500, {})));
		void reading.patiently(broken).catch(() => undefined);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(broken.mock.calls.length).toBeLessThan(9);
		expect(reading.since).not.toBe(null);
	});
});
