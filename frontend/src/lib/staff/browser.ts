import { m } from '$lib/i18n';

const browsers: [RegExp, string][] = [
	[/Edg\//, 'Edge'],
	[/OPR\//, 'Opera'],
	[/SamsungBrowser\//, 'Samsung Internet'],
	[/Firefox\/|FxiOS\//, 'Firefox'],
	[/Chrome\/|CriOS\//, 'Chrome'],
	[/Safari\//, 'Safari']
];

const systems: [RegExp, string][] = [
	[/iPad/, 'iPad'],
	[/iPhone/, 'iPhone'],
	[/Android/, 'Android'],
	[/Windows/, 'Windows'],
	[/CrOS/, 'ChromeOS'],
	[/Mac OS X/, 'Mac'],
	[/Linux/, 'Linux']
];

/** What a browser calls itself, as far as a person recognises it: "Firefox on Windows". */
export function browserName(agent: string): string {
	const browser = browsers.find(([p]) => p.test(agent))?.[1];
	const system = systems.find(([p]) => p.test(agent))?.[1];
	if (browser && system) return m.device_on({ browser, system });
	return browser ?? system ?? m.device_unknown();
}
