import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleX from '@lucide/svelte/icons/circle-x';
import Clock from '@lucide/svelte/icons/clock';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import Send from '@lucide/svelte/icons/send';
import type { Schema } from '$lib/api';
import { m } from '$lib/i18n';
import type { Icon, Tone } from '$lib/ui/types';

type Email = Schema['Email'];

/** Where a delivery ended (jobs/mail/failure.go), as the head of what went wrong. */
const steps: Record<string, () => string> = {
	connect: m.step_connect,
	greeting: m.step_greeting,
	hello: m.step_greeting,
	starttls: m.step_starttls,
	certificate: m.step_certificate,
	'sign-in': m.step_sign_in,
	sender: m.step_sender,
	recipient: m.step_recipient,
	data: m.step_data,
	dot: m.step_data,
	wording: m.step_wording
};

/** What to do about it, by the codes of jobs/mail/hints.go. */
const hints: Record<string, () => string> = {
	refused_connection: m.hint_refused_connection,
	unknown_host: m.hint_unknown_host,
	timeout: m.hint_timeout,
	tls_port: m.hint_tls_port,
	no_starttls: m.hint_no_starttls,
	starttls_needed: m.hint_starttls_needed,
	bad_certificate: m.hint_bad_certificate,
	no_auth_offered: m.hint_no_auth_offered,
	password_in_clear: m.hint_password_in_clear,
	wrong_password: m.hint_wrong_password,
	auth_needed: m.hint_auth_needed,
	sender_refused: m.hint_sender_refused,
	recipient_refused: m.hint_recipient_refused,
	ascii_only: m.hint_ascii_only,
	greylisted: m.hint_greylisted,
	too_big: m.hint_too_big,
	busy: m.hint_busy,
	hung_up: m.hint_hung_up,
	too_late: m.hint_too_late,
	given_up: m.hint_given_up
};

/** All kinds of mail (jobs/mail/render.go), in their order. */
const kinds: Record<string, () => string> = {
	'order-confirmed': m.kind_order_confirmed,
	'order-shipped': m.kind_order_shipped,
	'order-ready': m.kind_order_ready,
	'order-cancelled': m.kind_order_cancelled,
	'order-covered': m.kind_order_covered,
	'order-expired': m.kind_order_expired,
	'order-refunded': m.kind_order_refunded,
	'purchase-order': m.kind_purchase_order,
	'new-orders': m.kind_new_orders,
	'stock-digest': m.kind_stock_digest,
	'daily-summary': m.kind_daily_summary,
	'registration-received': m.kind_registration_received,
	'registration-pending': m.kind_registration_pending,
	'registration-approved': m.kind_registration_approved,
	'registration-rejected': m.kind_registration_rejected,
	'password-reset': m.kind_password_reset,
	'mail-broken': m.kind_mail_broken,
	'self-check': m.kind_self_check,
	test: m.kind_test
};

export const stepName = (step: string) => (steps[step] ?? m.step_other)();
export const hintText = (hint: string) => (hints[hint] ?? m.hint_other)();
export const kindName = (kind: string) => kinds[kind]?.() ?? kind;
export const kindNames = Object.entries(kinds).map(([value, label]) => ({ value, label }));
export const known = { hints: Object.keys(hints), steps: Object.keys(steps), kinds: Object.keys(kinds) };

/** How a mail stands: one that failed before waits in amber. */
export function statusOf(e: Pick<Email, 'status' | 'attempts'>): { text: string; tone: Tone; icon: Icon } {
	switch (e.status) {
		case 'sent':
			return { text: m.outbox_sent(), tone: 'green', icon: CircleCheck };
		case 'dead':
			return { text: m.outbox_dead(), tone: 'red', icon: CircleX };
		case 'sending':
			return { text: m.outbox_sending(), tone: 'blue', icon: Send };
		case 'queued':
			return e.attempts ? { text: m.outbox_retrying(), tone: 'amber', icon: RotateCw } : { text: m.outbox_waiting(), tone: 'neutral', icon: Clock };
	}
}
