package db_test

import (
	"context"
	"fmt"
	"testing"

	"onhand/db"
)

// The nightly check runs on a connection that checked before, and a search table merges its segments in between.
func TestTheCheckDoesNotTakeMergedSegmentsForDamage(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE VIRTUAL TABLE scratch_search USING fts5 (name, tokenize = 'trigram')")
		return err
	})
	for round := range 3 {
		for i := range 5 {
			write(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec("INSERT INTO scratch_search (name) VALUES (?1)", fmt.Sprintf("word %d of round %d", i, round))
				return err
			})
		}
		for range 8 { // more than there are connections
			found, err := db.Check(context.Background(), d)
			if err != nil || len(found) > 0 {
				t.Fatalf("round %d: the check finds %v, %v", round, found, err)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO scratch_search (scratch_search) VALUES ('optimize')")
			return err
		})
	}
}

// A look at a search table is a reader's: it waits for no writer, and sees index and rows of one moment while others write.
func TestASearchTableIsLookedAtBesideTheWriter(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE VIRTUAL TABLE search USING fts5 (name, content = 'scratch', content_rowid = 'id', tokenize = 'trigram');
			CREATE TRIGGER searched AFTER INSERT ON scratch BEGIN INSERT INTO search (rowid, name) VALUES (new.id, new.name); END`)
		return err
	})
	look := func() {
		t.Helper()
		if found, err := db.LookAtSearch(t.Context(), d, "search", "scratch"); err != nil || len(found) > 0 {
			t.Errorf("it finds %v, %v", found, err)
		}
	}
	write(t, d, func(tx *db.Tx) error {
		looked := make(chan struct{})
		go func() { defer close(looked); look() }()
		err := put(tx, "held")
		<-looked
		return err
	})
	ended := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		for i := 0; ctx.Err() == nil; i++ {
			if err := db.Write(ctx, d, func(tx *db.Tx) error { return put(tx, fmt.Sprint("name ", i)) }); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	}()
	for range 50 {
		look()
	}
	stop()
	<-ended
}
