import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';
import type { Tone } from '$lib/ui/types';

/** Where a return is, in a word. */
export const returnStatus: Record<Schema['Return']['status'], () => { text: string; tone: Tone }> = {
	requested: () => ({ text: m.returns_status_requested(), tone: 'amber' }),
	approved: () => ({ text: m.returns_status_approved(), tone: 'blue' }),
	rejected: () => ({ text: m.returns_status_rejected(), tone: 'neutral' }),
	received: () => ({ text: m.returns_status_received(), tone: 'green' }),
	closed: () => ({ text: m.returns_status_closed(), tone: 'green' })
};
