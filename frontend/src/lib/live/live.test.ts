import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Channel, silence, type LiveEvent, type LiveMessage, type Socket } from './channel';
import { Marks, markedFor } from './marks';
import { Reader, together } from './reader';

class FakeSocket implements Socket {
	onopen = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	closed = false;
	constructor(readonly after: number | null) {}
	close() {
		this.closed = true;
	}
	says(message: LiveMessage) {
		this.onmessage?.({ data: JSON.stringify(message) });
	}
	drops(code = 1006) {
		this.onclose?.({ code });
	}
}

function setup() {
	const sockets: FakeSocket[] = [];
	const events: LiveEvent[] = [];
	const status: boolean[] = [];
	let resets = 0;
	let refused = 0;
	const channel = new Channel({
		open: (after) => (sockets.push(new FakeSocket(after)), sockets.at(-1)!),
		onevent: (e) => events.push(e),
		onreset: () => resets++,
		onstatus: (s) => status.push(s),
		onrefused: () => refused++,
		random: () => 1
	});
	return { channel, sockets, events, status, resets: () => resets, refused: () => refused, socket: () => sockets.at(-1)! };
}

const event = (id: number, entityId = 1): LiveMessage => ({ type: 'event', id, topic: 'orders', entityId, version: 2 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the live channel', () => {
	it('reads once more after its first hello, then hears events', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 812 });
		expect(t.status).toEqual([true]);
		expect(t.resets()).toBe(1);
		t.socket().says(event(813));
		expect(t.events.map((e) => e.id)).toEqual([813]);
	});

	it('comes back after a loss and asks for what it missed, reading nothing else again', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 812 });
		t.socket().says(event(813));
		t.socket().drops();
		expect(t.status.at(-1)).toBe(false);
		vi.advanceTimersByTime(500);
		expect(t.sockets.length).toBe(2);
		expect(t.socket().after).toBe(813);
		t.socket().says({ type: 'hello', last: 820 });
		t.socket().says(event(814));
		expect(t.resets()).toBe(1);
		expect(t.events.map((e) => e.id)).toEqual([813, 814]);
	});

	it('takes no event twice', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 812 });
		t.socket().says(event(813));
		t.socket().says(event(813));
		t.socket().says(event(812));
		expect(t.events.length).toBe(1);
	});

	it('waits longer after each failure, never more than 15 s', () => {
		const t = setup();
		t.channel.start();
		for (const wait of [500, 1000, 2000, 4000, 8000, 15000, 15000]) {
			const n = t.sockets.length;
			t.socket().drops();
			vi.advanceTimersByTime(wait - 1);
			expect(t.sockets.length).toBe(n);
			vi.advanceTimersByTime(1);
			expect(t.sockets.length).toBe(n + 1);
		}
	});

	it('counts a silent socket as lost after 25 s; a ping keeps it', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 1 });
		for (let i = 0; i < 5; i++) {
			vi.advanceTimersByTime(10_000);
			t.socket().says({ type: 'ping' });
		}
		expect(t.sockets.length).toBe(1);
		const silent = t.socket();
		vi.advanceTimersByTime(silence);
		expect(t.status.at(-1)).toBe(false);
		expect(silent.closed).toBe(true);
		vi.advanceTimersByTime(500);
		expect(t.sockets.length).toBe(2);
		silent.says(event(2));
		expect(t.events.length).toBe(0);
	});

	it('reads everything again when it missed too much, and goes on from there', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 5 });
		t.socket().says({ type: 'reset', last: 900 });
		expect(t.resets()).toBe(2);
		t.socket().says(event(900));
		t.socket().says(event(901));
		expect(t.events.map((e) => e.id)).toEqual([901]);
	});

	it('reconnects at once when a sleeping tablet wakes', () => {
		const t = setup();
		t.channel.start();
		t.socket().says({ type: 'hello', last: 5 });
		t.channel.wake();
		expect(t.sockets.length).toBe(1);
		vi.setSystemTime(Date.now() + 60_000);
		t.channel.wake();
		expect(t.sockets.length).toBe(2);
		expect(t.socket().after).toBe(5);
	});

	it('does not come back after it was stopped, nor by itself after the session ended', () => {
		const t = setup();
		t.channel.start();
		t.socket().drops(4401);
		expect(t.refused()).toBe(1);
		vi.advanceTimersByTime(60_000);
		expect(t.sockets.length).toBe(1);
		t.channel.start();
		t.channel.stop();
		vi.advanceTimersByTime(60_000);
		expect(t.sockets.length).toBe(2);
	});

	it('survives what it does not understand', () => {
		const t = setup();
		t.channel.start();
		t.socket().onmessage?.({ data: 'nonsense' });
		t.socket().onmessage?.({ data: '{"type":"later"}' });
		t.socket().says({ type: 'hello', last: 1 });
		expect(t.status).toEqual([true]);
	});
});

describe('reading again', () => {
	it('does not wait for events to stop', async () => {
		const read: string[][] = [];
		const reader = new Reader(async (topics) => void read.push([...topics]), () => true);
		for (let i = 0; i < 10; i++) {
			reader.note('orders');
			reader.note('stock');
			await vi.advanceTimersByTimeAsync(together / 4);
		}
		expect(read.length).toBeGreaterThanOrEqual(2);
		expect(read[0]).toEqual(['orders', 'stock']);
		await vi.advanceTimersByTimeAsync(10 * together);
		expect(read.length).toBe(3);
	});

	it('reads one after the other, and what came meanwhile once more', async () => {
		let done: () => void = () => undefined;
		let reads = 0;
		const reader = new Reader(() => new Promise<void>((r) => (reads++, (done = r))), () => true);
		reader.note('orders');
		await vi.advanceTimersByTimeAsync(together);
		reader.note('stock');
		await vi.advanceTimersByTimeAsync(5 * together);
		expect(reads).toBe(1);
		done();
		await vi.advanceTimersByTimeAsync(together);
		expect(reads).toBe(2);
	});

	it('keeps what it may not read yet', async () => {
		let connected = false;
		const read: string[][] = [];
		const reader = new Reader(async (topics) => void read.push([...topics]), () => connected);
		reader.note('orders');
		await vi.advanceTimersByTimeAsync(5 * together);
		expect(read).toEqual([]);
		connected = true;
		reader.go();
		await vi.advanceTimersByTimeAsync(together);
		expect(read).toEqual([['orders']]);
	});

	it('goes on after a reading that failed', async () => {
		let reads = 0;
		const reader = new Reader(() => (reads++, Promise.reject(new Error('gone'))), () => true);
		for (let i = 0; i < 2; i++) {
			reader.note('orders');
			await vi.advanceTimersByTimeAsync(2 * together);
		}
		expect(reads).toBe(2);
	});
});

describe('a mark', () => {
	it('fades after some seconds, counted from the last change', () => {
		const marks = new Marks();
		marks.add('orders', 7);
		expect([marks.has('orders', 7), marks.has('orders', 8), marks.has('stock', 7)]).toEqual([true, false, false]);
		vi.advanceTimersByTime(markedFor - 1);
		marks.add('orders', 7);
		vi.advanceTimersByTime(markedFor - 1);
		expect(marks.has('orders', 7)).toBe(true);
		vi.advanceTimersByTime(1);
		expect(marks.has('orders', 7)).toBe(false);
	});
});
