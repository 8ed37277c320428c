import BookCheck from '@lucide/svelte/icons/book-check';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Eraser from '@lucide/svelte/icons/eraser';
import LockOpen from '@lucide/svelte/icons/lock-open';
import PackageSearch from '@lucide/svelte/icons/package-search';
import Send from '@lucide/svelte/icons/send';
import type { Schema } from '$lib/api';
import { duration } from '$lib/format';
import { m } from '$lib/i18n';
import type { Icon, Tone } from '$lib/ui/types';

export type Job = Schema['Job'];
export type Run = Schema['Run'];

const names: Record<string, { name: () => string; text: () => string; icon: Icon }> = {
	'deliver-mail': { name: m.job_deliver_mail, text: m.job_deliver_mail_text, icon: Send },
	'stock-alerts': { name: m.job_stock_alerts, text: m.job_stock_alerts_text, icon: PackageSearch },
	'daily-summary': { name: m.job_daily_summary, text: m.job_daily_summary_text, icon: ChartColumn },
	'release-holds': { name: m.job_release_holds, text: m.job_release_holds_text, icon: LockOpen },
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
