package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"onhand/db"
)

// fill leaves no page free: the next one is one too many.
func fill(t testing.TB, d *db.DB) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		var pages int
		if err := tx.Get(&pages, "PRAGMA page_count"); err != nil {
			return err
		}
		return tx.Get(&pages, "PRAGMA max_page_count = 1") // no less than there are
	})
}

func makeRoom(t testing.TB, d *db.DB) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		var pages int
		return tx.Get(&pages, "PRAGMA max_page_count = 100000")
	})
}

// overflows are statements that need more pages than there are. Whether SQLite
// then ends the transaction or takes back the statement alone depends on the
// statement; the batch must be lost either way.
var overflows = map[string]func(tx *db.Tx) error{
	"one row": func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO scratch (data) VALUES (zeroblob(100000))")
		return err
	},
	"several rows": func(tx *db.Tx) error {
		_, err := tx.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
			INSERT INTO scratch (name, data) SELECT 'big' || i, zeroblob(10000 * i) FROM n`)
		return err
	},
	"a row that answers": func(tx *db.Tx) error {
		var id int64
		return tx.Row("INSERT INTO scratch (data) VALUES (zeroblob(100000)) RETURNING id", nil, &id)
	},
	"a built row": func(tx *db.Tx) error {
		_, err := tx.NewInsert().Table("scratch").Model(&map[string]any{"data": make([]byte, 100000)}).Exec(tx.Ctx())
		return err
	},
	"a built row that answers": func(tx *db.Tx) error {
		var id int64
		return tx.NewInsert().Table("scratch").Model(&map[string]any{"data": make([]byte, 100000)}).Returning("id").Scan(tx.Ctx(), &id)
	},
}

func TestAFullDiskFailsTheWholeBatchAndTheNextWriteWorksOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	for name, overflow := range overflows {
		for how, swallow := range map[string]bool{"reported": false, "swallowed": true} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				d := open(t)
				write(t, d, func(tx *db.Tx) error { return put(tx, "before") })
				fill(t, d)
				heard := ""
				defer d.Listen(func(e db.Event) { heard += e.Topic })()
				small := func(name string) func() error {
					return writing(d, func(tx *db.Tx) error {
						tx.After(func() { heard += name })
						return errors.Join(put(tx, name), tx.Emit(name, 1, 1))
					})
				}
				lateRan := false
				got := oneBatch(t, d,
					small("first"),
					writing(d, func(*db.Tx) error { return errRefused }), // may rest on a neighbour that never landed
					writing(d, func(tx *db.Tx) error {
						if err := overflow(tx); err == nil {
							t.Error("there was room")
						} else if !swallow {
							return err
						}
						outside(t, tx)
						return nil
					}),
					writing(d, func(tx *db.Tx) error { lateRan = true; return put(tx, "last") }))
				for i, o := range got {
					if o.err == nil {
						t.Errorf("call %d was acknowledged", i)
						continue
					}
					wantCode(t, o.err, db.Full, "disk_full")
				}
				if lateRan {
					t.Error("a function ran in a dead batch")
				}
				if got := names(t, d); got != "before" {
					t.Errorf("in the file: %q", got)
				}
				if heard != "" {
					t.Errorf("heard %q of what was not saved", heard)
				}
				if err := d.Healthy(); err != nil {
					t.Errorf("a full disk stopped writing for good: %v", err)
				}
				makeRoom(t, d)
				write(t, d, func(tx *db.Tx) error { return put(tx, "after") })
				if got := names(t, d); got != "before after" {
					t.Errorf("in the file: %q", got)
				}
			})
		}
	}
}

// outside tries everything that could land outside the transaction that ended.
func outside(t *testing.T, tx *db.Tx) {
	t.Helper()
	var n int
	for what, err := range map[string]error{
		"Exec":   func() error { _, err := tx.Exec("INSERT INTO scratch (name) VALUES ('exec')"); return err }(),
		"Insert": func() error { _, err := tx.Insert("INSERT INTO scratch (name) VALUES ('insert')"); return err }(),
		"Row":    tx.Row("INSERT INTO scratch (name) VALUES ('row') RETURNING id", nil, &n),
		"Get":    tx.Get(&n, "INSERT INTO scratch (name) VALUES ('get') RETURNING id"),
		"Select": tx.Select(&[]int{}, "INSERT INTO scratch (name) VALUES ('select') RETURNING id"),
		"Each":   tx.Each("INSERT INTO scratch (name) VALUES ('each') RETURNING id", nil, nil),
		"Next":   func() error { _, err := tx.Next("orders", 1); return err }(),
		"Emit":   tx.Emit("orders", 1, 1),
		"Audit":  tx.Audit("order", 1, nil, nil),
		"bun": func() error {
			_, err := tx.NewInsert().Table("scratch").Model(&map[string]any{"name": "bun"}).Exec(tx.Ctx())
			return err
		}(),
		"Count": func() error { _, err := tx.NewSelect().Table("scratch").Count(tx.Ctx()); return err }(),
	} {
		if err == nil {
			t.Errorf("%s ran after the transaction ended", what)
		}
	}
}

func TestWhatSQLiteEndsByItselfIsLostAsAWhole(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"a rollback": "ROLLBACK", "a commit": "COMMIT", "an OR ROLLBACK": "INSERT OR ROLLBACK INTO scratch (name) VALUES ('first')",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			got := oneBatch(t, d,
				writing(d, func(tx *db.Tx) error { return put(tx, "first") }),
				writing(d, func(tx *db.Tx) error { _, _ = tx.Exec(end); return put(tx, "second") }),
				writing(d, func(tx *db.Tx) error { return put(tx, "third") }))
			for i, o := range got {
				if o.landed() {
					t.Errorf("call %d was acknowledged", i)
				}
			}
			if name != "a commit" { // the one thing no guard can take back
				if got := names(t, d); got != "" {
					t.Errorf("in the file: %q", got)
				}
			}
			write(t, d, func(tx *db.Tx) error { return put(tx, "after") })
		})
	}
}

func TestAnErrorOfTheDiskStopsWritingForGood(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	d := open(t, logTo(&log))
	write(t, d, func(tx *db.Tx) error { return put(tx, "before") })
	release := hold(t, d)
	results := make(chan error)
	broken := func(tx *db.Tx) error {
		if err := put(tx, "swallowed"); err != nil {
			return err
		}
		if _, err := tx.Exec("ATTACH '" + filepath.Join(d.Dir(), "none", "none.db") + "' AS other"); err == nil { // SQLITE_CANTOPEN
			t.Error("a file was opened where there is none")
		}
		// Queued while this batch runs: writing stops before their turn.
		for i := range 3 {
			go func() {
				results <- db.Write(context.Background(), d, func(tx *db.Tx) error { return put(tx, "queued") })
			}()
			awaitQueued(d, i+1)
		}
		return nil
	}
	first := make(chan error, 1)
	go func() { first <- db.Write(context.Background(), d, broken) }()
	awaitQueued(d, 1)
	release()
	wantCode(t, <-first, db.Unavailable, "storage_failed")
	for range 3 {
		wantCode(t, <-results, db.Unavailable, "storage_failed")
	}
	<-d.Failed()
	wantCode(t, d.Healthy(), db.Unavailable, "storage_failed")
	wantCode(t, db.Write(context.Background(), d, none), db.Unavailable, "storage_failed")
	if got := names(t, d); got != "before" {
		t.Errorf("in the file: %q", got)
	}
	if !strings.Contains(log.String(), "writing stopped") {
		t.Errorf("the log says %q", log.String())
	}
}

// A search table that does not match its rows can be made anew; it says nothing
// about the disk, so the shop goes on.
func TestADamagedSearchTableFailsItsBatchAndStopsNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE VIRTUAL TABLE search USING fts5 (name, content = 'scratch', content_rowid = 'id');
			INSERT INTO search (rowid, name) VALUES (1, 'nobody')`)
		return err
	})
	got := oneBatch(t, d,
		writing(d, func(tx *db.Tx) error { return put(tx, "neighbour") }),
		writing(d, func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)") // SQLITE_CORRUPT_VTAB
			return err
		}))
	for _, o := range got {
		wantCode(t, o.err, db.Unavailable, "not_saved")
	}
	if err := d.Healthy(); err != nil {
		t.Errorf("writing stopped: %v", err)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "after") })
	found, err := db.LookAtSearch(context.Background(), d, "search", "scratch")
	if err != nil || len(found) != 1 {
		t.Errorf("the doctor found %v (%v)", found, err)
	}
	if got := names(t, d); got != "after" {
		t.Errorf("in the file: %q", got)
	}
}
