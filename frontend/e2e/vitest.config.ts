import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Stories: a real browser at the real program. Each has its own deadline, which is what bounds the waiting; nothing is tried twice.
export default defineConfig({
	root: fileURLToPath(new URL('..', import.meta.url)),
	test: { include: ['e2e/*.story.ts'], environment: 'node', pool: 'forks', maxWorkers: 2, retry: 0, expect: { poll: { timeout: 15_000 } }, reporters: ['verbose'] }
});
