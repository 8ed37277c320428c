import { describe, expect, it } from 'vitest';
import { datesOf, periodOf, within } from './period';

const asked = (query: string) => periodOf(new URLSearchParams(query));

describe('periods', () => {
	it('mean dates of the shop', () => {
		const on = (preset: Parameters<typeof datesOf>[0]) => Object.values(datesOf(preset, '2026-03-01')).join(' to ');
		expect(on('yesterday')).toBe('2026-02-28 to 2026-02-28');
		expect(on('week')).toBe('2026-02-23 to 2026-03-01');
		expect(on('month')).toBe('2026-03-01 to 2026-03-01');
		expect(on('last_month')).toBe('2026-02-01 to 2026-02-28');
		expect(on('year')).toBe('2026-01-01 to 2026-03-01');
	});

	it('are read from an address, whatever stands in it', () => {
		expect(asked('period=custom&from=2026-01-02&to=2026-01-31')).toEqual({ preset: 'custom', from: '2026-01-02', to: '2026-01-31' });
		for (const wrong of ['period=custom', 'period=custom&from=2026-02-01&to=2026-01-01', 'period=custom&from=x&to=2026-99-99']) expect(asked(wrong)).toEqual({ preset: 'custom', ...datesOf('thirty') });
		expect(asked('period=never').preset).toBe('thirty');
	});

	it('share their months', () => {
		const year = { from: '2024-01-15', to: '2024-12-10' };
		expect(within('2024-01', year)).toEqual({ from: '2024-01-15', to: '2024-01-31' });
		expect(within('2024-02', year)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
		expect(within('2024-12', year)).toEqual({ from: '2024-12-01', to: '2024-12-10' });
	});
});
