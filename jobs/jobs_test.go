package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/imports"
	"onhand/db/tasks"
	"onhand/jobs"
)

func open(t *testing.T, now func() time.Time, log *slog.Logger) (*db.DB, *jobs.Jobs) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	j, err := jobs.New(d, jobs.Options{Log: log, URL: "http://shop.test"})
	if err != nil {
		t.Fatal(err)
	}
	return d, j
}

func TestCleanupRemovesWhatIsPastKeeping(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	d, j := open(t, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	emit := func() {
		t.Helper()
		if err := db.Write(t.Context(), d, func(tx *db.Tx) error { return tx.Emit("orders", 1, 1) }); err != nil {
			t.Fatal(err)
		}
	}
	emit()
	now = now.Add(8 * 24 * time.Hour)
	emit()
	run, err := j.Run(t.Context(), "cleanup")
	if err != nil || run.Outcome != tasks.Done || run.FinishedAt == nil {
		t.Fatalf("run %+v, %v", run, err)
	}
	events, err := db.Events(t.Context(), d, 0, 10)
	if err != nil || len(events) != 2 || events[0].ID != 2 || events[1].Topic != "jobs" {
		t.Errorf("what is left: %+v, %v", events, err)
	}
	last, err := tasks.Last(t.Context(), d)
	if err != nil || last["cleanup"].ID != run.ID || !strings.HasPrefix(last["cleanup"].Result, "Removed: 1 events") {
		t.Errorf("remembered: %+v, %v", last, err)
	}
}

func TestAJobThatFailsOrPanicsIsRemembered(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(context.Context) (string, error){
		"fails":  func(context.Context) (string, error) { return "", errors.New("no luck") },
		"panics": func(context.Context) (string, error) { panic("no luck") },
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			d, j := open(t, time.Now, slog.New(slog.NewTextHandler(&log, nil)))
			j.Add("luck", "@yearly", run)
			r, err := j.Run(t.Context(), "luck")
			if err != nil || r.Outcome != tasks.Failed || strings.Contains(r.Result, "no luck") {
				t.Errorf("run %+v, %v", r, err)
			}
			if n := strings.Count(log.String(), "no luck"); n != 1 {
				t.Errorf("the log says why %d times: %s", n, log.String())
			}
			last, err := tasks.Last(t.Context(), d)
			if err != nil || last["luck"].Outcome != tasks.Failed {
				t.Errorf("remembered %+v, %v", last, err)
			}
		})
	}
}

func TestAJobRunsOnceAtATime(t *testing.T) {
	t.Parallel()
	_, j := open(t, time.Now, slog.New(slog.DiscardHandler))
	working, finish := make(chan struct{}, 2), make(chan struct{})
	j.Add("slow", "@yearly", func(context.Context) (string, error) { working <- struct{}{}; <-finish; return "done.", nil })
	done := make(chan error, 2)
	go func() { _, err := j.Run(context.Background(), "slow"); done <- err }()
	<-working
	j.Tick("slow") // lets it pass
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := j.Run(short, "slow"); db.CodeOf(err) != "job_running" {
		t.Errorf("the second run: %v", err)
	}
	if _, err := j.Run(t.Context(), "nothing"); db.CodeOf(err) != "not_found" {
		t.Errorf("a job that does not exist: %v", err)
	}
	go func() { _, err := j.Run(context.Background(), "slow"); done <- err }() // by hand it waits for its turn
	if len(working) != 0 {
		t.Error("it runs twice at a time")
	}
	close(finish)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestAJobThatHangsLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	_, j := open(t, time.Now, slog.New(slog.DiscardHandler))
	hanging, goOn := make(chan struct{}), make(chan struct{})
	j.Add("hangs", "@yearly", func(context.Context) (string, error) { close(hanging); <-goOn; return "", nil })
	j.Add("panics", "@yearly", func(context.Context) (string, error) { panic("a bug") })
	go j.Tick("hangs")
	<-hanging
	for range 2 {
		if r, err := j.Run(t.Context(), "panics"); err != nil || r.Outcome != tasks.Failed {
			t.Errorf("the one that panics: %+v, %v", r, err)
		}
		if r, err := j.Run(t.Context(), "cleanup"); err != nil || r.Outcome != tasks.Done {
			t.Errorf("another: %+v, %v", r, err)
		}
	}
	late, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := j.Stop(late); err == nil {
		t.Error("stopping did not wait for the job in hand")
	}
	close(goOn)
	if err := j.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStoppingWaitsForWhatRuns(t *testing.T) {
	t.Parallel()
	_, j := open(t, time.Now, slog.New(slog.DiscardHandler))
	working := make(chan struct{})
	j.Add("patient", "@yearly", func(ctx context.Context) (string, error) { close(working); <-ctx.Done(); return "", ctx.Err() })
	j.Start()
	go j.Tick("patient")
	<-working
	if err := j.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestARunThatWasCutOffIsMarked(t *testing.T) {
	t.Parallel()
	now := time.Now()
	d, j := open(t, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if _, err := tasks.Begin(t.Context(), d, "cleanup"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	j.Start()
	if err := j.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	last, err := tasks.Last(t.Context(), d)
	if err != nil || last["cleanup"].Outcome != tasks.Failed {
		t.Errorf("remembered %+v, %v", last, err)
	}
}

func TestAnImportThatWasCutOffIsTakenBackAfterTheStart(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	m, err := imports.Preview(s.Ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "mugs.csv", File: strings.NewReader("Type,SKU,Name,Regular price\nsimple,MUG,Mug,5\n")})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE imports SET status = 'running' WHERE id = ?1", m.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	j, err := jobs.New(s.DB, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan struct{})
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic == "imports" {
			close(told)
		}
	}))
	j.Start()
	<-told
	if err := j.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, err := imports.ByID(s.Ctx, s.DB, m.ID); err != nil || now.Status != imports.Failed || now.Failure == "" {
		t.Errorf("the import is %+v, %v", now, err)
	}
}

func TestTheTimetableSaysWhatComesNext(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	j, err := jobs.New(s.DB, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := j.Timetable(t.Context())
	if err != nil || len(lines) != 7 {
		t.Fatalf("%+v, %v", lines, err)
	}
	zone, _ := time.LoadLocation("Europe/Berlin")
	for _, line := range lines {
		if len(line.Next) != 5 || line.Next[0] <= db.TimeOf(s.Now()) || line.Next[4] <= line.Next[0] {
			t.Errorf("%s runs next at %v", line.Name, line.Next)
		}
		if line.Clock != "" && line.Next[0].Time().In(zone).Format("15:04") != line.Clock {
			t.Errorf("%s at %s runs at %v", line.Name, line.Clock, line.Next[0].Time().In(zone))
		}
	}
}
