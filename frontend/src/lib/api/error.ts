import { m } from '$lib/i18n';
import { wordsFor } from './words';

export interface FieldError {
	location: string;
	message: string;
}

/** RFC 9457, as the server sends it. */
export interface Problem {
	title?: string;
	status?: number;
	detail?: string;
	code?: string;
	params?: Record<string, unknown>;
	errors?: { location?: string; message?: string; code?: string; params?: Record<string, unknown> }[];
}

/** What went wrong, worded for the person at the screen. */
export class ApiError extends Error {
	readonly status: number;
	readonly code: string;
	readonly params: Record<string, unknown>;
	/** By field: `email`, `lines[0].quantity`; the leading `body.` is gone. */
	readonly fields: Record<string, string>;
	/** The same with their codes and figures, for a page that words them itself. */
	readonly details: { field: string; code: string; params: Record<string, unknown> }[];
	readonly requestId: string;

	constructor(status: number, problem: Problem, requestId = '') {
		super(words(status, problem));
		this.name = 'ApiError';
		this.status = status;
		this.code = problem.code ?? (status === 0 ? 'network' : `http_${status}`);
		this.params = problem.params ?? {};
		this.requestId = requestId;
		this.fields = {};
		this.details = (problem.errors ?? []).map((e) => ({ field: fieldName(e.location ?? ''), code: e.code ?? '', params: e.params ?? {} }));
		for (const e of problem.errors ?? []) {
			const field = fieldName(e.location ?? '');
			const said = wordsFor(e.code, e.params) || e.message;
			if (field && said && !(field in this.fields)) this.fields[field] = said;
		}
	}

	/** The outcome is unknown: it may be sent again with the same key. */
	get retryable() {
		return this.status === 0 || this.status >= 502;
	}
}

export function isApiError(e: unknown, code?: string): e is ApiError {
	return e instanceof ApiError && (code === undefined || e.code === code);
}

/** The sentence to show for anything that was thrown. */
export function errorText(e: unknown): string {
	if (e instanceof ApiError) return e.message;
	return m.error_unexpected();
}

export function fieldName(location: string): string {
	return location.replace(/^(body|query|path)\.?/, '');
}

const byStatus: Record<number, () => string> = {
	0: () => m.error_network(),
	400: () => m.error_outdated(),
	401: () => m.error_unauthorized(),
	403: () => m.error_forbidden(),
	404: () => m.error_not_found(),
	405: () => m.error_outdated(),
	413: () => m.error_too_large(),
	415: () => m.error_outdated(),
	422: () => m.error_invalid(),
	429: () => m.error_throttled(),
	500: () => m.error_unexpected(),
	502: () => m.error_network(),
	503: () => m.error_busy(),
	504: () => m.error_timeout(),
	507: () => m.error_disk_full()
};

/** A code we know is said in the person's language; otherwise the server's own plain English. */
function words(status: number, p: Problem): string {
	if (status === 413) return m.error_too_large();
	if (p.code === 'invalid') return m.error_invalid();
	const said = wordsFor(p.code, p.params);
	if (said) return said;
	if (p.code && p.detail) return p.detail;
	return byStatus[status]?.() ?? p.detail ?? p.title ?? m.error_unexpected();
}
