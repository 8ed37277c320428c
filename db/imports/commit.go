package imports

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"onhand/db"
	"onhand/db/tasks"
)

// attempts is how often a commit plans anew when the shop changed between its plan and its writes.
const attempts = 3

// CommitOptions say how an import is committed.
type CommitOptions struct {
	// SkipErrors leaves out the rows that have errors, and what belongs to a product that has one.
	SkipErrors bool `json:"skipErrors,omitempty"`
}

// Commit carries an import out as the shop is now, in slices between which others write: in the end all of it stands, or none.
// Repeated it answers the same. When ctx ends before it is through, it goes on and the import is answered as it is, running.
// It fails with cancelled, has_errors (the preview then shows those of now), import_running,
// import_undoing, expired, illegal_move, not_found.
func Commit(ctx context.Context, d *db.DB, id int64, o CommitOptions) (*Import, error) {
	if m, err := ByID(ctx, d, id); err != nil || m.Status == Committed {
		return m, err
	}
	return alone(ctx, d, id, func(ctx context.Context) (*Import, error) { return commit(ctx, d, id, o) })
}

// alone does long work on an import while no other is worked on, and goes on when who asked for it has left.
func alone(ctx context.Context, d *db.DB, id int64, work func(context.Context) (*Import, error)) (*Import, error) {
	if !d.Importing.TryLock() {
		return nil, busy(ctx, d)
	}
	calm := context.WithoutCancel(ctx)
	type outcome struct {
		m   *Import
		err error
	}
	through := make(chan outcome, 1)
	go func() {
		done := sparing()
		m, err := carefully(func() (*Import, error) { return work(calm) })
		done()
		d.Importing.Unlock() // first: who hears of the outcome may begin the next one at once
		through <- outcome{m, err}
	}()
	select {
	case out := <-through:
		return out.m, out.err
	case <-ctx.Done():
		return ByID(calm, d, id)
	}
}

// busy says which way the import goes that another one has to wait for.
func busy(ctx context.Context, d *db.DB) error {
	var back bool
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT EXISTS (SELECT 1 FROM imports WHERE status = ?1 AND undo_from > 0)", []any{string(Running)}, &back)
	})
	switch {
	case err != nil:
		return err
	case back:
		return db.Errorf(db.Conflict, "import_undoing", "An earlier import is being taken back. Wait until it is through and try again.")
	}
	return db.Errorf(db.Conflict, "import_running", "Another import is running. Wait until it is through and try again.")
}

// carefully turns a panic into an error: nobody above would catch it.
func carefully(work func() (*Import, error)) (m *Import, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("an import panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return work()
}

// commit is Commit for who holds Importing.
func commit(ctx context.Context, d *db.DB, id int64, o CommitOptions) (*Import, error) {
	if err := takeUp(ctx, d); err != nil {
		return nil, err
	}
	var last error
	for range attempts {
		if last = attempt(ctx, d, id, o); last == nil {
			return ByID(ctx, d, id)
		}
		if db.CodeOf(last) == "has_errors" || !isRefusal(last) || db.CodeOf(last) == tasks.CodeCancelled {
			break
		}
	}
	return nil, last
}

// attempt plans an import as the shop is now and carries the plan out. Whatever goes wrong on the way, a panic too, what was done is taken
// back; where rows have errors, the preview stands again and shows those of now.
func attempt(ctx context.Context, d *db.DB, id int64, o CommitOptions) (err error) {
	m, f, err := load(ctx, d, id)
	switch {
	case err != nil || m.Status == Committed:
		return err
	case m.Status == Undone:
		return db.Illegal("import", Undone, Committed)
	case m.Status == Running:
		return errors.New("what this import did is not taken back yet")
	}
	was := m.Status
	if err := begin(ctx, d, m); err != nil {
		return err
	}
	through := false
	defer func() {
		if !through {
			err = errors.Join(err, fail(context.WithoutCancel(ctx), d, m.ID, reason(err)))
		}
	}()
	p, err := draw(ctx, d, m, f)
	if err != nil {
		return err
	}
	if err := p.sum(m); err != nil {
		return err
	}
	if m.ErrorRows > 0 && !o.SkipErrors {
		m.Status = was
		if err := standBack(ctx, d, m); err != nil {
			return err
		}
		through = true
		return hasErrors(m)
	}
	err = p.carryOut(ctx, d, m)
	through = err == nil
	return err
}

// standBack leaves an import that began as it was before, with what is wrong now.
func standBack(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		m.Version++
		if err := keepRejects(tx, m); err != nil {
			return err
		}
		e := hasErrors(m)
		if err := tasks.EndWork(tx, tasks.ImportWork, m.ID, tasks.WorkFailed, tasks.Note{Text: e.Message, Code: e.Code, Params: e.Params}); err != nil {
			return err
		}
		return publish(tx, m)
	})
}

func hasErrors(m *Import) *db.Error {
	return db.Errorf(db.Conflict, "has_errors", "%d rows have errors, so nothing was imported. Correct the file and choose it again, or import the rest without them.", m.ErrorRows).
		With("rows", m.ErrorRows)
}

// isRefusal says whether a room refused a change, so that another plan may fit.
func isRefusal(err error) bool {
	var e *db.Error
	return errors.As(err, &e) && (e.Kind == db.Invalid || e.Kind == db.Conflict || e.Kind == db.Missing)
}

// publish saves an import and tells of it.
func publish(tx *db.Tx, m *Import) error {
	if err := save(tx, m); err != nil {
		return err
	}
	return tx.Emit("imports", m.ID, m.Version, m.LocationID)
}
