import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = resolve(process.env.ONHAND_BIN ?? join(import.meta.dirname, '../../bin/onhand'));
const patience = 15_000;

/** What opens the set-up of every house. */
export const setupToken = 'story';

/** One shop: the real program on a data folder of its own, at an address that nobody else has. */
export class House {
	#process: ChildProcess | null = null;
	#address = '127.0.0.1:0';
	#said = '';
	#data = '';

	get url() {
		return `http://${this.#address}`;
	}

	/** What the program has said so far. */
	get log() {
		return this.#said;
	}

	/** Opens the shop, or the same one again at the same address. */
	async open() {
		if (!existsSync(binary)) throw new Error(`${binary} is not there. Build it first: make build`);
		this.#data ||= await mkdtemp(join(tmpdir(), 'onhand-story-'));
		const child = spawn(binary, ['serve', '--addr', this.#address, '--data', this.#data], {
			env: { ...process.env, ONHAND_SETUP_TOKEN: setupToken },
			stdio: ['ignore', 'pipe', 'pipe']
		});
		this.#process = child;
		this.#address = await new Promise<string>((done, fail) => {
			const late = setTimeout(() => fail(new Error(`The shop did not open in time.\n${this.#said}`)), patience);
			const hear = (chunk: Buffer) => {
				this.#said += chunk;
				const at = /open at http:\/\/([\d.]+:\d+)\n[^]*$/.exec(this.#said.slice(this.#opened));
				if (!at) return;
				clearTimeout(late);
				this.#opened = this.#said.length;
				done(at[1]!);
			};
			child.stdout.on('data', hear);
			child.stderr.on('data', hear);
			child.once('error', fail);
			child.once('exit', (code) => fail(new Error(`The shop closed by itself (${code}).\n${this.#said}`)));
		});
	}

	/** Ends the program as a pulled plug does. */
	async kill() {
		await this.#end('SIGKILL');
	}

	/** Ends the program and removes its shop. */
	async close() {
		await this.#end('SIGTERM');
		if (this.#data) await rm(this.#data, { recursive: true, force: true });
	}

	#opened = 0;

	async #end(signal: NodeJS.Signals) {
		const child = this.#process;
		this.#process = null;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise((done) => child.once('exit', done));
		child.kill(signal);
		await gone;
	}
}
