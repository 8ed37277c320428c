package imports

import (
	"context"
	"fmt"
	"math"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/tasks"
)

// keepSteps is how long a committed import can be undone.
const keepSteps = 30 * 24 * time.Hour

// lookRows is how many rows of the file one read looks at.
const lookRows = 100

// UndoOptions say how an import is undone.
type UndoOptions struct {
	// DryRun changes nothing and says which rows would stay.
	DryRun bool `json:"dryRun,omitempty"`
}

// KeptRow is a row whose undoing is refused, because somebody changed what it made since.
type KeptRow struct {
	Row    int            `json:"row" doc:"in the file; of a product with several variants its first row"`
	Name   string         `json:"name"`
	Code   string         `json:"code"`
	Reason string         `json:"reason"`
	Params map[string]any `json:"params,omitempty"`
}

// Undo leads the shop back to what it was before a committed import, in slices between which others write. Each row goes back
// whole or not at all: what somebody changed since stays as they left it and is named. Repeated it answers the same. When ctx ends
// before it is through, it goes on and the import is answered as it is, running; a stopped process goes on at its next start.
// It fails with illegal_move (it is not committed), undo_expired, import_running, import_undoing, not_found.
func Undo(ctx context.Context, d *db.DB, id int64, o UndoOptions) (*Import, error) {
	m, err := ByID(ctx, d, id)
	switch {
	case err != nil || m.Status == Undone:
		return m, err
	case o.DryRun:
		return foresee(ctx, d, m)
	}
	return alone(ctx, d, id, func(ctx context.Context) (*Import, error) {
		if err := takeUp(ctx, d); err != nil {
			return nil, err
		}
		if err := beginUndo(ctx, d, id); err != nil {
			return nil, err
		}
		if err := leadBack(ctx, d, id); err != nil {
			return nil, err
		}
		return ByID(ctx, d, id)
	})
}

// undoable refuses an import that cannot be undone.
func (m *Import) undoable(now db.Time) error {
	switch {
	case m.Status != Committed:
		return db.Illegal("import", m.Status, Undone)
	case m.UndoUntil == nil || *m.UndoUntil <= now:
		return db.Errorf(db.Conflict, "undo_expired", "This import is too long ago to be undone.")
	}
	return nil
}

func beginUndo(ctx context.Context, d *db.DB, id int64) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		m, err := byID(tx, id)
		if err != nil || m.Status == Undone { // it was taken up just now
			return err
		}
		if err := m.undoable(tx.Now); err != nil {
			return err
		}
		highest, err := nextSteps(tx, id, byRow, 1)
		if err != nil {
			return err
		}
		m.UndoFrom, m.Kept, m.KeptCount, m.Archived = 1, []KeptRow{}, 0, 0
		if len(highest) > 0 {
			m.UndoFrom += highest[0].Row
		}
		m.Status, m.Progress, m.Version = Running, 0, m.Version+1
		if err := tasks.StartWork(tx, tasks.UndoWork, m.ID, m.FileName, m.LocationID); err != nil {
			return err
		}
		return publish(tx, m)
	})
}

// leadBack takes back the rows of an import that is being undone, the last first, and goes on where a stopped process left it.
func leadBack(ctx context.Context, d *db.DB, id int64) error {
	all, err := referrers(ctx, d)
	if err != nil {
		return err
	}
	return slowly(d, id, func(most int, failure error) (bool, error) { return backSlice(ctx, d, id, all, most, failure) })
}

// backSlice takes back the next rows and answers whether there may be more. At most 1 it takes a single row, and with a failure it
// keeps that one.
func backSlice(ctx context.Context, d *db.DB, id int64, all catalog.Referrers, most int, failure error) (left bool, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		m, err := byID(tx, id)
		if err != nil || m.Status != Running {
			return err
		}
		g, err := newGlance(tx, m, all)
		if err != nil {
			return err
		}
		rows, err := nextRows(tx, m, g.most())
		if err != nil {
			return err
		}
		if most == 1 {
			rows = rows[:min(1, len(rows))]
		}
		for _, r := range rows {
			if err := g.goBack(r, failure); err != nil {
				return err
			}
			m.Progress = (m.UndoFrom - r.number) * 100 / (m.UndoFrom + 1)
		}
		if left = len(rows) > 0; !left {
			return endUndo(tx, m)
		}
		m.Version++
		if err := tasks.AdvanceWork(tx, tasks.UndoWork, id, m.Progress); err != nil {
			return err
		}
		return publish(tx, m)
	})
	return left, err
}

