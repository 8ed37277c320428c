package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"onhand/db"
)

func TestEventsAreHeardAndListedInTheirOrder(t *testing.T) {
	t.Parallel()
	d := open(t)
	var heard []db.Event
	stop := d.Listen(func(e db.Event) { heard = append(heard, e) })
	var wg sync.WaitGroup
	for i := range int64(50) {
		wg.Go(func() {
			write(t, d, func(tx *db.Tx) error {
				if len(heard) > 0 && heard[len(heard)-1].EntityID == i {
					t.Error("an event was heard before its commit")
				}
				return errors.Join(tx.Emit("orders", i, 1), tx.Emit("stock", i, 2, 3))
			})
		})
	}
	wg.Wait()
	stop()
	write(t, d, func(tx *db.Tx) error { return tx.Emit("later", 1, 1) })
	listed, err := db.Events(allStores(), d, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(heard) != 100 || len(listed) != 100 {
		t.Fatalf("heard %d, listed %d, want 100", len(heard), len(listed))
	}
	for i := range heard {
		h, l := heard[i], listed[i]
		if h.ID != int64(i+1) || h.ID != l.ID || h.Topic != l.Topic || h.EntityID != l.EntityID || h.Version != l.Version || h.At != l.At {
			t.Fatalf("event %d: heard %+v, listed %+v", i, h, l)
		}
		if i%2 == 1 && (h.LocationID == nil || *h.LocationID != 3 || h.EntityID != heard[i-1].EntityID) {
			t.Fatalf("event %d: %+v after %+v", i, h, heard[i-1])
		}
	}
	page, err := db.Events(allStores(), d, 98, 1)
	if err != nil || len(page) != 1 || page[0].ID != 99 {
		t.Errorf("after 98, one: %+v (%v)", page, err)
	}
}

func TestEventsOfAStoreAreForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		return errors.Join(tx.Emit("everywhere", 1, 1), tx.Emit("one", 1, 1, 1), tx.Emit("two", 1, 1, 2))
	})
	for _, c := range []struct {
		stores []int64
		want   []string
	}{
		{nil, []string{"everywhere", "one", "two"}},
		{[]int64{2}, []string{"everywhere", "two"}},
		{[]int64{1, 2}, []string{"everywhere", "one", "two"}},
		{[]int64{}, []string{"everywhere"}},
	} {
		ctx := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, Locations: c.stores})
		all, err := db.Events(ctx, d, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		var topics []string
		for _, e := range all {
			topics = append(topics, e.Topic)
		}
		if !slices.Equal(topics, c.want) {
			t.Errorf("limited to %v: %v, want %v", c.stores, topics, c.want)
		}
	}
	if all, err := db.Events(context.Background(), d, 0, 10); err != nil || len(all) != 1 {
		t.Errorf("nobody in particular sees %v (%v)", all, err)
	}
}

func TestAnEventForOneActorIsForNobodyElse(t *testing.T) {
	t.Parallel()
	d := open(t)
	ada := db.Actor{Kind: db.UserActor, ID: 7}
	write(t, d, func(tx *db.Tx) error {
		return errors.Join(tx.Emit("for all", 1, 1), tx.EmitTo(ada.Key(), "for Ada", 1, 1))
	})
	for _, c := range []struct {
		actor db.Actor
		want  int
	}{
		{ada, 2},
		{db.Actor{Kind: db.UserActor, ID: 8}, 1},
		{db.Actor{Kind: db.CustomerActor, ID: 7}, 1},
	} {
		all, err := db.Events(db.WithActor(context.Background(), c.actor), d, 0, 10)
		if err != nil || len(all) != c.want {
			t.Errorf("%s sees %v (%v)", c.actor.Key(), all, err)
		}
		heard := db.Event{Topic: "for Ada", Audience: new("user:7")}
		if heard.For(c.actor) != (c.want == 2) {
			t.Errorf("%s hears %v", c.actor.Key(), !heard.For(c.actor))
		}
	}
	if err := db.Write(context.Background(), d, func(tx *db.Tx) error { return tx.EmitTo("", "nobody", 1, 1) }); !db.IsCheck(err) {
		t.Errorf("an event for nobody: %v", err)
	}
	if all, err := db.Events(db.WithActor(context.Background(), ada), d, 2, 10); err != nil || len(all) != 0 {
		t.Errorf("of the refused one stayed %v (%v)", all, err)
	}
}

func TestManyEventsOfOneWriteAreHeardUnderTheirOwnIds(t *testing.T) {
	t.Parallel()
	d := open(t)
	var heard []db.Event
	defer d.Listen(func(e db.Event) { heard = append(heard, e) })()
	const many = 3*16 + 5 // more than one statement carries
	write(t, d, func(tx *db.Tx) error {
		for i := range int64(many) {
			if err := tx.Emit("orders", i, 1); err != nil {
				return err
			}
		}
		return nil
	})
	listed, err := db.Events(allStores(), d, 0, 100)
	if err != nil || len(listed) != many {
		t.Fatalf("listed %d (%v)", len(listed), err)
	}
	write(t, d, func(*db.Tx) error { return nil }) // callers hear before they are answered, listeners in the writer's order
	for i, e := range heard {
		if e.ID != listed[i].ID || e.EntityID != listed[i].EntityID || e.ID != int64(i+1) {
			t.Fatalf("event %d: heard %+v, listed %+v", i, e, listed[i])
		}
	}
	if len(heard) != many {
		t.Errorf("heard %d of %d", len(heard), many)
	}
}

