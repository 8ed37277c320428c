// Package jobs does what nobody asks for: the shop's timetable.
package jobs

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/demo"
	"onhand/db/imports"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/db/tasks"
	"onhand/jobs/mail"
)

// timetable is everything that runs by itself. Cron only ticks: what is due is decided from the database, so that nothing
// is left out or done twice when clocks change or the machine was off.
func (j *Jobs) timetable() []job {
	const everyMinute = "* * * * *"
	return []job{
		{name: "deliver-mail", schedule: everyMinute, due: j.mailDue, run: j.deliverMail},
		{name: "stock-alerts", schedule: everyMinute, due: j.alertsDue, run: j.stockAlerts, daily: digests},
		{name: "daily-summary", schedule: everyMinute, due: j.summaryDue, run: j.dailySummary, daily: summaries},
		{name: "learn-from-sales", schedule: everyMinute, due: j.lessonDue, run: j.learnFromSales, daily: salesDays},
		{name: "release-holds", schedule: everyMinute, due: j.holdsDue, run: j.releaseHolds},
		{name: "self-check", schedule: everyMinute, due: j.selfCheckDue, run: j.selfCheck, daily: selfChecks},
		{name: "cleanup", schedule: "17 * * * *", run: j.cleanup},
	}
}

// runTime bounds one run of a job.
const runTime = 10 * time.Minute

// job is one line of the timetable. Its run answers what it did.
type job struct {
	name     string
	schedule string
	// due says whether a tick has anything to do; nil for always.
	due func(context.Context) (bool, error)
	// run does it; by hand it does what somebody expects who presses a button.
	run func(ctx context.Context, byHand bool) (tasks.Said, error)
	// daily says when, for what happens once a day, and by which setting; an empty one where the time is not the owner's.
	daily func(*settings.Settings) (tasks.Daily, string)
	busy  chan struct{} // holds one while the job runs
}

// Options are what main decides for the jobs.
type Options struct {
	// URL is where people reach the shop unless the settings say: what the program was started with.
	URL string
	// Fixed says that URL goes before the settings.
	Fixed bool
	// Roots are who vouches for mail servers; nil for the system's.
	Roots *x509.CertPool
	// Timeouts are how long a mail server may take for each step; zero for the usual ones.
	Timeouts mail.Timeouts
	Log      *slog.Logger
}

// Jobs is the running timetable.
type Jobs struct {
	db      *db.DB
	log     *slog.Logger
	options Options
	secret  *auth.Secret
	jobs    []job
	cron    *cron.Cron

	ctx      context.Context // ends when the jobs are stopped
	cancel   context.CancelFunc
	runs     sync.WaitGroup // those not started by cron
	wake     chan struct{}  // there may be mail, or another way for it
	tried    atomic.Int64   // the version of the settings that mail was last sent with
	unlisten func()
}

// New reads the timetable. It fails on a schedule that cron cannot read.
func New(d *db.DB, o Options) (*Jobs, error) {
	j := &Jobs{db: d, log: o.Log, options: o, secret: auth.NewSecret(d.Dir()), wake: make(chan struct{}, 1), unlisten: func() {}}
	j.ctx, j.cancel = context.WithCancel(asJob(context.Background()))
	logger := cronLog{j.log}
	// Skip stands outside Recover: the other way round a panic would leave the job marked as running for good.
	j.cron = cron.New(cron.WithLogger(logger), cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)))
	for _, line := range j.timetable() {
		line.busy = make(chan struct{}, 1)
		schedule, err := cron.ParseStandard(line.schedule)
		if err != nil {
			return nil, fmt.Errorf("the schedule %q of %s: %w", line.schedule, line.name, err)
		}
		j.jobs = append(j.jobs, line)
		j.cron.Schedule(schedule, cron.FuncJob(func() { j.tick(line) }))
	}
	return j, nil
}

// asJob lets the jobs act themselves, for all stores: whoever runs one by hand may see only some.
func asJob(ctx context.Context) context.Context {
	return db.WithActor(ctx, db.Actor{Kind: db.JobActor, Name: "Onhand"})
}

// Start begins ticking, and mends what a stopped process left undone.
func (j *Jobs) Start() {
	began := db.TimeOf(j.db.Now())
	j.unlisten = j.db.Listen(func(e db.Event) {
		if e.Topic == outbox.Topic || e.Topic == "settings" {
			select {
			case j.wake <- struct{}{}:
			default:
			}
		}
	})
	j.runs.Go(func() {
		j.recover(began)
		j.cron.Start()
		for _, line := range j.jobs { // what fell due while the machine was off does not wait for the minute
			if line.due != nil {
				j.runs.Go(func() { j.tick(line) })
			}
		}
		for {
			select {
			case <-j.ctx.Done():
				return
			case <-j.wake:
				j.tick(j.jobs[0])
			}
		}
	})
}

