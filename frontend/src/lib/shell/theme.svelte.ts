export type Theme = 'system' | 'light' | 'dark';

const storage = 'onhand.theme';

/** Light or dark; static/theme.js sets the same before the first paint. */
class Chosen {
	current = $state<Theme>(read());

	set(theme: Theme) {
		this.current = theme;
		if (theme === 'system') localStorage.removeItem(storage);
		else localStorage.setItem(storage, theme);
		apply(theme);
	}

	/** Follows the device while nothing else was chosen. Returns how to stop. */
	follow(): () => void {
		const dark = matchMedia('(prefers-color-scheme: dark)');
		const change = () => this.current === 'system' && apply('system');
		dark.addEventListener('change', change);
		return () => dark.removeEventListener('change', change);
	}
}

function read(): Theme {
	const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(storage);
	return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(theme: Theme) {
	const dark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
	const root = document.documentElement;
	root.dataset.theme = dark ? 'dark' : 'light';
	const background = getComputedStyle(root).getPropertyValue('--bg').trim();
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', background);
}

export const theme = new Chosen();
