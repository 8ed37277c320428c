package imports

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/stock"
)

// The kinds of steps.
const (
	stepBrand    = "brand"
	stepCategory = "category"
	stepSupplier = "supplier"
	stepMade     = "made"
	stepChanged  = "changed"
	stepSupplied = "supplied"
	stepLinked   = "linked"
	stepStocked  = "stocked"
)

// step is one thing an import did, written with it, so that it can be taken back.
type step struct {
	ID       int64
	Row      int `bun:"file_row"` // of the product it belongs to; 0 for labels, which several share
	Kind     string
	EntityID int64 // a label, supplier, product or, stocked and supplied, variant
	Weight   int   // how many variants it wrote
	Was      state `bun:"-"`
}

// state is what undoing a step needs to know.
type state struct {
	Version int64                     `json:"version,omitempty"` // of the product or customer, as the import left it
	From    int64                     `json:"from,omitempty"`    // the version the import changed it from
	Back    *catalog.ProductChange    `json:"back,omitempty"`
	Source  string                    `json:"source,omitempty"` // of Key
	Person  *customers.CustomerChange `json:"person,omitempty"`
	Supply  *catalog.SupplyBack       `json:"supply,omitempty"`
	Key     string                    `json:"key,omitempty"`
	Link    *link                     `json:"link,omitempty"` // nil for a new key
	Delta   int64                     `json:"delta,omitempty"`
	Number  int64                     `json:"number,omitempty"` // the number of this file
	Last    *int64                    `json:"last,omitempty"`   // that of the last one, nil for none
	At      int64                     `json:"at,omitempty"`     // the location, where the file is of stock: its numbers are not remembered
	Place   int64                     `json:"place,omitempty"`  // the location of a number that is remembered, where it is not that of the import
}

