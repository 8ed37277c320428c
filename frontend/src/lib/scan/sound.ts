let context: AudioContext | undefined;

/** Three rising notes: a new order. Answers whether the browser let them out, which it does once it has heard a tap. */
export async function chime(): Promise<boolean> {
	try {
		context ??= new AudioContext();
		await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
		if (context.state !== 'running') return false;
		[523, 659, 784].forEach((pitch, i) => note(context!, pitch, i * 0.18, 'sine', 0.5));
		return true;
	} catch {
		return false;
	}
}

/** One short high note: this was counted. */
export function accept() {
	try {
		context ??= new AudioContext();
		void context.resume();
		note(context, 1318, 0, 'sine', 0.09);
	} catch {
		return;
	}
}

/** Two low notes: this code is unknown. Silent where the browser has not heard a tap yet. */
export function refuse() {
	try {
		context ??= new AudioContext();
		void context.resume();
		note(context, 220, 0);
		note(context, 165, 0.16);
	} catch {
		return;
	}
}

function note(at: AudioContext, pitch: number, after: number, type: OscillatorType = 'square', length = 0.14) {
	const from = at.currentTime + after;
	const tone = at.createOscillator();
	const volume = at.createGain();
	tone.type = type;
	tone.frequency.value = pitch;
	volume.gain.setValueAtTime(0.12, from);
	volume.gain.exponentialRampToValueAtTime(0.001, from + length);
	tone.connect(volume).connect(at.destination);
	tone.start(from);
	tone.stop(from + length + 0.01);
}
