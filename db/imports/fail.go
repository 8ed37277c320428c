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
		if m.CommittedAt != nil {
			err = errors.Join(err, leadBack(ctx, d, m.ID))
			continue
		}
		err = errors.Join(err, fail(ctx, d, m.ID, tasks.Note{Code: "stopped", Text: "Onhand stopped before this import was through, so nothing was imported. Try again."}))
	}
	return err
}

// reason is why an import failed.
func reason(why error) tasks.Note {
	var e *db.Error
	switch {
	case db.CodeOf(why) == tasks.CodeCancelled && errors.As(why, &e):
		return tasks.Note{Text: "Nothing was imported: " + e.Message, Code: e.Code, Params: e.Params}
	case isRefusal(why) && errors.As(why, &e):
		return tasks.Note{Text: "Nothing was imported, because the shop changed on the way: " + e.Message, Code: e.Code, Params: e.Params}
	case errors.Is(why, context.DeadlineExceeded) || errors.Is(why, context.Canceled):
		return tasks.Note{Code: "timed_out", Text: "This import did not get through in time, so nothing was imported. Split the file and import one part after the other."}
	case errors.As(why, &e):
		return tasks.Note{Text: "Nothing was imported: " + e.Message, Code: e.Code, Params: e.Params}
	}
	return tasks.Note{Code: "went_wrong",
		Text: "Something went wrong on the way, so nothing was imported. Try again; if it happens again, ask for help with the number of this import."}
}

// fail takes the steps of a running import back, the last first, in slices, and leaves it failed. It goes on where a stopped
// process left it. It fails only when nothing can be saved or ctx ends; the import then stays running until somebody takes it up.
func fail(ctx context.Context, d *db.DB, id int64, why tasks.Note) error {
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
func failSlice(ctx context.Context, d *db.DB, id int64, why tasks.Note, all catalog.Referrers, most int, failure error) (left bool, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		m, err := byID(tx, id)
		if err != nil || m.Status != Running {
			return err
		}
		if !m.Undoing {
			if err := m.turnBack(tx, why); err != nil {
				return err
			}
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
			stays := s.left(g.nameOf(madeRow{s.Row, []step{s}}), "not_undone", fmt.Sprintf("%s %d could not be taken back", s.Kind, s.EntityID))
			if failure == nil {
				if stays, err = s.takeBack(g); err != nil {
					return fmt.Errorf("take back step %d: %w", s.ID, err)
				}
			}
			m.leaves(stays)
			if err := g.forget("id = ?2", s.ID); err != nil {
				return err
			}
		}
		left = len(steps) > 0
		m.Version++
		if left {
			if m.Progress, err = m.wentBack(tx, steps); err != nil {
				return err
			}
			if err := tasks.LeadBackWork(tx, tasks.ImportWork, id, m.Progress); err != nil {
				return err
			}
		}
		if !left {
			if err := forgetPictures(tx, id); err != nil {
				return err
			}
			m.Status, m.Progress, m.UndoFrom, m.Undoing = Failed, 100, 0, false
			if more := m.Archived - namedArchived; more > 0 {
				m.stays(fmt.Sprintf("%d more are archived", more))
			}
			m.stays(".")
			if err := tasks.EndWork(tx, tasks.ImportWork, id, tasks.WorkFailed, tasks.Note{Text: m.Failure, Code: m.FailureCode, Params: m.FailureParams}); err != nil {
				return err
			}
		}
		return publish(tx, m)
	})
	return left, err
}

// turnBack begins to take a running import back.
func (m *Import) turnBack(tx *db.Tx, why tasks.Note) error {
	if err := tx.Row("SELECT count(*) + 1 FROM import_steps WHERE import_id = ?1", []any{m.ID}, &m.UndoFrom); err != nil {
		return fmt.Errorf("count the steps: %w", err)
	}
	m.blame(why)
	m.Undoing, m.Progress, m.Kept, m.KeptCount, m.Archived = true, 0, []KeptRow{}, 0, 0
	return nil
}

// wentBack is how many percent of the steps are taken back with these. No other import writes meanwhile, so their ids have no gaps.
func (m *Import) wentBack(tx *db.Tx, steps []step) (percent int, err error) {
	var left int
	err = tx.Row("SELECT ?2 - coalesce(min(id), ?2) FROM import_steps WHERE import_id = ?1", []any{m.ID, steps[len(steps)-1].ID}, &left)
	if err != nil {
		return 0, fmt.Errorf("look at how many steps are left: %w", err)
	}
	return max(m.UndoFrom-1-left, 0) * 100 / m.UndoFrom, nil
}

// leaves notes what of a step stays: in the failure, and as a row unless it is a product that is archived, which are counted.
func (m *Import) leaves(k *KeptRow) {
	if k == nil {
		return
	}
	m.stays(k.Reason)
	if k.Code != stepArchived {
		k.Reason += "."
		m.KeptCount++
		m.Kept = capped(m.Kept, *k, maxErrors)
	}
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
