package db_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"onhand/db"
)

func read(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := db.Read(context.Background(), d, fn); err != nil {
		t.Fatal(err)
	}
}

func TestAReadSeesOneSnapshot(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error { return put(tx, "before") })
	count := func(tx *db.Tx) (n int) {
		if err := tx.Get(&n, "SELECT count(*) FROM scratch"); err != nil {
			t.Error(err)
		}
		return n
	}
	read(t, d, func(tx *db.Tx) error {
		if n := count(tx); n != 1 {
			t.Errorf("%d rows at first, want 1", n)
		}
		landed := make(chan struct{})
		go func() {
			defer close(landed)
			write(t, d, func(tx *db.Tx) error { return put(tx, "meanwhile") })
		}()
		<-landed
		if n := count(tx); n != 1 {
			t.Errorf("%d rows later in the same read, want 1", n)
		}
		return nil
	})
	read(t, d, func(tx *db.Tx) error {
		if n := count(tx); n != 2 {
			t.Errorf("%d rows in the next read, want 2", n)
		}
		return nil
	})
}

func TestAReadCannotWrite(t *testing.T) {
	t.Parallel()
	d := open(t)
	for range 8 { // more than there are connections
		err := db.Read(context.Background(), d, func(tx *db.Tx) error { return put(tx, "no") })
		if err == nil {
			t.Error("a read wrote")
		}
	}
	if got := names(t, d); got != "" {
		t.Errorf("in the file: %q", got)
	}
	for what, fn := range map[string]func(*db.Tx) error{
		"emits":      func(tx *db.Tx) error { return tx.Emit("orders", 1, 1) },
		"audits":     func(tx *db.Tx) error { return tx.Audit("order", 1, nil, nil) },
		"hangs hook": func(tx *db.Tx) error { tx.After(func() {}); return nil },
	} {
		if o := run(func() error { return db.Read(context.Background(), d, fn) }); o.panicked == nil {
			t.Errorf("a read %s: %+v", what, o)
		}
	}
	read(t, d, none)
}

func TestEveryConnectionShowsThePragmas(t *testing.T) {
	t.Parallel()
	d := open(t)
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		"trusted_schema": "0", "recursive_triggers": "1", "cell_size_check": "1", "journal_size_limit": "67108864",
	}
	check := func(tx *db.Tx) error {
		for name, value := range want {
			var got string
			if err := tx.Get(&got, "PRAGMA "+name); err != nil || got != value {
				t.Errorf("%s=%s (%v), want %s", name, got, err, value)
			}
		}
		return nil
	}
	write(t, d, check)
	var all, done sync.WaitGroup
	all.Add(4)
	for range 4 { // all readers at once
		done.Go(func() {
			read(t, d, func(tx *db.Tx) error {
				all.Done()
				all.Wait()
				var on string
				if err := tx.Get(&on, "PRAGMA query_only"); err != nil || on != "1" {
					t.Errorf("query_only=%s (%v)", on, err)
				}
				return check(tx)
			})
		})
	}
	done.Wait()
}

// endless is a query that only an interrupt ends.
const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

func TestAReadEndsWithItsContextAndTheConnectionServesTheNext(t *testing.T) {
	t.Parallel()
	d := open(t)
	for range 6 {
		ctx, cancel := context.WithCancel(context.Background())
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			if _, ok := tx.Ctx().Deadline(); !ok {
				t.Error("a read without a deadline")
			}
			go cancel()
			var n int
			return tx.Get(&n, endless)
		})
		if err == nil {
			t.Error("an endless read ended well")
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := db.Read(ctx, d, func(tx *db.Tx) error { var n int; return tx.Get(&n, endless) })
	wantCode(t, err, db.Unavailable, "too_slow")
	if got := names(t, d); got != "" {
		t.Errorf("in the file: %q", got)
	}
}

