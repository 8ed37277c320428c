package db_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db"
)

// clock is a time that stands still until a test moves it.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(time.Date(2026, 11, 20, 12, 30, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) Now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) Forward(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// open opens a shop in a folder of its own, with a table to scribble in.
func open(t testing.TB, change ...func(*db.Options)) *db.DB {
	t.Helper()
	o := db.Options{Dir: t.TempDir(), Now: newClock().Now}
	for _, c := range change {
		c(&o)
	}
	file := filepath.Join(o.Dir, db.FileName)
	if _, err := os.Stat(file); err != nil {
		if err := os.WriteFile(file, ready(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := db.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// ready is a file with its schema and the table, made once: making it is most of
// what a test would do.
var ready = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "ready")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE scratch (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB) STRICT")
		return err
	})
	if err := errors.Join(err, d.Close()); err != nil {
		panic(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, db.FileName))
	if err != nil {
		panic(err)
	}
	return b
})

// tester is what the helpers need of a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}

func write(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), d, fn); err != nil {
		t.Fatal(err)
	}
}

// put is a write of one named row.
func put(tx *db.Tx, name string) error {
	_, err := tx.Exec("INSERT INTO scratch (name) VALUES (?1)", name)
	return err
}

// names are the rows that landed, in order, as one string.
func names(t tester, d *db.DB) string {
	t.Helper()
	var all []string
	err := db.Read(context.Background(), d, func(tx *db.Tx) error {
		return tx.Select(&all, "SELECT name FROM scratch ORDER BY id")
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func eventCount(t testing.TB, d *db.DB) int {
	t.Helper()
	all, err := db.Events(allStores(), d, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func allStores() context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 1, Name: "Ada"})
}

// outcome is how a call came back to its caller.
type outcome struct {
	err      error
	panicked any
	exited   bool
}

func (o outcome) landed() bool { return o.err == nil && o.panicked == nil && !o.exited }

func run(call func() error) (o outcome) {
	done := make(chan struct{})
	go func() {
		o.exited = true
		defer close(done)
		defer func() {
			if o.panicked = recover(); o.panicked != nil {
				o.exited = false
			}
		}()
		o.err = call()
		o.exited = false
	}()
	<-done
	return o
}

// hold occupies the writer until release, so that what is written meanwhile
// shares the next batch.
func hold(t tester, d *db.DB) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	var err error
	var wg sync.WaitGroup
	wg.Go(func() {
		err = db.Write(context.Background(), d, func(*db.Tx) error {
			close(held)
			<-let
			return nil
		})
	})
	<-held
	return func() {
		close(let)
		wg.Wait()
		if err != nil {
			t.Errorf("the holding write: %v", err)
		}
	}
}

// oneBatch makes the calls in one batch, in their order.
func oneBatch(t tester, d *db.DB, calls ...func() error) []outcome {
	t.Helper()
	release := hold(t, d)
	out := make([]outcome, len(calls))
	var wg sync.WaitGroup
	for i, call := range calls {
		wg.Go(func() { out[i] = run(call) })
		awaitQueued(d, i+1)
	}
	release()
	wg.Wait()
	return out
}

func awaitQueued(d *db.DB, n int) {
	for d.Queued() < n {
		runtime.Gosched()
	}
}

// writing is a call that writes with fn.
func writing(d *db.DB, fn func(*db.Tx) error) func() error {
	return func() error { return db.Write(context.Background(), d, fn) }
}

func wantCode(t testing.TB, err error, kind db.Kind, code string) {
	t.Helper()
	var e *db.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Errorf("got %v, want %s (kind %d)", err, code, kind)
	}
}

func logTo(w io.Writer) func(*db.Options) {
	return func(o *db.Options) { o.Log = slog.New(slog.NewTextHandler(w, nil)) }
}
