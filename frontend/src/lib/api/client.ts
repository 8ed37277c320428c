import createClient from 'openapi-fetch';
import { approvals } from './approval.svelte';
import { ApiError, type Problem } from './error';
import { newKey } from './key';
import { net } from './net.svelte';
import { reading } from './reading.svelte';
import type { paths } from './schema';
import { signIn } from './signin.svelte';
import { watched } from './watched';
import type { Args, Init, Method, PathOf, Reply } from './types';

export const base = '/api/v1';
const patience = 30_000;

interface Loose {
	path?: Record<string, unknown>;
	query?: Record<string, unknown>;
	body?: unknown;
	key?: string;
	onsent?: (part: number) => void;
	signal?: AbortSignal;
	anonymous?: boolean;
	/** The reply is a file, not JSON. */
	file?: boolean;
}

/**
 * The API, typed by the server's own document. In `load`, hand over its `fetch`; elsewhere call it bare:
 * `api(fetch).get('/orders/{id}', { path: { id } })`. What is not a success is thrown as an ApiError; but a page
 * that is read again keeps what it has until the server answers (see Reading).
 */
export function api(loadFetch?: typeof fetch) {
	const fetchWith = loadFetch ?? globalThis.fetch.bind(globalThis);
	const client = createClient<paths>({
		baseUrl: base,
		credentials: 'same-origin',
		querySerializer: { array: { style: 'form', explode: false } }, // state=low,out: repeated, the server would take the first
		fetch: (request: Request) => fetchWith(request)
	});

	function send(method: Method, path: string, init: Loose = {}): Promise<unknown> {
		const once = () => sendOnce(method, path, init, loadFetch !== undefined);
		return loadFetch && method === 'get' ? reading.patiently(once) : once();
	}

	async function sendOnce(method: Method, path: string, init: Loose, loading: boolean): Promise<unknown> {
		const headers: Record<string, string> = { Accept: init.file ? 'application/pdf, application/problem+json' : 'application/json' };
		if (method === 'post') headers['Idempotency-Key'] = init.key ?? newKey();
		const upload = init.body instanceof FormData;

		const attempt = async () => {
			const limit = AbortSignal.timeout(upload ? patience * 10 : patience);
			try {
				return await client.request(method, path as never, {
					params: { path: init.path, query: compact(init.query) },
					body: init.body,
					headers,
					...(init.onsent ? { fetch: (r: Request) => watched(r, init.body as FormData, init.onsent!) } : {}),
					signal: init.signal ? anySignal(init.signal, limit) : limit,
					...(init.file ? { parseAs: 'blob' } : {}),
					...(upload ? { bodySerializer: (b: FormData) => b } : {})
				} as never);
			} catch (e) {
				if (init.signal?.aborted) throw e;
				if (limit.aborted) throw new ApiError(0, { code: 'timeout' });
				net.lost();
				throw new ApiError(0, { code: 'network' });
			}
		};

		let reply = await attempt();
		if (signIn.active && !init.anonymous && (await refused(reply, loading))) reply = await attempt();
		if (signIn.active && !init.anonymous) reply = await vouched(reply, init, attempt);

		const { response } = reply;
		if (response.status < 502) net.heard();
		if (response.ok) return init.file ? { file: reply.data, headers: response.headers } : reply.data;
		throw new ApiError(response.status, problem(reply.error), response.headers.get('X-Request-Id') ?? '');
	}

	return {
		get: <P extends PathOf<'get'>>(path: P, ...[init]: Args<Init<'get', P>>) =>
			send('get', path, init as Loose) as Promise<Reply<'get', P>>,
		post: <P extends PathOf<'post'>>(path: P, ...[init]: Args<Init<'post', P>>) =>
			send('post', path, init as Loose) as Promise<Reply<'post', P>>,
		/** What is made of the body as a file: a PDF. */
		print: <P extends PathOf<'post'>>(path: P, init: Init<'post', P>) =>
			send('post', path, { ...(init as Loose), file: true }) as Promise<{ file: Blob; headers: Headers }>,
		put: <P extends PathOf<'put'>>(path: P, ...[init]: Args<Init<'put', P>>) =>
			send('put', path, init as Loose) as Promise<Reply<'put', P>>,
		patch: <P extends PathOf<'patch'>>(path: P, ...[init]: Args<Init<'patch', P>>) =>
			send('patch', path, init as Loose) as Promise<Reply<'patch', P>>,
		delete: <P extends PathOf<'delete'>>(path: P, ...[init]: Args<Init<'delete', P>>) =>
			send('delete', path, init as Loose) as Promise<Reply<'delete', P>>
	};
}

type Answered = { response: Response; error?: unknown };

/** Waits for what a refused request lacks: true once it may be sent again. */
async function refused({ response, error }: Answered, loading: boolean): Promise<boolean> {
	if (response.status === 401) return signIn.again();
	if (response.status !== 403) return false;
	const { code } = problem(error);
	if (code === 'locked') return signIn.unlocked();
	// A page that is only being opened has no screen to ask on: its error page does.
	if (code === 'password_needed' && !loading) return signIn.again('password');
	return false;
}

/** A command above a limit is sent again, the same but for the PIN of who vouches for it. */
async function vouched<R extends Answered>(reply: R, init: Loose, attempt: () => Promise<R>): Promise<R> {
	let asked = false;
	for (;;) {
		const { code, params = {} } = problem(reply.error);
		const again = asked && (code === 'bad_pin' || code === 'pin_blocked');
		if (reply.response.status !== 403 || !(again || code === 'approval_required')) break;
		const approval = await approvals.ask(params, asked ? new ApiError(403, problem(reply.error)).message : '');
		if (!approval) break;
		asked = true;
		init.body = { ...(init.body as object), approval };
		reply = await attempt();
	}
	if (asked) approvals.done();
	return reply;
}

function problem(error: unknown): Problem {
	return error && typeof error === 'object' ? (error as Problem) : {};
}

function compact(query?: Record<string, unknown>) {
	if (!query) return undefined;
	return Object.fromEntries(Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== ''));
}

function anySignal(...signals: AbortSignal[]): AbortSignal {
	const c = new AbortController();
	for (const s of signals) {
		if (s.aborted) c.abort(s.reason);
		else s.addEventListener('abort', () => c.abort(s.reason), { once: true, signal: c.signal });
	}
	return c.signal;
}
