/** How much waits for somebody to see it: in front of every page's name, where a tab in the background shows it. */
export const waiting = $state({ count: 0 });
