import { error } from '@sveltejs/kit';

// For looking at the components while working on them; nobody's shop has it.
export const load = () => {
	if (!import.meta.env.DEV) error(404);
};
