package outbox_test

import (
	"context"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/outbox"
)

func TestWhatIsToldOfAPastLeavesNever(t *testing.T) {
	t.Parallel()
	shop := dbtest.Open(t)
	job := db.WithActor(context.Background(), db.Actor{Kind: db.JobActor})
	past := db.Past(job, db.TimeOf(shop.Now()).Add(-time.Hour))
	for ctx, want := range map[context.Context]int{past: 0, job: 1} {
		err := db.Write(ctx, shop.DB, func(tx *db.Tx) error {
			if err := outbox.Queue(tx, outbox.Mail{Kind: "test", To: "ada@example.com", Key: "k"}); err != nil {
				return err
			}
			var n int
			if err := tx.Row("SELECT count(*) FROM outbox", nil, &n); err != nil || n != want {
				t.Errorf("%d mails, want %d: %v", n, want, err)
			}
			_, err := tx.Exec("DELETE FROM outbox")
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
