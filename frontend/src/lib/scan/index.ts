import { normalizeBarcode } from './barcode';
import { Detector, defaults, type ScanOptions } from './detector';

export { checkDigit, isGtin, normalizeBarcode, sameBarcode } from './barcode';
export type { ScanOptions, Suffix } from './detector';

type Listener = (code: string) => void;
type TextField = HTMLInputElement | HTMLTextAreaElement;

interface Snapshot {
	field: TextField;
	value: string;
}

const storage = 'onhand.scanner';
const listeners: Listener[] = [];
let detector = new Detector(read());
let snapshot: Snapshot | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls back with every scanned code, whatever has the focus; the newest listener alone hears it, so a
 * dialog goes before its page. Returns how to stop. In a component: `$effect(() => onscan(add))`.
 */
export function onscan(listener: Listener): () => void {
	if (listeners.length === 0) window.addEventListener('keydown', onkey, true);
	listeners.push(listener);
	return () => {
		listeners.splice(listeners.indexOf(listener), 1);
		if (listeners.length === 0) window.removeEventListener('keydown', onkey, true);
	};
}

/** The same as an attachment: `<div {@attach scanning(add)}>`. */
export function scanning(listener: Listener) {
	return () => onscan(listener);
}

/** As if the code had been scanned: for the camera and for tests. */
export function scanned(code: string) {
	listeners.at(-1)?.(normalizeBarcode(code));
}

/** The scanner of this device. */
export function configureScanner(options: Partial<ScanOptions>) {
	detector = new Detector({ ...detector.options, ...options });
	localStorage.setItem(storage, JSON.stringify(detector.options));
}

export function scannerOptions(): ScanOptions {
	return detector.options;
}

function read(): ScanOptions {
	if (typeof localStorage === 'undefined') return defaults;
	try {
		return { ...defaults, ...JSON.parse(localStorage.getItem(storage) ?? '{}') };
	} catch {
		return defaults;
	}
}

function onkey(e: KeyboardEvent) {
	if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
	if (e.key === 'Enter' || e.key === 'Tab') {
		clearTimeout(timer);
		const code = detector.end(e.key === 'Enter' ? 'enter' : 'tab', e.timeStamp);
		if (code) {
			e.preventDefault();
			e.stopImmediatePropagation();
			finish(code);
		}
		return;
	}
	// Shift and its like arrive between the letters of a scan.
	if ([...e.key].length !== 1) return;
	if (e.repeat) return detector.reset();

	detector.key(e.key, e.timeStamp);
	if (detector.length === 1) snapshot = take(e.target);
	// Inside a burst a space must not press the button that has the focus.
	if (e.key === ' ' && detector.run > 2 && !snapshot) e.preventDefault();
	if (detector.options.suffix === 'none') {
		clearTimeout(timer);
		timer = setTimeout(() => {
			const code = detector.idle();
			if (code) finish(code);
		}, detector.patience + 15);
	}
}

function finish(code: string) {
	restore();
	// What took the letters without being a text field (the numpad) undoes them itself.
	window.dispatchEvent(new CustomEvent('onhand:scan'));
	scanned(code);
}

function take(target: EventTarget | null): Snapshot | null {
	const text = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit|range)$/.test(target.type));
	return text ? { field: target as TextField, value: (target as TextField).value } : null;
}

// The letters are already in the field when we know that they were a scan: put back what was there.
function restore() {
	const s = snapshot;
	snapshot = null;
	if (!s || s.field.value === s.value) return;
	s.field.value = s.value;
	s.field.dispatchEvent(new Event('input', { bubbles: true }));
}
