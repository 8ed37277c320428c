import BookCheck from '@lucide/svelte/icons/book-check';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Eraser from '@lucide/svelte/icons/eraser';
import LockOpen from '@lucide/svelte/icons/lock-open';
import PackageSearch from '@lucide/svelte/icons/package-search';
import Send from '@lucide/svelte/icons/send';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import type { Schema } from '$lib/api';
import { duration, quantity } from '$lib/format';
import { m } from '$lib/i18n';
import type { Icon, Tone } from '$lib/ui/types';

export type Job = Schema['Job'];
export type Run = Schema['Run'];

const names: Record<string, { name: () => string; text: () => string; icon: Icon }> = {
	'deliver-mail': { name: m.job_deliver_mail, text: m.job_deliver_mail_text, icon: Send },
	'stock-alerts': { name: m.job_stock_alerts, text: m.job_stock_alerts_text, icon: PackageSearch },
	'daily-summary': { name: m.job_daily_summary, text: m.job_daily_summary_text, icon: ChartColumn },
	'release-holds': { name: m.job_release_holds, text: m.job_release_holds_text, icon: LockOpen },
	'learn-from-sales': { name: m.job_learn_from_sales, text: m.job_learn_from_sales_text, icon: TrendingUp },
	'self-check': { name: m.job_self_check, text: m.job_self_check_text, icon: BookCheck },
	cleanup: { name: m.job_cleanup, text: m.job_cleanup_text, icon: Eraser }
};

export const jobName = (name: string) => names[name]?.name() ?? name;
export const jobText = (name: string) => names[name]?.text() ?? '';
export const jobIcon = (name: string): Icon => names[name]?.icon ?? CircleDot;

/** The settings that say when a job runs (server/jobs.go). */
export type Clock = 'summaryTime' | 'digestTime' | 'selfCheckTime';

/** When it runs, from its line for cron or its time of day. */
export function whenWords(job: Job): string {
	if (job.setting === 'digestTime') return m.jobs_when_digest({ clock: job.clock });
	if (job.clock) return m.jobs_when_daily({ clock: job.clock });
	const [minute, ...rest] = job.schedule.split(' ');
	if (rest.join(' ') !== '* * * *') return job.schedule;
	return minute === '*' ? m.jobs_when_minute() : m.jobs_when_hour({ minute: minute! });
}

const outcomes: Record<Run['outcome'], { text: () => string; tone: Tone }> = {
	running: { text: m.jobs_running, tone: 'blue' },
	done: { text: m.jobs_done, tone: 'green' },
	failed: { text: m.jobs_failed, tone: 'red' }
};

export const outcomeOf = (run: Run) => ({ text: outcomes[run.outcome].text(), tone: outcomes[run.outcome].tone });

/** How long it took: "3 min". */
export function took(run: Run): string {
	if (!run.finishedAt) return '–';
	const ms = new Date(run.finishedAt).getTime() - new Date(run.startedAt).getTime();
	return ms < 1000 ? m.jobs_under_second() : duration(ms);
}

const said: Record<string, (p: Record<string, string>) => string> = {
	failed: () => m.jobs_said_failed(),
	interrupted: () => m.jobs_said_interrupted(),
	mail_delivered: (p) => m.jobs_said_mail_delivered({ sent: p.sent!, failed: p.failed!, given: p.given! }),
	mail_not_set_up: () => m.jobs_said_mail_not_set_up(),
	alerts_told: (p) => m.jobs_said_alerts_told({ opened: p.opened!, mails: p.mails!, covered: p.covered ?? 0 }),
	summary_so_far: (p) => m.jobs_said_summary_so_far({ mails: p.mails! }),
	summaries: (p) => m.jobs_said_summaries({ days: p.days! }),
	holds_released: (p) => m.jobs_said_holds_released({ orders: p.orders! }),
	points_worked_out: (p) => m.jobs_said_points({ points: p.points! }),
	check_sound: () => m.jobs_said_check_sound(),
	check_found: (p) => m.jobs_said_check_found({ findings: p.findings! }),
	cleaned: (p) => m.jobs_said_cleaned({ events: p.events!, sessions: p.sessions!, files: p.files!, mails: p.mails! })
};

/** What a run did, in the language of who reads it. */
export function saidOf(run: Schema['Run']): string {
	const numbers = Object.fromEntries(Object.entries(run.params ?? {}).map(([name, n]) => [name, quantity(Number(n))]));
	return said[run.code]?.(numbers) ?? run.result;
}
