import { beforeNavigate, goto } from '$app/navigation';
import { m } from '$lib/i18n';
import { confirm } from '$lib/ui/confirm.svelte';

/** Asks before what was typed is left behind; called while a page is made. */
export function leaveGuard(changed: () => boolean) {
	let leaving = false;
	beforeNavigate(({ cancel, to, willUnload }) => {
		if (leaving || !changed()) return;
		cancel();
		if (!willUnload && to) void ask(to.url);
	});

	async function ask(url: URL) {
		leaving = await confirm({ title: m.settings_leave(), text: m.settings_leave_text(), action: m.settings_leave_action(), danger: true });
		if (leaving) await goto(url);
	}
}
