interface Drag {
	start: (e: PointerEvent) => void;
	move: (e: PointerEvent) => void;
	drop: () => void;
	cancel: () => void;
}

type Handled = PointerEvent & { currentTarget: HTMLElement };

/** What a handle is spread with that a finger or a mouse moves things by; it also wants `touch-action: none`. */
export function drag({ start, move, drop, cancel }: Drag) {
	const held = (e: Handled) => e.currentTarget.hasPointerCapture(e.pointerId);
	return {
		onpointerdown: (e: Handled) => {
			if (e.button !== 0) return;
			e.currentTarget.setPointerCapture(e.pointerId);
			start(e);
		},
		onpointermove: (e: Handled) => void (held(e) && move(e)),
		onpointerup: (e: Handled) => void (held(e) && drop()),
		onpointercancel: cancel
	};
}
