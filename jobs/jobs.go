// Package jobs does what nobody asks for: the shop's timetable.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/tasks"
)

// timetable is everything that runs by itself, in the machine's zone. What is due is decided from the database;
// cron only ticks.
func (j *Jobs) timetable() []job {
	return []job{
		{name: "cleanup", schedule: "17 * * * *", run: j.cleanup},
	}
}

// runTime bounds one run of a job.
const runTime = 10 * time.Minute

// job is one line of the timetable. Its run answers one plain sentence about what it did.
type job struct {
	name     string
	schedule string
	run      func(context.Context) (string, error)
	busy     *sync.Mutex
}

// Jobs is the running timetable.
type Jobs struct {
	db   *db.DB
	log  *slog.Logger
	jobs []job
	cron *cron.Cron

	ctx    context.Context // ends when the jobs are stopped
	cancel context.CancelFunc
	runs   sync.WaitGroup // those started by hand
}

// New reads the timetable. It fails on a schedule that cron cannot read.
func New(d *db.DB, log *slog.Logger) (*Jobs, error) {
	j := &Jobs{db: d, log: log}
	j.ctx, j.cancel = context.WithCancel(db.WithActor(context.Background(), db.Actor{Kind: db.JobActor, Name: "jobs"}))
	logger := cronLog{log}
	// Skip stands outside Recover: the other way round a panic would leave the job marked as running for good.
	j.cron = cron.New(cron.WithLogger(logger), cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)))
	for _, line := range j.timetable() {
		line.busy = new(sync.Mutex)
		schedule, err := cron.ParseStandard(line.schedule)
		if err != nil {
			return nil, fmt.Errorf("the schedule %q of %s: %w", line.schedule, line.name, err)
		}
		j.jobs = append(j.jobs, line)
		j.cron.Schedule(schedule, cron.FuncJob(func() { j.tick(line) }))
	}
	return j, nil
}

// Start begins ticking, and marks what a stopped process left undone.
func (j *Jobs) Start() {
	began := db.TimeOf(j.db.Now())
	j.cron.Start()
	j.runs.Go(func() {
		if err := tasks.Interrupt(context.WithoutCancel(j.ctx), j.db, began); err != nil {
			j.log.Warn("interrupted jobs were not marked", "error", err)
		}
		_, err := safely(j.ctx, func(ctx context.Context) (string, error) { return "", imports.TakeUp(ctx, j.db) })
		if err != nil && j.ctx.Err() == nil {
			j.log.Error("an interrupted import was not taken back", "error", err)
		}
	})
}

// Stop ends the timetable and waits, until ctx ends, for what is running.
func (j *Jobs) Stop(ctx context.Context) error {
	ticking := j.cron.Stop()
	j.cancel()
	stopped := make(chan struct{})
	go func() {
		<-ticking.Done()
		j.runs.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
		return nil
	case <-ctx.Done():
		return errors.New("a job did not stop in time")
	}
}

// Names are the jobs in the order of the timetable, each with its schedule.
func (j *Jobs) Names() (names, schedules []string) {
	for _, line := range j.jobs {
		names, schedules = append(names, line.name), append(schedules, line.schedule)
	}
	return names, schedules
}

// Run runs a job now and answers when it is done. It fails with not_found, and with job_running when it runs already.
func (j *Jobs) Run(ctx context.Context, name string) (*tasks.Run, error) {
	for _, line := range j.jobs {
		if line.name == name {
			j.runs.Add(1)
			defer j.runs.Done()
			return j.do(ctx, line)
		}
	}
	return nil, db.NotFound("job")
}

func (j *Jobs) tick(line job) {
	if _, err := j.do(j.ctx, line); err != nil && db.CodeOf(err) != codeRunning {
		j.log.Error("job failed", "job", line.name, "error", err)
	}
}

const codeRunning = "job_running"

// do runs a job once and remembers it. A job that fails is a run with that outcome, not an error of the caller.
func (j *Jobs) do(ctx context.Context, line job) (*tasks.Run, error) {
	if !line.busy.TryLock() {
		return nil, db.Errorf(db.Conflict, codeRunning, "The job %s is running already. Wait until it is done.", line.name)
	}
	defer line.busy.Unlock()
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	run, err := tasks.Begin(ctx, j.db, line.name)
	if err != nil {
		return nil, err
	}
	outcome := tasks.Done
	result, err := safely(ctx, line.run)
	if err != nil {
		outcome, result = tasks.Failed, "It failed; the log says why."
		j.log.Error("job failed", "job", line.name, "run", run.ID, "error", err)
	}
	return run, tasks.Finish(context.WithoutCancel(ctx), j.db, run, outcome, result)
}

// safely turns a panic into an error, so that the run is written down as failed.
func safely(ctx context.Context, run func(context.Context) (string, error)) (result string, err error) {
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
