import { expect } from 'vitest';
import { landscape, story } from './stage';
import { arrive, furnish, serious, setup } from './tour';

story('Every page is accessible: light, landscape, English', 240, async (stage) => {
	const t = await stage.tablet({ name: 'light', size: landscape, traced: false });
	expect(await serious(t, [setup])).toBe('');
	expect(await serious(t, await furnish(t))).toBe('');
});

story('No page is wider than a small phone', 105, async (stage) => {
	const t = await stage.tablet({ name: 'phone', size: { width: 320, height: 640 }, language: 'de', traced: false });
	const wide: string[] = [];
	const look = async (path: string) => {
		const width = await t.page.evaluate(() => document.documentElement.scrollWidth);
		if (width > 320) wide.push(`${path}: ${width}`);
	};
	await arrive(t, setup);
	await look(setup.path);
	for (const stop of await furnish(t)) {
		await arrive(t, stop);
		await look(stop.path);
	}
	expect(wide).toEqual([]);
});
