let context: AudioContext | undefined;

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

function note(at: AudioContext, pitch: number, after: number) {
	const from = at.currentTime + after;
	const tone = at.createOscillator();
	const volume = at.createGain();
	tone.type = 'square';
	tone.frequency.value = pitch;
	volume.gain.setValueAtTime(0.12, from);
	volume.gain.exponentialRampToValueAtTime(0.001, from + 0.14);
	tone.connect(volume).connect(at.destination);
	tone.start(from);
	tone.stop(from + 0.15);
}
