package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onhand/db"
)

// shopModel is what a shop must hold after each batch.
type shopModel struct {
	names   []string // of the rows, in order
	counter int64
	heard   []string // hooks and events, in order
}

// deed is one call of a batch and what it should do to the model.
type deed struct {
	kind string
	name string
}

// run does the deed for real; whatever its kind, it first leaves all traces.
func (a deed) run(d *db.DB, heard *[]string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if a.kind == "left before" {
		cancel()
	}
	return db.Write(ctx, d, func(tx *db.Tx) error {
		n, err := tx.Next("n", 1)
		if err != nil {
			return err
		}
		tx.After(func() { *heard = append(*heard, "hook "+a.name) })
		if err := errors.Join(put(tx, a.name), tx.Emit("event "+a.name, n, 1)); err != nil {
			return err
		}
		switch a.kind {
		case "refused":
			return errRefused
		case "panic":
			panic("broken")
		case "exit":
			runtime.Goexit()
		case "left within":
			cancel()
		case "swallowed constraint":
			if err := put(tx, a.name); !db.IsUnique(err) {
				return fmt.Errorf("a second %s: %w", a.name, err)
			}
		case "full":
			if _, err := tx.Exec("INSERT INTO scratch (data) VALUES (zeroblob(100000000))"); err == nil {
				return errors.New("there was room for 100 MB")
			}
		}
		return nil
	})
}

// apply does a batch to the model and says which calls should land.
func (m *shopModel) apply(batch []deed) []bool {
	landed := make([]bool, len(batch))
	if slices.ContainsFunc(batch, func(a deed) bool { return a.kind == "full" && !slices.Contains(m.names, a.name) && first(batch, a) }) {
		return landed
	}
	for i, a := range batch {
		switch a.kind {
		case "ok", "left within", "swallowed constraint":
			if !slices.Contains(m.names, a.name) {
				m.names = append(m.names, a.name)
				m.counter++
				m.heard = append(m.heard, "hook "+a.name, "event "+a.name)
				landed[i] = true
			}
		}
	}
	return landed
}

// first says whether nothing in the batch takes the name of a before a does: a
// name that is taken stops the call before it fills the disk.
func first(batch []deed, a deed) bool {
	for _, b := range batch {
		if b == a {
			return true
		}
		if b.name == a.name && slices.Contains([]string{"ok", "left within", "swallowed constraint"}, b.kind) {
			return false
		}
	}
	return true
}

func TestBatchesOfAllKindsDoWhatTheModelSays(t *testing.T) {
	t.Parallel()
	kinds := rapid.SampledFrom([]string{
		"ok", "ok", "ok", "ok", "refused", "panic", "exit", "left before", "left within", "swallowed constraint", "full",
	})
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		var pages int
		return tx.Get(&pages, "PRAGMA max_page_count = 5000")
	})
	var heard []string
	defer d.Listen(func(e db.Event) { heard = append(heard, e.Topic) })()
	var m shopModel
	named := 0
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 8).Draw(t, "size")
		var batch []deed
		var calls []func() error
		for range size {
			name := fmt.Sprint("n", rapid.IntRange(max(0, named-3), named+1).Draw(t, "name"))
			a := deed{kinds.Draw(t, "kind"), name}
			batch = append(batch, a)
			calls = append(calls, func() error { return a.run(d, &heard) })
			named++
		}
		want := m.apply(batch)
		for i, o := range oneBatch(t, d, calls...) {
			if o.landed() != want[i] {
				t.Fatalf("%+v: call %d came back with %+v, want landed %v", batch, i, o, want[i])
			}
		}
		if got := names(t, d); got != strings.Join(m.names, " ") {
			t.Fatalf("%+v: the file holds %s, want %v", batch, got, m.names)
		}
		if !slices.Equal(heard, m.heard) {
			t.Fatalf("%+v: heard %v, want %v", batch, heard, m.heard)
		}
		var counter int64
		err := db.Read(context.Background(), d, func(tx *db.Tx) error {
			return tx.Get(&counter, "SELECT coalesce(max(next), 1) - 1 FROM counters WHERE name = 'n'")
		})
		if err != nil || counter != m.counter {
			t.Fatalf("%+v: the counter gave %d (%v), want %d", batch, counter, err, m.counter)
		}
	})
}