// recover marks runs that were cut off, takes back what was being imported, and lets mail leave that was being sent.
func (j *Jobs) recover(began db.Time) {
	ctx := context.WithoutCancel(j.ctx)
	if err := tasks.Interrupt(ctx, j.db, began); err != nil {
		j.log.Warn("interrupted jobs were not marked", "error", err)
	}
	if err := outbox.Release(ctx, j.db); err != nil {
		j.log.Warn("interrupted mail was not given back", "error", err)
	}
	_, err := safely(j.ctx, func(ctx context.Context) (bool, error) { return false, imports.TakeUp(ctx, j.db) })
	if err != nil && j.ctx.Err() == nil {
		j.log.Error("an interrupted import was not taken back", "error", err)
	}
	if err := demo.TakeBack(ctx, j.db); err != nil {
		j.log.Error("an interrupted demo was not taken back", "error", err)
	}
}

// Stop ends the timetable and waits, until ctx ends, for what is running.
func (j *Jobs) Stop(ctx context.Context) error {
	j.unlisten()
	j.cancel()
	stopped := make(chan struct{})
	go func() {
		j.runs.Wait()
		<-j.cron.Stop().Done()
		close(stopped)
	}()
	select {
	case <-stopped:
		return nil
	case <-ctx.Done():
		return errors.New("a job did not stop in time")
	}
}

// shown is how many of the next runs are told.
const shown = 5

// Timetable is the jobs in their order, with when they run next.
func (j *Jobs) Timetable(ctx context.Context) ([]tasks.Planned, error) {
	now := db.TimeOf(j.db.Now())
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return nil, err
	}
	lines := make([]tasks.Planned, len(j.jobs))
	for i, line := range j.jobs {
		p := tasks.Planned{Name: line.name, Schedule: line.schedule}
		if line.daily != nil {
			daily, setting := line.daily(s)
			p.Clock, p.Setting = daily.Clock, setting
			if p.Next, err = daily.Next(now, shown); err != nil {
				return nil, err
			}
		} else if schedule, err := cron.ParseStandard(line.schedule); err == nil {
			for at := now.Time(); len(p.Next) < shown; {
				at = schedule.Next(at)
				p.Next = append(p.Next, db.TimeOf(at))
			}
		}
		lines[i] = p
	}
	return lines, nil
}

// Run runs a job now, after the run under way if there is one, and answers when it is done. It fails with not_found, and
// with job_running when ctx ends before it was its turn.
func (j *Jobs) Run(ctx context.Context, name string) (*tasks.Run, error) {
	for _, line := range j.jobs {
		if line.name == name {
			j.runs.Add(1)
			defer j.runs.Done()
			return j.do(ctx, line, true)
		}
	}
	return nil, db.NotFound("job")
}

// tick runs a job if there is anything to do.
func (j *Jobs) tick(line job) {
	if line.due != nil {
		due, err := safely(j.ctx, line.due)
		if err != nil && j.ctx.Err() == nil && db.CodeOf(err) != "not_set_up" {
			j.log.Error("what is due was not found", "job", line.name, "error", err)
		}
		if err != nil || !due {
			return
		}
	}
	if _, err := j.do(j.ctx, line, false); err != nil && db.CodeOf(err) != codeRunning && j.ctx.Err() == nil {
		j.log.Error("job failed", "job", line.name, "error", err)
	}
}

const codeRunning = "job_running"

// do runs a job once and remembers it. A job that fails is a run with that outcome, not an error of the caller.
func (j *Jobs) do(ctx context.Context, line job, byHand bool) (*tasks.Run, error) {
	if !line.turn(ctx, byHand) {
		return nil, db.Errorf(db.Conflict, codeRunning, "The job %s is running already. Wait until it is done.", line.name)
	}
	defer func() { <-line.busy }()
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	run, err := tasks.Begin(ctx, j.db, line.name)
	if err != nil {
		return nil, err
	}
	outcome := tasks.Done
	result, err := safely(ctx, func(ctx context.Context) (tasks.Said, error) { return line.run(ctx, byHand) })
	if err != nil {
		outcome, result = tasks.Failed, said("failed")
		j.log.Error("job failed", "job", line.name, "run", run.ID, "error", err)
	}
	return run, tasks.Finish(context.WithoutCancel(ctx), j.db, run, outcome, result)
}

// turn waits for the run under way when somebody asked for another; a tick lets it pass.
func (l job) turn(ctx context.Context, byHand bool) bool {
	if !byHand {
		select {
		case l.busy <- struct{}{}:
			return true
		default:
			return false
		}
	}
	select {
	case l.busy <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// safely turns a panic into an error, so that the run is written down as failed.
func safely[T any](ctx context.Context, run func(context.Context) (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return run(ctx)
}

// cronLog lets cron speak through our log: its chatter at the level of debugging.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, pairs ...any) { l.log.Debug("timetable: "+msg, pairs...) }

func (l cronLog) Error(err error, msg string, pairs ...any) {
	l.log.Error("timetable: "+msg, append(pairs, "error", err)...)
}
