import { expect } from 'vitest';
import { landscape, portrait, story } from './stage';
import { furnish, serious, setup } from './tour';

story('Every page is accessible: dark, portrait, German', 240, async (stage) => {
	const t = await stage.tablet({ name: 'dark', size: portrait, language: 'de', theme: 'dark', traced: false });
	expect(await serious(t, [setup])).toBe('');
	expect(await serious(t, await furnish(t))).toBe('');
});

story('The pages that look different in landscape are accessible there in the dark, too', 80, async (stage) => {
	const t = await stage.tablet({ name: 'dark-landscape', size: landscape, theme: 'dark', traced: false });
	const stops = await furnish(t);
	expect(await serious(t, stops.filter((s) => /staff$|counter|orders|stock$|customers\/\d/.test(s.path)))).toBe('');
});
