package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/purchasing"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// Start moves the demo into an empty shop, in writes so short that others work on. It goes on when the caller has left, and tells how
// it ended: when it does not get through, nothing of it stays. It fails with not_empty, demo_there, import_running; it ends with
// cancelled.
func Start(ctx context.Context, d *db.DB) (<-chan error, error) {
	return start(db.WithoutKey(context.WithoutCancel(ctx)), d, nil)
}

// fill is Start for who waits. When ctx ends, TakeBack clears what there is.
func fill(ctx context.Context, d *db.DB, first func(*db.Tx) error) error {
	started, err := start(ctx, d, first)
	if err != nil {
		return err
	}
	return <-started
}

// start begins with something else in the same write: a shop that is set up for the demo is never seen without it.
func start(ctx context.Context, d *db.DB, first func(*db.Tx) error) (<-chan error, error) {
	if !d.Importing.TryLock() {
		return nil, busy()
	}
	b, err := begin(ctx, d, first)
	if err != nil {
		d.Importing.Unlock()
		return nil, err
	}
	through := make(chan error, 1)
	go func() {
		defer d.Importing.Unlock()
		ctx := db.WithActor(ctx, author)
		err := b.carry(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("the demo did not get in", "error", err)
			err = errors.Join(err, clear(ctx, d, nil, reason(err)))
		}
		through <- err
	}()
	return through, nil
}

// begin marks the shop and notes that work begins.
func begin(ctx context.Context, d *db.DB, first func(*db.Tx) error) (*books, error) {
	b := &books{d: d, rand: rand.New(rand.NewPCG(seed, seed)), given: map[string]bool{}, bought: map[int]*bought{}}
	err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
		if first != nil {
			if err := first(tx); err != nil {
				return err
			}
		}
		if err := empty(tx); err != nil {
			return err
		}
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		second, err := stock.CreateLocation(tx, branch.in(s.Language))
		if err != nil {
			return err
		}
		if b.settings, err = settings.BeginDemo(tx, second.ID); err != nil {
			return err
		}
		b.language, b.until = s.Language, tx.Now
		b.stores = [stores]int64{b.settings.DefaultLocationID, second.ID}
		if err := tx.AuditAs("filled", "demo", 1, nil, nil); err != nil {
			return err
		}
		return tasks.StartWork(tx, workKind, 1, b.settings.Name, b.settings.DefaultLocationID)
	})
	if err != nil {
		return nil, err
	}
	b.begin = b.at(b.settings.Today(b.until).AddDays(-days), 6, 0)
	return b, nil
}

// empty refuses a shop in which somebody has begun to work: what they made would go out with the demo.
func empty(tx *db.Tx) error {
	for _, begun := range []func(*db.Tx) (bool, error){catalog.Begun, sales.Begun} {
		yes, err := begun(tx)
		if err != nil {
			return err
		}
		if yes {
			return db.Errorf(db.Conflict, "not_empty", "The demo only moves into a shop without products and orders.")
		}
	}
	return nil
}

// carry turns a panic into an error: nobody above would catch it.
func (b *books) carry(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the demo panicked: %v\n%s", r, debug.Stack())
		}
	}()
	if err := b.write(ctx); err != nil {
		return err
	}
	if err := b.learn(ctx); err != nil {
		return err
	}
	return db.Write(ctx, b.d, func(tx *db.Tx) error {
		if err := settings.DemoIn(tx); err != nil {
			return err
		}
		for _, w := range b.wares { // whoever looks at the shop, and at its stock, reads it again
			for _, l := range b.stores {
				if err := tx.Emit("stock", w.id, 0, l); err != nil {
					return err
				}
			}
		}
		return tasks.EndWork(tx, workKind, 1, tasks.WorkDone, tasks.Note{})
	})
}

// learn does what the shop's nights would have done: a year of sales says what matters, and when to order more of it.
func (b *books) learn(ctx context.Context) error {
	if err := stock.Classify(ctx, b.d); err != nil {
		return err
	}
	_, err := purchasing.WorkOutPoints(ctx, b.d)
	return err
}

func reason(err error) string {
	var e *db.Error
	if errors.As(err, &e) {
		return "The demo was taken back: " + e.Message
	}
	return "Something went wrong on the way, so the demo was taken back. Try again."
}

// TakeBack clears what a stopped process left half written. While one is being written there is none.
func TakeBack(ctx context.Context, d *db.DB) error {
	if !d.Importing.TryLock() {
		return nil
	}
	defer d.Importing.Unlock()
	s, err := settings.Current(ctx, d)
	if err != nil || s.Demo != settings.DemoFilling {
		if db.CodeOf(err) == "not_set_up" {
			return nil
		}
		return err
	}
	return clear(db.WithActor(ctx, author), d, nil, "")
}
