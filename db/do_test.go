package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"onhand/db"
)

type parcel struct {
	ID   int64    `json:"id"`
	At   db.Time  `json:"at"`
	Tags []string `json:"tags"`
}

type label struct {
	Name string `json:"name"`
}

// keyed is a context with an actor and an Idempotency-Key on a route.
func keyed(actor int64, route, key string) context.Context {
	return db.WithKey(db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: actor}), route, key)
}

// send is a command that makes a parcel for its label.
func send(ctx context.Context, d *db.DB, in label) (*parcel, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*parcel, error) {
		id, err := tx.Next("parcels", 1)
		if err != nil {
			return nil, err
		}
		return &parcel{ID: id, At: tx.Now, Tags: []string{in.Name}}, errors.Join(put(tx, in.Name), tx.Emit("parcels", id, 1))
	})
}

func TestOneKeyAHundredTimesInParallelHasOneEffectAndOneReply(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := keyed(1, "POST /parcels", "k")
	replies := make([]*parcel, 100)
	var wg sync.WaitGroup
	for i := range replies {
		wg.Go(func() {
			var err error
			if replies[i], err = send(ctx, d, label{"mug"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, r := range replies {
		if r == nil || r.ID != 1 || r.At != replies[0].At || len(r.Tags) != 1 || r.Tags[0] != "mug" {
			t.Errorf("reply %d is %+v, the first %+v", i, r, replies[0])
		}
	}
	if got := names(t, d); got != "mug" {
		t.Errorf("in the file: %q", got)
	}
	if n := eventCount(t, d); n != 1 {
		t.Errorf("%d events for one effect", n)
	}
}

func TestAKeyBelongsToItsActorRouteAndBody(t *testing.T) {
	t.Parallel()
	d := open(t)
	first := keyed(1, "POST /parcels", "k")
	customer := db.WithKey(db.WithActor(context.Background(), db.Actor{Kind: db.CustomerActor, ID: 1}), "POST /parcels", "k")
	for i, step := range []struct {
		what string
		ctx  context.Context
		in   string
		id   int64
		code string
	}{
		{"the first", first, "a", 1, ""},
		{"the same", first, "a", 1, ""},
		{"another body", first, "b", 0, "key_reused"},
		{"another actor", keyed(2, "POST /parcels", "k"), "c", 2, ""},
		{"another kind of actor", customer, "d", 3, ""},
		{"another route", keyed(1, "POST /orders", "k"), "e", 4, ""},
		{"another key", keyed(1, "POST /parcels", "k2"), "f", 5, ""},
		{"no key", context.Background(), "g", 6, ""},
		{"no key again", context.Background(), "h", 7, ""},
		{"the first once more", first, "a", 1, ""},
	} {
		got, err := send(step.ctx, d, label{step.in})
		if step.code != "" {
			wantCode(t, err, db.Invalid, step.code)
			if got != nil {
				t.Errorf("step %d, %s: a reply with the error: %+v", i, step.what, got)
			}
			continue
		}
		if err != nil || got.ID != step.id {
			t.Errorf("step %d, %s: %+v (%v), want parcel %d", i, step.what, got, err, step.id)
		}
	}
}

func TestARefusalIsNotStored(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := keyed(1, "POST /parcels", "k")
	write(t, d, func(tx *db.Tx) error { return put(tx, "mug") })
	got, err := send(ctx, d, label{"mug"})
	if !db.IsUnique(err) || got != nil {
		t.Fatalf("%+v (%v), want a refusal and no reply", got, err)
	}
	write(t, d, func(tx *db.Tx) error { _, err := tx.Exec("DELETE FROM scratch"); return err })
	if got, err = send(ctx, d, label{"mug"}); err != nil || got.ID != 1 {
		t.Errorf("the second try: %+v (%v)", got, err)
	}
}

func TestAReplyFallsWithItsBatch(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := keyed(1, "POST /parcels", "k")
	fill(t, d)
	var reply *parcel
	got := oneBatch(t, d,
		func() (err error) { reply, err = send(ctx, d, label{"mug"}); return err },
		writing(d, overflows["one row"]))
	wantCode(t, got[0].err, db.Full, "disk_full")
	if reply != nil {
		t.Errorf("a reply for what was not saved: %+v", reply)
	}
	makeRoom(t, d)
	if r, err := send(ctx, d, label{"mug"}); err != nil || r.ID != 1 {
		t.Errorf("sent again: %+v (%v)", r, err)
	}
}

func TestAReplySurvivesARestartAndThreeDays(t *testing.T) {
	t.Parallel()
	clock, dir := newClock(), t.TempDir()
	ctx := keyed(1, "POST /parcels", "k")
	reopen := func() *db.DB {
		d, err := db.Open(context.Background(), db.Options{Dir: dir, Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := open(t, func(o *db.Options) { o.Dir, o.Now = dir, clock.Now })
	first, err := send(ctx, d, label{"mug"})
	if err != nil {
		t.Fatal(err)
	}
	again := func(d *db.DB) int64 {
		t.Helper()
		r, err := send(ctx, d, label{"mug"})
		if err != nil {
			if !db.IsUnique(err) { // the name is still there: the effect ran again
				t.Error(err)
			}
			return 0
		}
		return r.ID
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = reopen()
	defer func() { _ = d.Close() }()
	clock.Forward(71 * time.Hour)
	if _, err := db.Cleanup(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if id := again(d); id != first.ID {
		t.Errorf("after 71 hours and a restart parcel %d, want %d", id, first.ID)
	}
	clock.Forward(2 * time.Hour)
	if n, err := db.Cleanup(context.Background(), d); err != nil || n != 1 {
		t.Errorf("cleanup took %d (%v), want the one reply", n, err)
	}
	if id := again(d); id != 0 {
		t.Errorf("after 73 hours the key still answers parcel %d", id)
	}
}