func TestCleanupPrunesInSlicesAndIdsNeverComeBack(t *testing.T) {
	t.Parallel()
	clock := newClock()
	d := open(t, func(o *db.Options) { o.Now = clock.Now })
	emit := func(n int) {
		write(t, d, func(tx *db.Tx) error {
			for range n {
				if err := tx.Emit("orders", 1, 1); err != nil {
					return err
				}
			}
			return nil
		})
	}
	oldestAndLast := func() [2]int64 {
		oldest, last, err := db.EventRange(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{oldest, last}
	}
	if got := oldestAndLast(); got != [2]int64{0, 0} {
		t.Errorf("a new shop has events %v", got)
	}
	emit(1200)
	clock.Forward(7*24*time.Hour - time.Minute)
	if n, err := db.Cleanup(context.Background(), d); err != nil || n != 0 {
		t.Errorf("within 7 days %d went (%v)", n, err)
	}
	emit(3)
	clock.Forward(2 * time.Minute)
	commits, _ := d.Batches()
	if n, err := db.Cleanup(context.Background(), d); err != nil || n != 1200 {
		t.Errorf("after 7 days %d went (%v), want 1200", n, err)
	}
	after, _ := d.Batches()
	if slices := after - commits; slices < 5 { // three of at most 500, and one for each other kind
		t.Errorf("1200 events went in %d writes", slices)
	}
	if got := oldestAndLast(); got != [2]int64{1201, 1203} {
		t.Errorf("kept %v, want 1201 to 1203", got)
	}
	clock.Forward(8 * 24 * time.Hour)
	if n, err := db.Cleanup(context.Background(), d); err != nil || n != 3 {
		t.Errorf("%d went (%v), want 3", n, err)
	}
	if got := oldestAndLast(); got != [2]int64{0, 1203} {
		t.Errorf("kept %v, want none, and 1203 still the last given", got)
	}
	emit(1)
	if got := oldestAndLast(); got != [2]int64{1204, 1204} {
		t.Errorf("the next event is %v, want 1204: a pruned id came back", got)
	}
}

func TestCleanupKeepsTheNewestTwoHundredThousandEvents(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error { // 700 old ones, and one that is 200,000 after them
		_, err := tx.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 701)
			INSERT INTO events (id, at, topic, entity_id, version) SELECT iif(i > 700, 200700, i), ?1, 'orders', i, 1 FROM n`, tx.Now)
		return err
	})
	if n, err := db.Cleanup(context.Background(), d); err != nil || n != 700 {
		t.Errorf("%d went (%v), want 700", n, err)
	}
	if oldest, last, err := db.EventRange(context.Background(), d); err != nil || oldest != 200700 || last != 200700 {
		t.Errorf("kept %d to %d (%v)", oldest, last, err)
	}
}

func TestTheAuditSaysWhoDidWhatAndCannotBeChanged(t *testing.T) {
	t.Parallel()
	d := open(t)
	ctx := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 7, Name: "Ada", IP: "10.0.0.9"})
	err := db.Write(ctx, d, func(tx *db.Tx) error {
		return errors.Join(tx.Audit("label", 3, nil, label{"new"}), tx.Audit("label", 3, label{"new"}, (*label)(nil)))
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "user/7/Ada/10.0.0.9/label/3/-/{\"name\":\"new\"} user/7/Ada/10.0.0.9/label/3/{\"name\":\"new\"}/- "
	trail := func() (s string) {
		read(t, d, func(tx *db.Tx) error {
			return tx.Get(&s, `SELECT group_concat(concat_ws('/', actor_kind, actor_id, actor_name, ip, entity, entity_id,
				coalesce(before, '-'), coalesce(after, '-')), ' ' ORDER BY id) || ' ' FROM audit`)
		})
		return s
	}
	if got := trail(); got != want {
		t.Errorf("the audit says %s", got)
	}
	for _, change := range []string{
		"UPDATE audit SET actor_name = 'Bob'", "DELETE FROM audit",
		"INSERT OR REPLACE INTO audit SELECT id, at, actor_kind, actor_id, 'Bob', ip, entity, entity_id, before, after, NULL, NULL, action FROM audit",
	} {
		o := run(writing(d, func(tx *db.Tx) error { _, err := tx.Exec(change); return err }))
		if o.err == nil {
			t.Errorf("%s went through", change)
		}
	}
	if got := trail(); got != want {
		t.Errorf("afterwards the audit says %s", got)
	}
}

func TestCountersHaveNoGapsAndNoDoubles(t *testing.T) {
	t.Parallel()
	d := open(t)
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			var n int64
			err := db.Write(context.Background(), d, func(tx *db.Tx) (err error) {
				if n, err = tx.Next("orders", 1001); err == nil && i%3 == 0 {
					err = errRefused
				}
				return err
			})
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, n)
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	for i, n := range got {
		if n != int64(1001+i) {
			t.Fatalf("numbers %v", got)
		}
	}
	if len(got) != 40 {
		t.Errorf("%d numbers for 40 orders", len(got))
	}
	write(t, d, func(tx *db.Tx) error {
		n, err := tx.Next("invoices", 1)
		if n != 1 {
			err = fmt.Errorf("another counter starts at %d: %w", n, err)
		}
		return err
	})
}