func endUndo(tx *db.Tx, m *Import) error {
	if err := forgetPictures(tx, m.ID); err != nil {
		return err
	}
	before := m.ImportItem
	m.Status, m.Progress, m.UndoFrom, m.UndoUntil, m.UndoneAt, m.Undoing, m.Version = Undone, 100, 0, nil, &tx.Now, false, m.Version+1
	if err := tx.AuditAs("undone", "import", m.ID, before, m.ImportItem); err != nil {
		return err
	}
	var note tasks.Note
	if m.KeptCount > 0 {
		note = tasks.Note{Text: fmt.Sprintf("%d rows were changed since and stay as they are.", m.KeptCount), Code: "rows_kept", Params: tasks.WorkParams{"count": m.KeptCount}}
	}
	if err := tasks.EndWork(tx, tasks.UndoWork, m.ID, tasks.WorkDone, note); err != nil {
		return err
	}
	return publish(tx, m)
}

// madeRow is what an import did for one row of its file: the steps at hand, the last first.
type madeRow struct {
	number int // 0 for the labels that rows share
	steps  []step
}

func nextRows(tx *db.Tx, m *Import, most int) (rows []madeRow, err error) {
	steps, err := nextSteps(tx, m.ID, byRow, most)
	for _, s := range steps {
		if len(rows) == 0 || rows[len(rows)-1].number != s.Row {
			rows = append(rows, madeRow{number: s.Row})
		}
		last := &rows[len(rows)-1]
		last.steps = append(last.steps, s)
	}
	return rows, err
}

// goBack takes back what an import did for a row, or keeps all of the row.
func (g *glance) goBack(r madeRow, failure error) error {
	if r.number > 0 {
		kept, err := g.since(r.number)
		if failure != nil {
			kept, err = g.gaveUp(r, failure), nil
		}
		if err != nil {
			return fmt.Errorf("look at row %d: %w", r.number, err)
		}
		if kept != nil {
			g.m.KeptCount++
			g.m.Kept = capped(g.m.Kept, *kept, maxErrors)
			return g.forget("file_row = ?2", r.number)
		}
	}
	for _, s := range r.steps {
		if failure == nil {
			if _, err := s.takeBack(g); err != nil {
				return fmt.Errorf("take back step %d: %w", s.ID, err)
			}
		}
		if err := g.forget("id = ?2", s.ID); err != nil {
			return err
		}
	}
	return nil
}

func (g *glance) forget(which string, arg any) error {
	if _, err := g.tx.Exec("DELETE FROM import_steps WHERE import_id = ?1 AND "+which, g.m.ID, arg); err != nil {
		return fmt.Errorf("take off a step: %w", err)
	}
	return nil
}

// foresee says which rows would stay as they are, if the import were undone now.
func foresee(ctx context.Context, d *db.DB, m *Import) (*Import, error) {
	if err := m.undoable(db.TimeOf(d.Now())); err != nil {
		return nil, err
	}
	all, err := referrers(ctx, d)
	if err != nil {
		return nil, err
	}
	m.Kept, m.KeptCount = []KeptRow{}, 0
	for before := int64(math.MaxInt64); ; {
		var numbers []int64
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			err := tx.Select(&numbers, `SELECT DISTINCT file_row FROM import_steps WHERE import_id = ?1 AND file_row > 0 AND file_row < ?2
				ORDER BY file_row DESC LIMIT ?3`, m.ID, before, lookRows)
			if err != nil {
				return err
			}
			g, err := newGlance(tx, m, all)
			for _, n := range numbers {
				if err != nil {
					return err
				}
				var kept *KeptRow
				if kept, err = g.since(int(n)); kept != nil {
					m.KeptCount++
					m.Kept = capped(m.Kept, *kept, maxErrors)
				}
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("foresee the undoing of import %d: %w", m.ID, err)
		}
		if len(numbers) < lookRows {
			return m, nil
		}
		before = numbers[len(numbers)-1]
	}
}
