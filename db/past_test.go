package db_test

import (
	"context"
	"testing"
	"time"

	"onhand/db"
)

var aJob = db.WithActor(context.Background(), db.Actor{Kind: db.JobActor, Name: "demo"})

func TestAJobWritesAPastThatNobodyHearsOf(t *testing.T) {
	t.Parallel()
	d := open(t)
	heard := 0
	defer d.Listen(func(db.Event) { heard++ })()
	now := db.TimeOf(d.Now())
	before, later := now.Add(-48*time.Hour), now.Add(-24*time.Hour)
	var moments []db.Time
	err := db.Write(db.Past(aJob, before), d, func(tx *db.Tx) error {
		moments = append(moments, tx.Now)
		if err := tx.Emit("stock", 1, 1); err != nil {
			return err
		}
		tx.At(later, db.Actor{Kind: db.UserActor, ID: 7})
		moments = append(moments, tx.Now)
		if tx.Actor.ID != 7 {
			t.Errorf("it is written by %+v", tx.Actor)
		}
		tx.At(now.Add(time.Hour), tx.Actor)
		moments = append(moments, tx.Now)
		return tx.Emit("stock", 2, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if moments[0] != before || moments[1] != later || moments[2] > db.TimeOf(d.Now()) {
		t.Errorf("it was written at %v", moments)
	}
	if events, err := db.Events(aJob, d, 0, 10); err != nil || len(events) != 0 || heard != 0 {
		t.Errorf("%d events, %d heard of, %v", len(events), heard, err)
	}
}

func TestThePastOfOneIsThePresentOfItsNeighbours(t *testing.T) {
	t.Parallel()
	d := open(t)
	before := db.TimeOf(d.Now()).Add(-48 * time.Hour)
	then, now := db.Time(0), db.Time(0)
	oneBatch(t, d,
		func() error {
			return db.Write(db.Past(aJob, before), d, func(tx *db.Tx) error { then = tx.Now; return nil })
		},
		writing(d, func(tx *db.Tx) error {
			now = tx.Now
			if tx.InPast {
				t.Error("a neighbour is in the past")
			}
			return tx.Emit("stock", 1, 1)
		}))
	if then != before || now <= before {
		t.Errorf("one at %v, its neighbour at %v", then, now)
	}
	if events, err := db.Events(aJob, d, 0, 10); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestOnlyAJobHasAPastAndThePresentStandsStill(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, kind := range []db.ActorKind{db.UserActor, db.TokenActor, db.CustomerActor, db.GuestActor} {
		ctx := db.WithActor(context.Background(), db.Actor{Kind: kind})
		if !panics(func() { db.Past(ctx, 1) }) {
			t.Errorf("a %s has a past", kind)
		}
	}
	err := db.Write(aJob, d, func(tx *db.Tx) error {
		if !panics(func() { tx.At(1, tx.Actor) }) {
			t.Error("the present moved")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func panics(fn func()) (did bool) {
	defer func() { did = recover() != nil }()
	fn()
	return false
}
