import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Stories: a real browser at the real program. Each has its own deadline; nothing is tried twice.
export default defineConfig({
	root: fileURLToPath(new URL('..', import.meta.url)),
	test: { include: ['e2e/*.story.ts'], environment: 'node', pool: 'forks', maxWorkers: 2, retry: 0, reporters: ['verbose'] }
});
