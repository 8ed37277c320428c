import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
	kit: {
		adapter: adapter({ pages: 'dist', assets: 'dist', fallback: 'index.html', precompress: true, strict: true }),
		paths: { relative: false },
		// Registered by hand with scope /staff, or shoppers would precache the staff app.
		serviceWorker: { register: false },
		version: { pollInterval: 0 }
	}
};
