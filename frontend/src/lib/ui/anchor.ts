interface Options {
	/** The element it stands at. */
	to: HTMLElement;
	/** As wide as what it stands at. */
	match?: boolean;
	align?: 'start' | 'end' | 'center';
	/** Beside it, ending at its lower edge, where there is room. */
	beside?: boolean;
	gap?: number;
}

/** Shows a popover in the top layer, below its anchor or above it where there is more room. */
export function anchored(node: HTMLElement, options: Options) {
	const { to, match = false, align = 'start', beside = false, gap = 4 } = options;
	const highest = 440;

	function place() {
		const a = to.getBoundingClientRect();
		const view = window.visualViewport;
		const height = view?.height ?? window.innerHeight;
		const width = document.documentElement.clientWidth;
		const below = height - a.bottom - gap - 8;
		const above = a.top - gap - 8;
		node.style.maxHeight = '';
		if (match) node.style.width = `${a.width}px`;
		const rtl = getComputedStyle(to).direction === 'rtl';
		if (beside) {
			const own = node.getBoundingClientRect();
			const left = rtl ? a.left - gap - own.width : a.right + gap;
			if (left > 8 && left + own.width < width - 8) {
				node.style.left = `${left}px`;
				node.style.top = `${Math.max(8, a.bottom - own.height)}px`;
				return;
			}
		}
		const wanted = Math.min(node.scrollHeight + 2, highest);
		const up = below < wanted && above > below;
		node.style.maxHeight = `${Math.max(96, Math.min(highest, up ? above : below))}px`;
		const own = node.getBoundingClientRect();
		const left =
			align === 'center'
				? a.left + a.width / 2 - own.width / 2
				: (align === 'start') !== rtl
					? a.left
					: a.right - own.width;
		node.style.left = `${Math.max(8, Math.min(left, width - own.width - 8))}px`;
		node.style.top = `${up ? a.top - gap - own.height : a.bottom + gap}px`;
	}

	node.popover = 'manual';
	node.showPopover?.();
	place();
	const watch = new ResizeObserver(place);
	watch.observe(node);
	watch.observe(to);
	window.addEventListener('scroll', place, { capture: true, passive: true });
	window.addEventListener('resize', place);
	return {
		destroy() {
			watch.disconnect();
			window.removeEventListener('scroll', place, { capture: true });
			window.removeEventListener('resize', place);
		}
	};
}
