package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/stock"
)

// ownTables name what an import makes, not what others made of it since.
var ownTables = append([]string{"import_links", "import_stock", "import_people"}, stock.Books...)

// glance looks at whether somebody changed since what an import made.
type glance struct {
	tx       *db.Tx
	m        *Import
	all      catalog.Referrers
	searched int64 // rows that one look for what refers to a variant goes through
	budget   int64 // how many such rows may still be gone through
}

func newGlance(tx *db.Tx, m *Import, all catalog.Referrers) (*glance, error) {
	searched, err := all.Searched(tx)
	return &glance{tx, m, all, searched, searchedRows}, err
}

// referrers asks the schema for a whole undoing.
func referrers(ctx context.Context, d *db.DB) (all catalog.Referrers, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		all, err = catalog.ReferrersIn(tx)
		return err
	})
	return all, err
}

// most is how much one slice takes back, in variants: less where each makes SQLite look through many rows.
func (g *glance) most() int { return min(undoVariants, max(1, searchedRows/int(g.searched+1))) }

// since is what somebody changed of a row since, nil for nothing.
func (g *glance) since(number int) (*KeptRow, error) {
	steps, err := stepsIn(g.tx, "WHERE import_id = ?1 AND file_row = ?2 ORDER BY id DESC", g.m.ID, number)
	if err != nil {
		return nil, err
	}
	r := madeRow{number, steps}
	for _, s := range slices.Backward(steps) { // the product first
		var kept *KeptRow
		switch s.Kind {
		case stepMade, stepChanged:
			kept, err = g.productSince(r, s)
		case stepSupplied:
			kept, err = g.supplySince(r, s)
		case stepStocked:
			kept, err = g.stockSince(r, s)
		case stepPersonMade, stepPersonChanged:
			kept, err = g.personSince(r, s)
		}
		if err != nil || kept != nil {
			return kept, err
		}
	}
	return nil, nil
}

// productSince looks at the product itself, and at whether anything but the import has to do with the variants it made.
func (g *glance) productSince(r madeRow, s step) (*KeptRow, error) {
	p, err := catalog.ProductIn(g.tx, s.EntityID)
	if err != nil {
		return nil, err
	}
	if p.Version != s.Was.Version {
		return r.kept(p.Name, "changed_since", "Somebody changed it since."), nil
	}
	var made []int64
	for _, v := range p.Variants {
		if s.Was.Back == nil || !slices.ContainsFunc(s.Was.Back.Variants, func(b catalog.VariantChange) bool { return b.ID == v.ID }) {
			made = append(made, v.ID)
		}
	}
	if len(made) == 0 {
		return nil, nil
	}
	used, err := stock.MovedByOthersIn(g.tx, made, g.m.document())
	if cost := g.searched * int64(len(made)); err == nil && !used && cost <= g.budget {
		g.budget -= cost
		used, err = g.all.Use(g.tx, nil, made, ownTables...)
	}
	if err != nil || !used {
		return nil, err
	}
	return r.kept(p.Name, "used_since", "It was sold, ordered or moved since."), nil
}

// supplySince looks at whether a variant is still bought as the file said.
func (g *glance) supplySince(r madeRow, s step) (*KeptRow, error) {
	stands, err := s.Was.Supply.Stands(g.tx, s.EntityID)
	if err != nil || stands {
		return nil, err
	}
	return r.kept(g.nameOf(r), "changed_since", "Somebody changed it since."), nil
}

// stockSince looks at whether the stock of a variant can go back to what it was.
func (g *glance) stockSince(r madeRow, s step) (*KeptRow, error) {
	at, imported := s.where(g.m), false
	if at != g.m.LocationID {
		if _, err := stock.LocationIn(g.tx, at); db.CodeOf(err) == "not_found" {
			return r.kept("", "other_store", "It lies in a store that you do not see."), nil
		} else if err != nil {
			return nil, err
		}
	}
	if s.Was.At == 0 {
		_, last, err := adjustment(g.tx, s.EntityID, at, s.Was.Number)
		if err != nil {
			return nil, err
		}
		imported = last == nil || *last != s.Was.Number
	}
	var missing int64
	var counted bool
	if s.Was.Delta != 0 && !imported {
		var err error
		if missing, counted, err = stock.LeadsBackIn(g.tx, s.EntityID, at, s.Was.Delta, g.m.document()); err != nil {
			return nil, err
		}
	}
	if !imported && !counted && missing == 0 {
		return nil, nil
	}
	l, err := stock.LevelIn(g.tx, s.EntityID, at)
	if err != nil {
		return nil, err
	}
	switch {
	case imported:
		return r.kept(l.Name, "imported_since", "A later import has another number of it."), nil
	case counted:
		return r.kept(l.Name, "counted_since", "It was counted or corrected since."), nil
	}
	kept := r.kept(l.Name, "stock_gone", fmt.Sprintf("%d of the %d that came in are sold or promised.", missing, s.Was.Delta))
	kept.Params = map[string]any{"missing": missing, "delta": s.Was.Delta}
	return kept, nil
}

func (r madeRow) kept(name, code, reason string) *KeptRow {
	return &KeptRow{Row: r.number, Name: name, Code: code, Reason: reason}
}

// gaveUp keeps a row whose steps could not be taken back.
func (g *glance) gaveUp(r madeRow, failure error) *KeptRow {
	kept := r.kept(g.nameOf(r), "not_undone", "Something went wrong with it on the way.")
	var e *db.Error
	if isRefusal(failure) && errors.As(failure, &e) {
		kept.Code, kept.Reason, kept.Params = e.Code, e.Message, e.Params
	}
	return kept
}

// nameOf is what a row is called, as far as that can be told.
func (g *glance) nameOf(r madeRow) string {
	for _, s := range slices.Backward(r.steps) {
		switch s.Kind {
		case stepMade, stepChanged, stepLinked:
			if p, err := catalog.ProductIn(g.tx, s.EntityID); err == nil {
				return p.Name
			}
		case stepPersonMade, stepPersonChanged, stepPersonLinked:
			if c, err := customers.In(g.tx, s.EntityID); err == nil {
				return cmp.Or(c.Name, c.Email, c.Phone)
			}
		case stepSupplied:
			return s.Was.Supply.Name
		case stepStocked:
			if l, err := stock.LevelIn(g.tx, s.EntityID, s.where(g.m)); err == nil {
				return l.Name
			}
		}
	}
	return ""
}
