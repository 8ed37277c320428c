package imports

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// sliceVariants is how much one write makes or changes, in variants, so that nobody waits longer for it than for an order. A larger
// product is a slice of its own.
const sliceVariants = 20

// deed is what a plan writes for one row, with the steps that lead back from it.
type deed struct {
	row    int
	weight int // in variants
	do     func(*db.Tx, *Import) error
}

// carryOut does one phase of deeds after the other, in slices, and in the end says that the import is committed.
func (s *sheet) carryOut(ctx context.Context, d *db.DB, m *Import, phases ...[]deed) error {
	var slices [][]deed
	for _, deeds := range phases {
		slices = append(slices, sliced(deeds)...)
	}
	for i, slice := range slices {
		if err := carrySlice(ctx, d, m, slice, (i+1)*100/(len(slices)+1)); err != nil {
			return err
		}
	}
	return s.finish(ctx, d, m)
}

// sliced divides deeds by their weight.
func sliced(deeds []deed) (slices [][]deed) {
	sum := 0
	for _, one := range deeds {
		if len(slices) == 0 || sum+one.weight > sliceVariants {
			slices, sum = append(slices, nil), 0
		}
		slices[len(slices)-1], sum = append(slices[len(slices)-1], one), sum+one.weight
	}
	return slices
}

// begin says that an import runs, before it is planned: drawing the plan of a large file takes its time.
func begin(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		if _, err := stock.LocationIn(tx, m.LocationID); err != nil {
			return err
		}
		m.Status, m.Progress, m.Version = Running, 0, m.Version+1
		m.blame(tasks.Note{})
		if err := tasks.StartWork(tx, tasks.ImportWork, m.ID, m.FileName, m.LocationID); err != nil {
			return err
		}
		return publish(tx, m)
	})
}

func carrySlice(ctx context.Context, d *db.DB, m *Import, slice []deed, progress int) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		for _, one := range slice {
			if err := one.do(tx, m); err != nil {
				return fmt.Errorf("import row %d: %w", one.row, err)
			}
		}
		m.Progress, m.Version = progress, m.Version+1
		if _, err := tx.Exec("UPDATE imports SET progress = ?2, version = ?3 WHERE id = ?1", m.ID, m.Progress, m.Version); err != nil {
			return fmt.Errorf("note the progress: %w", err)
		}
		if err := tasks.AdvanceWork(tx, tasks.ImportWork, m.ID, m.Progress); err != nil {
			return err
		}
		return tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}

func (s *sheet) finish(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		m.Status, m.Progress, m.CommittedAt, m.Version = Committed, 100, &tx.Now, m.Version+1
		m.UndoUntil = ref(tx.Now.Add(keepSteps))
		if err := keepRejects(tx, m); err != nil {
			return err
		}
		if err := tx.Audit("import", m.ID, nil, m.ImportItem); err != nil {
			return err
		}
		if err := rememberMapping(tx, m.Kind, s.Header, s.mapping); err != nil {
			return err
		}
		if err := tasks.EndWork(tx, tasks.ImportWork, m.ID, tasks.WorkDone, tasks.Note{}); err != nil {
			return err
		}
		return publish(tx, m)
	})
}
