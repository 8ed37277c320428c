package catalog

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Supply is whom the shop buys a variant from, as a file says it. An empty code and a nil cost leave what is known.
type Supply struct {
	Supplier string // its name; made when new
	Code     string
	Cost     *money.Amount // of one, in minor units
}

// SupplyBack is what leads back from a supply.
type SupplyBack struct {
	SupplierID int64        `json:"supplierId"`
	Name       string       `json:"name"`           // of the variant
	Made       bool         `json:"made,omitempty"` // the supplier was new
	Left       supplyTerms  `json:"left"`
	Was        *supplyTerms `json:"was,omitempty"`       // nil where the supplier did not sell the variant
	Preferred  int64        `json:"preferred,omitempty"` // the supplier that was preferred, 0 for none or for the same
}

// supplyTerms are all that an item says of how a supplier sells a variant.
type supplyTerms struct {
	Code         string        `json:"code,omitempty"`
	Cost         *money.Amount `json:"cost,omitempty"`
	MOQ          int64         `json:"moq"`
	PackSize     int64         `json:"packSize"`
	LeadTimeDays int64         `json:"leadTimeDays,omitempty"`
	Preferred    bool          `json:"preferred,omitempty"`
}

func (i *SupplierItem) terms() supplyTerms {
	return supplyTerms{i.Code, i.Cost, i.MOQ, i.PackSize, i.LeadTimeDays, i.Preferred}
}

func (t supplyTerms) same(o supplyTerms) bool {
	a, b := t, o
	a.Cost, b.Cost = nil, nil
	return a == b && same(t.Cost, o.Cost)
}

func (t supplyTerms) change() SupplierItemChange {
	return SupplierItemChange{Code: &t.Code, Cost: money.Some(t.Cost), MOQ: &t.MOQ, PackSize: &t.PackSize, LeadTimeDays: &t.LeadTimeDays, Preferred: &t.Preferred}
}

// change is what a supply says of an item: it is where the variant is bought from now on.
func (s Supply) change() SupplierItemChange {
	preferred := true
	c := SupplierItemChange{Preferred: &preferred}
	if s.Code != "" {
		c.Code = &s.Code
	}
	if s.Cost != nil {
		c.Cost = money.Some(s.Cost)
	}
	return c
}

// WouldSupply says whether SupplyIn would change anything; variant 0 is one that is still to be made. It fails with required, too_long,
// archived, too_many, out_of_range.
func WouldSupply(tx *db.Tx, variantID int64, s Supply) (bool, error) {
	id, err := supplierNamed(tx, s.Supplier)
	if err != nil {
		return false, err
	}
	before, err := &SupplierItem{}, error(nil)
	switch {
	case id != 0 && variantID != 0:
		if before, err = supplierItem(tx, id, variantID); db.CodeOf(err) == "not_found" {
			before, err = newItem(tx, id, variantID)
		}
	case id != 0:
		var known *Supplier
		if known, err = SupplierIn(tx, id); err == nil {
			err = known.Current()
		}
	default:
		err = (&Supplier{}).apply(tx, SupplierChange{Name: &s.Supplier})
	}
	if err != nil {
		return false, err
	}
	after := *before
	err = after.apply(s.change())
	return err == nil && (before.ID == 0 || !after.same(before)), err
}

// supplierNamed is a supplier by its name in any case, 0 for none.
func supplierNamed(tx *db.Tx, name string) (id int64, err error) {
	err = tx.Row("SELECT coalesce((SELECT id FROM suppliers WHERE name_key = ?1), 0)", []any{fold(name)}, &id)
	if err != nil {
		return 0, fmt.Errorf("look for supplier %q: %w", name, err)
	}
	return id, nil
}

// SupplyIn notes whom a variant is bought from, and answers what leads back. It fails as WouldSupply does.
func SupplyIn(tx *db.Tx, variantID int64, s Supply) (*SupplyBack, error) {
	id, err := supplierNamed(tx, s.Supplier)
	if err != nil {
		return nil, err
	}
	back := &SupplyBack{SupplierID: id, Made: id == 0}
	if back.Made {
		made, err := (&Supplier{}).change(tx, SupplierChange{Name: &s.Supplier})
		if err != nil {
			return nil, err
		}
		back.SupplierID = made.ID
	}
	switch before, err := supplierItem(tx, back.SupplierID, variantID); {
	case err == nil:
		was := before.terms()
		back.Was = &was
	case db.CodeOf(err) != "not_found":
		return nil, err
	}
	err = tx.Row("SELECT coalesce((SELECT supplier_id FROM supplier_items WHERE variant_id = ?1 AND preferred = 1 AND supplier_id <> ?2), 0)",
		[]any{variantID, back.SupplierID}, &back.Preferred)
	if err != nil {
		return nil, fmt.Errorf("look whom variant %d is bought from: %w", variantID, err)
	}
	if _, err := setItem(tx, back.SupplierID, variantID, s.change()); err != nil {
		return nil, err
	}
	after, err := supplierItem(tx, back.SupplierID, variantID)
	if err != nil {
		return nil, err
	}
	back.Name, back.Left = after.Name, after.terms()
	return back, nil
}

// Stands says whether a variant is still bought as a supply left it.
func (b SupplyBack) Stands(tx *db.Tx, variantID int64) (bool, error) {
	now, err := supplierItem(tx, b.SupplierID, variantID)
	if db.CodeOf(err) == "not_found" {
		return false, nil
	}
	return err == nil && now.terms().same(b.Left), err
}

// UndoIn leads back from a supply where it still stands. A supplier that was made stays for RemoveSupplierIn.
func (b SupplyBack) UndoIn(tx *db.Tx, variantID int64) error {
	stands, err := b.Stands(tx, variantID)
	if err != nil || !stands {
		return err
	}
	if b.Was != nil {
		_, err = setItem(tx, b.SupplierID, variantID, b.Was.change())
	} else {
		err = removeItem(tx, b.SupplierID, variantID)
	}
	if err != nil || b.Preferred == 0 {
		return err
	}
	if _, err := supplierItem(tx, b.Preferred, variantID); err != nil {
		if db.CodeOf(err) == "not_found" { // it sells the variant no more
			return nil
		}
		return err
	}
	preferred := true
	_, err = setItem(tx, b.Preferred, variantID, SupplierItemChange{Preferred: &preferred})
	return err
}

// RemoveSupplierIn deletes a supplier of whom nobody has said anything and who supplies nothing; another one stays.
func RemoveSupplierIn(tx *db.Tx, id int64) error {
	s, err := SupplierIn(tx, id)
	if db.CodeOf(err) == "not_found" {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := tx.Exec("DELETE FROM suppliers WHERE id = ?1 AND version = 1 AND NOT EXISTS (SELECT 1 FROM supplier_items WHERE supplier_id = ?1)", id)
	if err != nil || n == 0 {
		return err
	}
	if err := tx.Audit("supplier", id, s.state(), nil); err != nil {
		return err
	}
	return tx.Emit("suppliers", id, s.Version+1)
}
