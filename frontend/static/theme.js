// Loaded blocking from the head, so that the theme is known before the first paint without an inline script.
(function () {
	var stored = null;
	try {
		stored = localStorage.getItem('onhand.theme');
	} catch (e) {
		stored = null;
	}
	var dark = stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	document.documentElement.dataset.theme = dark ? 'dark' : 'light';
	var meta = document.querySelector('meta[name="theme-color"]');
	if (meta) meta.setAttribute('content', dark ? '#131110' : '#fafaf9');
})();
