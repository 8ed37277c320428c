import type Any from '@lucide/svelte/icons/circle';

/** A lucide icon, imported by itself: `@lucide/svelte/icons/plus`. */
export type Icon = typeof Any;
export type Tone = 'neutral' | 'accent' | 'amber' | 'red' | 'green' | 'blue';

/** What a Field hands to the input inside it. */
export interface FieldProps {
	id: string;
	required?: boolean;
	'aria-describedby'?: string;
	'aria-invalid'?: true;
}
