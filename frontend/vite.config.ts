import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

const server = process.env.ONHAND_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
	plugins: [
		tailwindcss(),
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
			localStorageKey: 'onhand.locale'
		}),
		sveltekit()
	],
	server: {
		host: '127.0.0.1',
		proxy: {
			'/api': { target: server, ws: true },
			'/images': { target: server }
		}
	},
	// A data: font or icon would need a hole in the content security policy.
	build: {
		assetsInlineLimit: 0,
		rolldownOptions: {
			// Or the barrel of the messages would load each chunk that holds some.
			treeshake: { moduleSideEffects: [{ test: /src\/lib\/paraglide\/messages/, sideEffects: false }] },
			output: {
				// Left alone, a page comes in some seventy crumbs: every icon and message of its own. What many
				// pages of the staff app share travels together; the runtime apart, since the storefront needs it too.
				codeSplitting: {
					groups: [
						{ name: 'runtime', test: /node_modules\/(svelte|@sveltejs|esm-env|clsx|devalue)\/|src\/lib\/paraglide\/(runtime|registry)/, priority: 4 },
						// What only the pages about mail say waits for them; a group takes along all that its modules import.
						{ name: 'mail', test: /paraglide\/messages\/(mail|outbox|jobs?|hint|step|kind)_(?!title)/, priority: 3 },
						{ name: 'words', test: /src\/lib\/(paraglide|i18n)\//, priority: 2, minShareCount: 4 },
						{ name: 'staff', test: /src\/lib\/(?!mail\/)|node_modules\/(@lucide|openapi-fetch)\//, priority: 1, minShareCount: 4 }
					]
				}
			}
		}
	},
	test: { include: ['src/**/*.test.ts'], environment: 'node' }
});
