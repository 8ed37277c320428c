package db_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"

	"onhand/db"
)

func TestWritesQueuedWhileTheWriterIsBusyShareOneCommit(t *testing.T) {
	t.Parallel()
	d := open(t)
	commits, writes := d.Batches()
	var calls []func() error
	for range 100 {
		calls = append(calls, writing(d, func(tx *db.Tx) error { _, err := tx.Next("n", 1); return err }))
	}
	for i, o := range oneBatch(t, d, calls...) {
		if !o.landed() {
			t.Errorf("call %d: %+v", i, o)
		}
	}
	nowCommits, nowWrites := d.Batches()
	if c, w := nowCommits-commits, nowWrites-writes; c != 2 || w != 101 {
		t.Errorf("%d writes in %d commits, want 101 in 2 (the holding one, and all others)", w, c)
	}
}

func TestABatchLimitIsKept(t *testing.T) {
	t.Parallel()
	d := open(t, func(o *db.Options) { o.BatchLimit = 1 })
	before, _ := d.Batches()
	oneBatch(t, d, writing(d, none), writing(d, none), writing(d, none))
	if after, _ := d.Batches(); after-before != 4 {
		t.Errorf("%d commits for 4 writes, one to a commit", after-before)
	}
}

func none(*db.Tx) error { return nil }

var errRefused = errors.New("refused")

// spoilers are the ways in which one call in a batch can go wrong by itself.
var spoilers = map[string]struct {
	call func(d *db.DB, heard func(string)) error
	want func(outcome) bool
}{
	"a refusal": {
		spoiled(func(*db.Tx) error { return errRefused }),
		func(o outcome) bool { return errors.Is(o.err, errRefused) },
	},
	"a panic": {
		spoiled(func(*db.Tx) error { panic("broken") }),
		func(o outcome) bool { return o.panicked == "broken" },
	},
	"a Goexit": {
		spoiled(func(*db.Tx) error { runtime.Goexit(); return nil }),
		func(o outcome) bool { return o.exited },
	},
	"a constraint": {
		spoiled(func(tx *db.Tx) error { return put(tx, "first") }),
		func(o outcome) bool { return db.IsUnique(o.err) },
	},
	"a broken statement": {
		spoiled(func(tx *db.Tx) error { _, err := tx.Exec("NONSENSE"); return err }),
		func(o outcome) bool { return o.err != nil },
	},
	"a wrong type": {
		spoiled(func(tx *db.Tx) error { _, err := tx.Exec("INSERT INTO scratch (id) VALUES ('x')"); return err }),
		func(o outcome) bool { return o.err != nil },
	},
	"a write inside the write": {
		func(d *db.DB, heard func(string)) error {
			return spoiled(func(*db.Tx) error { return db.Write(context.Background(), d, none) })(d, heard)
		},
		func(o outcome) bool { return o.panicked != nil },
	},
	"a read inside the write": {
		func(d *db.DB, heard func(string)) error {
			return spoiled(func(*db.Tx) error { return db.Read(context.Background(), d, none) })(d, heard)
		},
		func(o outcome) bool { return o.panicked != nil },
	},
	"a caller who left": {
		func(d *db.DB, heard func(string)) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return db.Write(ctx, d, func(tx *db.Tx) error { return leaveTraces(tx, heard) })
		},
		func(o outcome) bool { return errors.Is(o.err, context.Canceled) },
	},
}

func spoiled(fn func(*db.Tx) error) func(*db.DB, func(string)) error {
	return func(d *db.DB, heard func(string)) error {
		return db.Write(context.Background(), d, func(tx *db.Tx) error {
			if err := leaveTraces(tx, heard); err != nil {
				return err
			}
			return fn(tx)
		})
	}
}

// leaveTraces writes, emits and hangs up a hook: all of it must fall.
func leaveTraces(tx *db.Tx, heard func(string)) error {
	if err := put(tx, "spoiled"); err != nil {
		return err
	}
	tx.After(func() { heard("spoiled") })
	return tx.Emit("spoiled", 1, 1)
}

