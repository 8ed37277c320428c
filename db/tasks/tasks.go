// Package tasks remembers what the jobs did.
package tasks

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
)

// Outcome says how a run went.
type Outcome string

// The outcomes of a run. One that is still running when the process starts was cut off.
const (
	Running Outcome = "running"
	Done    Outcome = "done"
	Failed  Outcome = "failed"
)

// Run is one run of a job.
type Run struct {
	ID         int64    `json:"id"`
	Job        string   `json:"job"`
	StartedAt  db.Time  `json:"startedAt"`
	FinishedAt *db.Time `json:"finishedAt"`
	Outcome    Outcome  `json:"outcome" enum:"running,done,failed"`
	// Result is one plain sentence; Code and Params say the same for other languages.
	Result string    `json:"result"`
	Code   string    `json:"code" doc:"of the result; empty for one that has only words"`
	Params RunParams `json:"params" doc:"the numbers of the result"`
}

// RunParams are numbers by name: a JSON object in the file.
type RunParams map[string]int64

// Scan reads them from the file.
func (p *RunParams) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("numbers of type %T", v)
	}
	return json.Unmarshal([]byte(s), p)
}

// Said is what a run did.
type Said struct {
	Text   string
	Code   string
	Params RunParams
}

// Planned is a line of the timetable.
type Planned struct {
	Name     string
	Schedule string // for cron: minute, hour, day, month, weekday
	// Clock is when a daily job runs in the shop's zone, as 07:00, and Setting the setting that says so; empty for others.
	Clock, Setting string
	Next           []db.Time
}

const keepRuns = 100 // of each job

// Begin notes that a job has started.
func Begin(ctx context.Context, d *db.DB, job string) (*Run, error) {
	run := &Run{Job: job, Outcome: Running, Params: RunParams{}}
	err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
		run.StartedAt = tx.Now
		run.ID, err = tx.Insert("INSERT INTO job_runs (job, started_at, outcome, result) VALUES (?1, ?2, ?3, '')", job, tx.Now, string(Running))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("note the start of %s: %w", job, err)
	}
	return run, nil
}

// Finish notes how a run ended, and forgets the oldest runs of its job.
func Finish(ctx context.Context, d *db.DB, run *Run, outcome Outcome, said Said) error {
	if said.Params == nil {
		said.Params = RunParams{}
	}
	params, err := json.Marshal(said.Params)
	if err != nil {
		return err
	}
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		now := tx.Now
		if _, err := tx.Exec("UPDATE job_runs SET finished_at = ?2, outcome = ?3, result = ?4, code = ?5, params = ?6 WHERE id = ?1", run.ID, now, string(outcome), said.Text, said.Code, string(params)); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM job_runs WHERE job = ?1 AND id <= (
			SELECT id FROM job_runs WHERE job = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`, run.Job, keepRuns)
		if err != nil {
			return err
		}
		run.FinishedAt, run.Outcome, run.Result, run.Code, run.Params = &now, outcome, said.Text, said.Code, said.Params
		return tx.Emit("jobs", run.ID, 1)
	})
	if err != nil {
		return fmt.Errorf("note the end of %s: %w", run.Job, err)
	}
	return nil
}

// Last is the latest run of each job, by its name.
func Last(ctx context.Context, d *db.DB) (map[string]Run, error) {
	var rows []Run
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, `SELECT id, job, started_at, finished_at, outcome, result, code, params FROM job_runs
			WHERE id IN (SELECT max(id) FROM job_runs GROUP BY job)`)
	})
	if err != nil {
		return nil, fmt.Errorf("read the runs of jobs: %w", err)
	}
	last := make(map[string]Run, len(rows))
	for _, r := range rows {
		last[r.Job] = r
	}
	return last, nil
}

// Runs are those of a job, the latest first.
func Runs(ctx context.Context, d *db.DB, job string, l db.List) (db.Page[Run], error) {
	before := int64(1<<63 - 1)
	if _, err := db.ReadCursor(l.After, &before); err != nil {
		return db.Page[Run]{}, err
	}
	var rows []Run
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT id, job, started_at, finished_at, outcome, result, code, params FROM job_runs WHERE job = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3", job, before, l.Size()+1)
	})
	if err != nil {
		return db.Page[Run]{}, fmt.Errorf("read the runs of a job: %w", err)
	}
	return db.PageOf(rows, l.Size(), func(r Run) string { return db.Cursor(r.ID) }), nil
}

// Interrupt marks the runs begun before a moment, which a stopped process left behind, as failed.
func Interrupt(ctx context.Context, d *db.DB, before db.Time) error {
	err := db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE job_runs SET outcome = ?1, finished_at = ?2, result = 'Onhand stopped before it was done.', code = 'interrupted' WHERE outcome = ?3 AND started_at < ?4",
			string(Failed), tx.Now, string(Running), before)
		return err
	})
	if err != nil {
		return fmt.Errorf("mark interrupted jobs: %w", err)
	}
	return nil
}
