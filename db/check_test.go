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