func TestWhatGoesWrongInABatchHurtsOnlyItself(t *testing.T) {
	t.Parallel()
	for name, spoiler := range spoilers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			var order []string // written on the writer's goroutine alone, read after the answers
			heard := func(s string) { order = append(order, s) }
			defer d.Listen(func(e db.Event) { heard("event " + e.Topic) })()
			good := func(name string) func() error {
				return writing(d, func(tx *db.Tx) error {
					tx.After(func() { heard(name + " a") })
					tx.After(func() { heard(name + " b") })
					return errors.Join(put(tx, name), tx.Emit(name, 1, 1))
				})
			}
			before, _ := d.Batches()
			got := oneBatch(t, d, good("first"), func() error { return spoiler.call(d, heard) }, good("last"))
			if !got[0].landed() || !got[2].landed() {
				t.Errorf("the neighbours came back with %+v and %+v", got[0], got[2])
			}
			if !spoiler.want(got[1]) {
				t.Errorf("the caller came back with %+v", got[1])
			}
			if after, _ := d.Batches(); after-before != 2 {
				t.Errorf("%d commits, want the three in one", after-before-1)
			}
			if got := names(t, d); got != "first last" {
				t.Errorf("in the file: %q", got)
			}
			if n := eventCount(t, d); n != 2 {
				t.Errorf("%d events in the file, want 2", n)
			}
			want := "first a,first b,event first,last a,last b,event last"
			if got := strings.Join(order, ","); got != want {
				t.Errorf("heard %s, want %s", got, want)
			}
			write(t, d, func(tx *db.Tx) error { return put(tx, "after") })
		})
	}
}

func TestACallerWhoLeavesWhileTheFunctionRunsDoesNotEndTheBatch(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	got := oneBatch(t, d,
		func() error {
			return db.Write(ctx, d, func(tx *db.Tx) error {
				cancel()
				if tx.Ctx().Err() != nil || tx.Ctx().Done() != nil {
					t.Error("the context of a write can end")
				}

				_, err := tx.NewInsert().Table("scratch").Model(&map[string]any{"name": "built"}).Exec(ctx)
				return errors.Join(err, put(tx, "mine"))
			})
		},
		writing(d, func(tx *db.Tx) error { return put(tx, "neighbour") }))
	if !got[0].landed() || !got[1].landed() {
		t.Errorf("came back with %+v", got)
	}
	if got := names(t, d); got != "built mine neighbour" {
		t.Errorf("in the file: %q", got)
	}
}

func TestATransactionIsUselessAfterItsFunctionReturned(t *testing.T) {
	t.Parallel()
	d := open(t)
	var kept *db.Tx
	for name, fn := range map[string]func(*db.Tx) error{
		"returned": func(tx *db.Tx) error { kept = tx; return nil },
		"panicked": func(tx *db.Tx) error { kept = tx; panic("broken") },
		"exited":   func(tx *db.Tx) error { kept = tx; runtime.Goexit(); return nil },
	} {
		run(writing(d, fn))
		if o := run(func() error { return put(kept, "late") }); o.panicked == nil {
			t.Errorf("%s: the transaction still writes: %+v", name, o)
		}
	}
	if got := names(t, d); got != "" {
		t.Errorf("in the file: %q", got)
	}
}

func TestAHookThatPanicsOrExitsStopsNobody(t *testing.T) {
	t.Parallel()
	d := open(t)
	var order []string
	defer d.Listen(func(db.Event) { panic("a broken listener") })()
	got := oneBatch(t, d,
		writing(d, func(tx *db.Tx) error {
			tx.After(func() { panic("a broken hook") })
			tx.After(func() { order = append(order, "second") })
			return errors.Join(put(tx, "a"), tx.Emit("a", 1, 1))
		}),
		writing(d, func(tx *db.Tx) error {
			tx.After(func() { runtime.Goexit() })
			tx.After(func() { _ = db.Write(context.Background(), d, none) })
			tx.After(func() { order = append(order, "last") })
			return put(tx, "b")
		}))
	if !got[0].landed() || !got[1].landed() {
		t.Errorf("came back with %+v, though it is on disk", got)
	}
	if s := strings.Join(order, " "); s != "second last" {
		t.Errorf("the other hooks: %q", s)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "c") })
	if got := names(t, d); got != "a b c" {
		t.Errorf("in the file: %q", got)
	}
}