// However badly reads end, the connection they used must not stay in their
// transaction: the next reader would see an old state, or nothing at all.
func TestReadsThatEndAtAnyMomentLeaveTheirConnectionsUsable(t *testing.T) {
	t.Parallel()
	d := open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 400 {
				ctx, cancel := context.WithCancel(context.Background())
				go cancel()
				_ = db.Read(ctx, d, func(tx *db.Tx) error {
					switch i % 3 {
					case 0:
						return errRefused
					case 1:
						return tx.Each("SELECT 1 UNION ALL SELECT 2", nil, func(*sql.Rows) error { return errRefused })
					}
					var n []int
					return tx.Select(&n, "SELECT 1 UNION ALL SELECT 2")
				})
			}
		})
	}
	wg.Wait()
	run(func() error { return db.Read(context.Background(), d, func(*db.Tx) error { panic("broken") }) })
	write(t, d, func(tx *db.Tx) error { return put(tx, "new") })
	for range 8 {
		if got := names(t, d); got != "new" {
			t.Errorf("a reader sees %q", got)
		}
	}
}

func TestAReadWaitsForAFreeConnectionAsLongAsItsContextLasts(t *testing.T) {
	t.Parallel()
	d := open(t)
	let := make(chan struct{})
	var busy, done sync.WaitGroup
	busy.Add(4)
	for range 4 {
		done.Go(func() { read(t, d, func(*db.Tx) error { busy.Done(); <-let; return nil }) })
	}
	busy.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := db.Read(ctx, d, none); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(let)
	done.Wait()
}

type scratch struct {
	ID   int64   `bun:"id,pk"`
	Name string  `bun:"name"`
	At   db.Time `bun:"data"`
}

func TestGetRowSelectAndEachReadTheSame(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		return errors.Join(put(tx, "a"), put(tx, "b"))
	})
	read(t, d, func(tx *db.Tx) error {
		const query = "SELECT id, name FROM scratch WHERE id >= ?1 ORDER BY id"
		var one scratch
		var all []scratch
		var id int64
		var name string
		each := 0
		err := errors.Join(tx.Get(&one, query, 1), tx.Select(&all, query, 1), tx.Row(query, []any{1}, &id, &name),
			tx.Each(query, []any{1}, func(rows *sql.Rows) error {
				each++
				return tx.Row("SELECT name FROM scratch WHERE id = ?1", []any{each}, &name)
			}))
		if err != nil || one != all[0] || id != one.ID || len(all) != 2 || each != 2 || name != "b" {
			t.Errorf("%v: %v, %v, %d %s, %d", err, one, all, id, name, each)
		}
		for what, err := range map[string]error{
			"Get": tx.Get(&one, query, 9), "Row": tx.Row(query, []any{9}, &id, &name),
		} {
			if !errors.Is(err, db.ErrNoRow) {
				t.Errorf("%s without a row: %v", what, err)
			}
			wantCode(t, db.Found(err, "thing"), db.Missing, "not_found")
		}
		return nil
	})
}

func TestBunsBuildersRunInTheTransaction(t *testing.T) {
	t.Parallel()
	d := open(t)
	err := db.Write(context.Background(), d, func(tx *db.Tx) error {
		if _, err := tx.Exec("CREATE TABLE moments (id INTEGER PRIMARY KEY, name TEXT, data INTEGER) STRICT"); err != nil {
			return err
		}
		row := scratch{ID: 7, Name: "it's ? a mug", At: tx.Now}
		_, err := tx.NewInsert().Model(&row).ModelTableExpr("moments").Exec(tx.Ctx())
		if err != nil {
			return err
		}
		var back scratch
		if err := tx.NewSelect().Model(&back).ModelTableExpr("moments AS scratch").Where("id = ?", 7).Scan(tx.Ctx()); err != nil {
			return err
		}
		if back != row {
			t.Errorf("wrote %+v, read %+v", row, back)
		}
		if n, err := tx.NewSelect().TableExpr("moments").Count(tx.Ctx()); err != nil || n != 1 {
			t.Errorf("counted %d (%v)", n, err)
		}
		if _, err := tx.NewUpdate().TableExpr("moments").Set("name = ?", "x").Where("id = 7").Exec(tx.Ctx()); err != nil {
			return err
		}
		if _, err := tx.NewDelete().TableExpr("moments").Where("id = 7").Exec(tx.Ctx()); err != nil {
			return err
		}
		return errRefused
	})
	if !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	read(t, d, func(tx *db.Tx) error {
		var n int
		if err := tx.Get(&n, "SELECT count(*) FROM sqlite_schema WHERE name = 'moments'"); err != nil || n != 0 {
			t.Errorf("the builders' work outlived its transaction (%d, %v)", n, err)
		}
		return nil
	})
}
