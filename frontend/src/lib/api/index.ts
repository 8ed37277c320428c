export { approvals } from './approval.svelte';
export { api, base } from './client';
export { ApiError, errorText, fieldName, isApiError } from './error';
export { Form } from './form.svelte';
export { Attempt, newKey } from './key';
export { net } from './net.svelte';
export { reading } from './reading.svelte';
export { signIn } from './signin.svelte';
export type { Schema } from './types';