func TestAFullQueueIsBusy(t *testing.T) {
	t.Parallel()
	d := open(t)
	release := hold(t, d)
	const room = 4096
	var landed, wg = make(chan error, room), sync.WaitGroup{}
	for range room {
		wg.Go(func() { landed <- db.Write(context.Background(), d, none) })
	}
	awaitQueued(d, room)
	wantCode(t, db.Write(context.Background(), d, none), db.Unavailable, "busy")
	release()
	wg.Wait()
	for range room {
		if err := <-landed; err != nil {
			t.Fatal(err)
		}
	}
	write(t, d, none)
}

func TestCloseLetsQueuedWritesFinishAndRefusesLaterOnes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d, err := db.Open(context.Background(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	release := hold(t, d)
	queued := make(chan error)
	for i := range 3 {
		go func() {
			queued <- db.Write(context.Background(), d, func(tx *db.Tx) error { _, err := tx.Next("n", 1); return err })
		}()
		awaitQueued(d, i+1)
	}
	closed := make(chan error)
	go func() { closed <- d.Close() }()
	n := 3 + untilStopping(d, queued)
	release()
	for range n {
		if err := <-queued; err != nil {
			t.Errorf("a queued write: %v", err)
		}
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
	wantCode(t, db.Write(context.Background(), d, none), db.Unavailable, "stopping")
	wantCode(t, db.Read(context.Background(), d, none), db.Unavailable, "stopping")

	again := open(t, func(o *db.Options) { o.Dir = dir })
	write(t, again, func(tx *db.Tx) error {
		if n, err := tx.Next("n", 1); err != nil || n != 4 {
			t.Errorf("the counter goes on at %d (%v), want 4", n, err)
		}
		return nil
	})
}

// untilStopping writes until a write is refused because Close has begun, and
// answers how many were still queued.
func untilStopping(d *db.DB, queued chan<- error) (n int) {
	before := d.Queued()
	for {
		refused := make(chan bool, 1)
		go func() {
			err := db.Write(context.Background(), d, none)
			if db.CodeOf(err) == "stopping" {
				refused <- true
				return
			}
			queued <- err
		}()
		for d.Queued() == before+n {
			select {
			case <-refused:
				return n
			default:
				runtime.Gosched()
			}
		}
		n++
	}
}

func TestWhatEndsABatchRunsOnceForAllWhoAsked(t *testing.T) {
	t.Parallel()
	d := open(t)
	asking := func(name string, err error) func() error {
		return writing(d, func(tx *db.Tx) error {
			tx.Last("INSERT INTO scratch (name) SELECT 'after ' || group_concat(name) FROM scratch")
			return errors.Join(put(tx, name), err)
		})
	}
	oneBatch(t, d, asking("first", nil), asking("refused", errRefused), asking("second", nil), writing(d, func(tx *db.Tx) error { return put(tx, "silent") }))
	if got, want := names(t, d), "first second silent after first,second,silent"; got != want {
		t.Errorf("in the file: %q, want %q", got, want)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "later") })
	if got := names(t, d); !strings.HasSuffix(got, "silent later") {
		t.Errorf("it ran for a later batch too: %q", got)
	}
}

func TestABatchThatCannotEndSavesNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	heard := false
	defer d.Listen(func(db.Event) { heard = true })()
	got := oneBatch(t, d,
		writing(d, func(tx *db.Tx) error { return errors.Join(put(tx, "first"), tx.Emit("first", 1, 1)) }),
		writing(d, func(tx *db.Tx) error { tx.Last("INSERT INTO scratch (id) VALUES ('x')"); return put(tx, "second") }))
	for i, o := range got {
		wantCode(t, o.err, db.Unavailable, "not_saved")
		if o.landed() {
			t.Errorf("call %d was acknowledged", i)
		}
	}
	if heard {
		t.Error("an event of what was not saved went out")
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "after") })
	if got := names(t, d); got != "after" {
		t.Errorf("in the file: %q", got)
	}
}
