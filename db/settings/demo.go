package settings

import "onhand/db"

// DemoState says whether the shop is one to look around in.
type DemoState string

// The states: the demo moves in and is there; without one the state is empty.
const (
	DemoFilling DemoState = "filling"
	DemoThere   DemoState = "in"
)

// BeginDemo marks the shop while the demo moves in, and the first of its stores. What it brings is past: the shop opens now. It
// fails with demo_there.
func BeginDemo(tx *db.Tx, store int64) (*Settings, error) {
	before, err := load(tx)
	if err != nil {
		return nil, err
	}
	if before.Demo != "" {
		return nil, db.Errorf(db.Conflict, "demo_there", "The demo is in this shop already.")
	}
	s := *before
	s.Demo, s.DemoStore, s.OpenedAt = DemoFilling, store, tx.Now
	return &s, write(tx, before, &s)
}

// DemoIn says that all of the demo is there.
func DemoIn(tx *db.Tx) error {
	before, err := load(tx)
	if err != nil {
		return err
	}
	s := *before
	s.Demo = DemoThere
	return write(tx, before, &s)
}

// EndDemo makes the shop one that opens now and never sold anything, with a store that it had before the demo came.
func EndDemo(tx *db.Tx, locationID int64) error {
	before, err := load(tx)
	if err != nil {
		return err
	}
	s := *before
	s.Demo, s.DemoStore, s.OpenedAt, s.Frozen, s.DefaultLocationID = "", 0, tx.Now, false, locationID
	return write(tx, before, &s)
}
