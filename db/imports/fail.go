package imports

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/tasks"
)

// maxFailure is how long the sentence of a failure grows, in bytes, before it stops naming what stays.
const maxFailure = 600

// undoVariants is how many variants one write takes back: archiving and freeing one costs twice what making it did.
const undoVariants = 20

// searchedRows is how many rows one write may look through for what it removes.
const searchedRows = 100_000

// namedArchived is how many of the products that are archived a failure names; the others are counted.
const namedArchived = 3

// TakeUp takes back the import that a stopped process left running, or goes on to undo it; it belongs to nobody. While an import of this process runs
// there is none.
func TakeUp(ctx context.Context, d *db.DB) error {
	if !d.Importing.TryLock() {
		return nil
	}
	defer d.Importing.Unlock()
	return takeUp(ctx, d)
}

// takeUp is TakeUp for who holds Importing. When ctx ends, the next one goes on.
func takeUp(ctx context.Context, d *db.DB) error {
	ctx = db.WithActor(ctx, db.Actor{Kind: db.JobActor, Name: "imports"})
	var left []ImportItem
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&left, "SELECT "+columns+" FROM imports WHERE status = ?1", string(Running))
	})
	for _, m := range left {
		if m.Undoing {
			err = errors.Join(err, leadBack(ctx, d, m.ID))
			continue
		}
		err = errors.Join(err, fail(ctx, d, m.ID, "Onhand stopped before this import was through, so nothing was imported. Try again."))
	}
	return err
}

// reason is the plain sentence of why an import failed.
func reason(why error) string {
	var e *db.Error
	switch {
	case db.CodeOf(why) == tasks.CodeCancelled && errors.As(why, &e):
		return "Nothing was imported: " + e.Message
	case isRefusal(why) && errors.As(why, &e):
		return "Nothing was imported, because the shop changed on the way: " + e.Message
	case errors.Is(why, context.DeadlineExceeded) || errors.Is(why, context.Canceled):
		return "This import did not get through in time, so nothing was imported. Split the file and import one part after the other."
	case errors.As(why, &e):
		return "Nothing was imported: " + e.Message
	}
	return "Something went wrong on the way, so nothing was imported. Try again; if it happens again, ask for help with the number of this import."
}

// fail takes the steps of a running import back, the last first, in slices, and leaves it failed. It goes on where a stopped
// process left it. It fails only when nothing can be saved or ctx ends; the import then stays running until somebody takes it up.
func fail(ctx context.Context, d *db.DB, id int64, why string) error {
	all, err := referrers(ctx, d)
	if err != nil {
		return err
	}
	return slowly(d, id, func(most int, failure error) (bool, error) { return failSlice(ctx, d, id, why, all, most, failure) })
}

// slowly takes back slice after slice until none is left: where one fails, its steps one by one, and what fails then is given up.
func slowly(d *db.DB, id int64, slice func(most int, failure error) (left bool, err error)) error {
	most := undoVariants
	for {
		left, err := slice(most, nil)
		switch {
		case err != nil && !unsaved(err) && most == 1: // a step that cannot be undone must not hold up the others
			d.Log.Error("a step of an import was not taken back", "import", id, "error", err)
			left, err = slice(most, err)
			most = undoVariants
		case err != nil && !unsaved(err):
			most, err, left = 1, nil, true
		case err == nil:
			most = undoVariants
		}
		if err != nil || !left {
			return err
		}
	}
}

// unsaved says whether nothing can be saved now, so that trying the next step is of no use.
func unsaved(err error) bool {
	var e *db.Error
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &e) && (e.Kind == db.Unavailable || e.Kind == db.Full)
}

// failSlice takes back the last steps and answers whether there may be more. With a failure it only gives up the last one.
func failSlice(ctx context.Context, d *db.DB, id int64, why string, all catalog.Referrers, most int, failure error) (left bool, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		m, err := byID(tx, id)
		if err != nil || m.Status != Running {
			return err
		}
		if m.Failure == "" {
			m.Failure = why
		}
		g, err := newGlance(tx, m, all)
		if err != nil {
			return err
		}
		steps, err := nextSteps(tx, id, lastFirst, min(most, g.most()))
		if err != nil {
			return err
		}
		for _, s := range steps {
			stays := fmt.Sprintf("%s %d could not be taken back", s.Kind, s.EntityID)
			if failure == nil {
				if stays, err = s.takeBack(g); err != nil {
					return fmt.Errorf("take back step %d: %w", s.ID, err)
				}
			}
			m.stays(stays)
			if _, err := tx.Exec("DELETE FROM import_steps WHERE id = ?1", s.ID); err != nil {
				return fmt.Errorf("take off a step: %w", err)
			}
		}
		left = len(steps) > 0
		m.Version++
		if !left {
			if err := forgetPictures(tx, id); err != nil {
				return err
			}
			m.Status, m.Progress = Failed, 0
			if more := m.Archived - namedArchived; more > 0 {
				m.stays(fmt.Sprintf("%d more are archived", more))
			}
			m.stays(".")
			if err := tasks.EndWork(tx, tasks.ImportWork, id, tasks.WorkFailed, m.Failure); err != nil {
				return err
			}
		}
		return publish(tx, m)
	})
	return left, err
}

// stays adds to the failure what could not be taken back; "." ends the list.
func (m *Import) stays(what string) {
	const begins, more = " Not taken back: ", " and more"
	begun := strings.Contains(m.Failure, begins)
	switch {
	case what == "" || what == "." && !begun:
	case what == ".":
		m.Failure += what
	case !begun:
		m.Failure += begins + what
	case len(m.Failure) < maxFailure:
		m.Failure += ", " + what
	case !strings.HasSuffix(m.Failure, more):
		m.Failure += more
	}
}
