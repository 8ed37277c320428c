import { beforeNavigate, goto } from '$app/navigation';
import { m } from '$lib/i18n';
import { confirm } from '$lib/ui/confirm.svelte';

/** Asks before what was typed is lost. Called once while the page is set up; the answer lets one navigation pass. */
export function guard(unsaved: () => boolean) {
	let free = false;
	beforeNavigate(({ cancel, to, willUnload }) => {
		if (free || !unsaved()) return;
		cancel();
		if (willUnload || !to) return;
		void ask(to.url);
	});

	async function ask(url: URL) {
		const leave = await confirm({
			title: m.common_leave(),
			text: m.common_leave_text(),
			action: m.common_leave_action(),
			danger: true
		});
		if (!leave) return;
		free = true;
		await goto(url);
	}
}
