import type { components, paths } from './schema';

/** The document's schemas by name: `Schema['Order']`. */
export type Schema = components['schemas'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type PathOf<M extends Method> = {
	[P in keyof paths]: paths[P] extends Record<M, infer O> ? (O extends undefined ? never : P) : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P] extends Record<M, infer O> ? NonNullable<O> : never;
type Parameters<O, K extends string> = O extends { parameters: infer Q }
	? K extends keyof Q
		? NonNullable<Q[K]>
		: never
	: never;

type PathPart<O> = [Parameters<O, 'path'>] extends [never] ? { path?: undefined } : { path: Parameters<O, 'path'> };
type QueryPart<O> = [Parameters<O, 'query'>] extends [never] ? { query?: undefined } : { query?: Parameters<O, 'query'> };
type BodyPart<O> = O extends { requestBody: { content: infer C } }
	? { body: Content<C> }
	: O extends { requestBody?: infer R }
		? { body?: R extends { content: infer C } ? Content<C> : undefined }
		: { body?: undefined };
type Content<C> = C extends { 'application/json': infer J } ? J : FormData;

interface Common {
	/** The idempotency key; one is made when none is given. Forms keep theirs for a retry. */
	key?: string;
	signal?: AbortSignal;
	/** Hears how much of a file is sent, from 0 to 1. */
	onsent?: (part: number) => void;
	/** Answer 401 at once instead of asking the person to sign in again. */
	anonymous?: boolean;
}

export type Init<M extends Method, P extends keyof paths> = PathPart<Operation<M, P>> &
	QueryPart<Operation<M, P>> &
	BodyPart<Operation<M, P>> &
	Common;

/** No second argument where nothing is required. */
export type Args<I> = Partial<I> extends I ? [init?: I] : [init: I];

export type Reply<M extends Method, P extends keyof paths> =
	Operation<M, P> extends { responses: infer R }
		? {
				[S in keyof R]: S extends 200 | 201 | 202 | 204
					? R[S] extends { content: { 'application/json': infer T } }
						? T
						: void
					: never;
			}[keyof R]
		: never;