func (s step) note(tx *db.Tx, importID int64) error {
	was, err := json.Marshal(s.Was)
	if err != nil {
		return fmt.Errorf("note a step: %w", err)
	}
	_, err = tx.Exec("INSERT INTO import_steps (import_id, file_row, kind, entity_id, weight, was) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		importID, s.Row, s.Kind, s.EntityID, max(s.Weight, 1), string(was))
	if err != nil {
		return fmt.Errorf("note a step: %w", err)
	}
	return nil
}

// The orders in which steps are taken back.
const (
	lastFirst = "ORDER BY id DESC"
	byRow     = "ORDER BY file_row DESC, id DESC"
)

// nextSteps are the first steps of an import to be taken back, in some order, that weigh no more than one slice.
func nextSteps(tx *db.Tx, importID int64, order string, most int) ([]step, error) {
	rows, err := stepsIn(tx, "WHERE import_id = ?1 "+order+" LIMIT ?2", importID, most)
	if err != nil {
		return nil, err
	}
	var steps []step
	sum := 0
	for _, s := range rows {
		if sum += s.Weight; len(steps) > 0 && sum > most {
			break
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func stepsIn(tx *db.Tx, where string, args ...any) ([]step, error) {
	var rows []struct {
		step `bun:",extend"`
		Was  string
	}
	if err := tx.Select(&rows, "SELECT id, file_row, kind, entity_id, weight, was FROM import_steps "+where, args...); err != nil {
		return nil, fmt.Errorf("read the steps: %w", err)
	}
	steps := make([]step, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(r.Was), &r.step.Was); err != nil {
			return nil, fmt.Errorf("read step %d: %w", r.ID, err)
		}
		steps[i] = r.step
	}
	return steps, nil
}

// stepArchived is the code of a product that stays, archived.
const stepArchived = "archived"

// left is what of a step stays, in a few words.
func (s step) left(name, code, words string) *KeptRow {
	return &KeptRow{Row: s.Row, Name: name, Code: code, Reason: words}
}

// takeBack undoes one step and answers what of it stays, nil for nothing.
func (s step) takeBack(g *glance) (stays *KeptRow, err error) {
	tx := g.tx
	switch s.Kind {
	case stepBrand:
		return nil, catalog.RemoveBrandIn(tx, s.EntityID)
	case stepCategory:
		return nil, catalog.RemoveCategoryIn(tx, s.EntityID)
	case stepSupplier:
		return nil, catalog.RemoveSupplierIn(tx, s.EntityID)
	case stepSupplied:
		return nil, s.Was.Supply.UndoIn(tx, s.EntityID)
	case stepMade:
		return s.unmake(g)
	case stepChanged:
		return s.revert(tx)
	case stepLinked:
		return nil, s.unlink(tx)
	case stepPersonMade, stepPersonChanged, stepPersonLinked:
		return s.takeBackPerson(tx)
	}
	return s.unstock(tx, g.m)
}

// revert leads a product back, unless somebody changed it since.
func (s step) revert(tx *db.Tx) (stays *KeptRow, err error) {
	p, err := catalog.ProductIn(tx, s.EntityID)
	if err != nil {
		return nil, err
	}
	if p.Version != s.Was.Version {
		return s.left(p.Name, "changed_since", p.Name+" was changed by somebody since"), nil
	}
	version, err := catalog.RevertIn(tx, s.EntityID, s.Was.Version, *s.Was.Back)
	if err != nil {
		return nil, err
	}
	return nil, s.isAgain(tx, version)
}

// isAgain says that what a step changed is again what it was before, now under another version. So an earlier import that left it
// like that finds it as it left it.
func (s step) isAgain(tx *db.Tx, version int64) error {
	made := map[string]string{stepChanged: stepMade, stepPersonChanged: stepPersonMade}[s.Kind]
	_, err := tx.Exec(`UPDATE import_steps SET was = json_set(was, '$.version', ?5) WHERE entity_id = ?1 AND kind IN (?2, ?3) AND was ->> '$.version' = ?4`,
		s.EntityID, made, s.Kind, s.Was.From, version)
	if err != nil {
		return fmt.Errorf("say that %s %d is as it was: %w", s.Kind, s.EntityID, err)
	}
	return nil
}

// unmake removes a product, or archives it and frees its SKUs where the ledger or an order has it, or where making sure of that
// would hold up everybody.
func (s step) unmake(g *glance) (stays *KeptRow, err error) {
	p, err := catalog.ProductIn(g.tx, s.EntityID)
	if err != nil {
		return nil, err
	}
	if g.searched*int64(s.Weight) <= searchedRows {
		if gone, err := g.all.RemoveIn(g.tx, p.ID); err != nil || gone {
			return nil, err
		}
	}
	if g.m.Archived++; g.m.Archived <= namedArchived {
		stays = s.left(p.Name, stepArchived, p.Name+" is archived")
	}
	return stays, catalog.RetireIn(g.tx, p.ID)
}

// source is the system whose key a step remembered; those before there were several do not say.
func (s step) source() string { return cmp.Or(s.Was.Source, formatWoo) }

// unlink leads a key back, unless a later import made something else of it.
func (s step) unlink(tx *db.Tx) error {
	now, err := linkOf(tx, s.source(), s.Was.Key)
	if err != nil || now.ProductID != s.EntityID {
		return err
	}
	if s.Was.Link != nil {
		return keep(tx, s.source(), s.Was.Key, *s.Was.Link)
	}
	if _, err := tx.Exec("DELETE FROM import_links WHERE source = ?1 AND key = ?2", s.source(), s.Was.Key); err != nil {
		return fmt.Errorf("forget the key %s: %w", s.Was.Key, err)
	}
	return nil
}

// unstock moves a variant's stock back as far as it still is there, and remembers the number of the file before.
func (s step) unstock(tx *db.Tx, m *Import) (stays *KeptRow, err error) {
	at := s.where(m)
	switch {
	case s.Was.At != 0:
	case s.Was.Last != nil:
		err = keepNumber(tx, s.EntityID, at, *s.Was.Last)
	default:
		if _, err = tx.Exec("DELETE FROM import_stock WHERE variant_id = ?1 AND location_id = ?2", s.EntityID, at); err != nil {
			err = fmt.Errorf("forget the number: %w", err)
		}
	}
	if err != nil || s.Was.Delta == 0 {
		return nil, err
	}
	missing, err := stock.TakeBackIn(tx, s.EntityID, at, s.Was.Delta, m.document())
	if err != nil || missing == 0 {
		return nil, err
	}
	l, err := stock.LevelIn(tx, s.EntityID, at)
	if err != nil {
		return nil, err
	}
	stays = s.left(l.Name, "stock_gone", fmt.Sprintf("%d of %d %s are sold or promised", missing, s.Was.Delta, l.Name))
	stays.Params = map[string]any{"missing": missing, "delta": s.Was.Delta}
	return stays, nil
}

// where is the location of a stocked step.
func (s step) where(m *Import) int64 { return cmp.Or(s.Was.At, s.Was.Place, m.LocationID) }

// forgetSteps removes the steps of imports that were committed too long ago to be undone.
func forgetSteps(ctx context.Context, d *db.DB) error {
	for {
		var n int64
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(`DELETE FROM import_steps WHERE id IN (SELECT s.id FROM imports m JOIN import_steps s ON s.import_id = m.id
				WHERE m.undo_until <= ?1 AND m.status = ?2 LIMIT 1000)`, tx.Now, string(Committed))
			if err != nil || n > 0 {
				return err
			}
			_, err = tx.Exec("UPDATE imports SET undo_until = NULL WHERE undo_until <= ?1 AND status = ?2", tx.Now, string(Committed))
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
