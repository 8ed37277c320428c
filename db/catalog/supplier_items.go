package catalog

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

const (
	maxOrder     = 1_000_000 // of MOQ and pack size
	maxSuppliers = 20        // of one variant
)

// SupplierItem is a variant as a supplier sells it to the shop. Cost is there for those who may see it and where it is known.
type SupplierItem struct {
	SupplierID       int64         `json:"supplierId"`
	Supplier         string        `json:"supplier" doc:"its name"`
	SupplierArchived bool          `json:"supplierArchived"`
	VariantID        int64         `json:"variantId"`
	ProductID        int64         `json:"productId"`
	SKU              string        `json:"sku"`
	Name             string        `json:"name"`
	Archived         bool          `json:"archived" doc:"whether the variant is"`
	Code             string        `json:"code" doc:"what the supplier calls it"`
	Cost             *money.Amount `json:"cost,omitempty" doc:"of one, in minor units"`
	MOQ              int64         `json:"moq" doc:"the least that is ordered at once"`
	PackSize         int64         `json:"packSize" doc:"it is ordered in multiples of this"`
	LeadTimeDays     int64         `json:"leadTimeDays" doc:"of this item; 0 where it is the supplier's"`
	Preferred        bool          `json:"preferred" doc:"whom the shop buys it from; at most one is"`
	Version          int64         `json:"version"`
	UpdatedAt        db.Time       `json:"updatedAt"`
	ID               int64         `json:"-"`
}

// SupplierItemChange changes what it carries of an item. What a new one leaves out: moq and packSize 1, preferred where the
// variant has no supplier yet.
type SupplierItemChange struct {
	Version      *int64         `json:"version,omitempty"`
	Code         *string        `json:"code,omitempty" maxLength:"100" doc:"what the supplier calls it"`
	Cost         money.Optional `json:"cost,omitzero" doc:"of one, in minor units"`
	MOQ          *int64         `json:"moq,omitempty" minimum:"1" maximum:"1000000" doc:"the least that is ordered at once"`
	PackSize     *int64         `json:"packSize,omitempty" minimum:"1" maximum:"1000000" doc:"it is ordered in multiples of this"`
	LeadTimeDays *int64         `json:"leadTimeDays,omitempty" minimum:"0" maximum:"365" doc:"0 where it is the supplier's"`
	Preferred    *bool          `json:"preferred,omitempty" doc:"true takes it from the one that was"`
}

// NewSupplierItem is a variant that a supplier sells from now on.
type NewSupplierItem struct {
	VariantID int64 `json:"variantId" minimum:"1"`
	SupplierItemChange
}

func itemColumns(cost bool) string {
	column := "NULL"
	if cost {
		column = "i.cost"
	}
	return `SELECT i.id, i.supplier_id, s.name AS supplier, s.archived_at IS NOT NULL AS supplier_archived, i.variant_id, v.product_id, v.sku, v.name,
		v.archived_at IS NOT NULL AS archived, i.code, ` + column + ` AS cost, i.moq, i.pack_size, i.lead_days AS lead_time_days, i.preferred, i.version, i.updated_at
		FROM supplier_items i JOIN suppliers s ON s.id = i.supplier_id JOIN variants v ON v.id = i.variant_id`
}

// SupplierItems lists what a supplier sells, the newest first; q finds what has all its words, or the supplier's code. It fails with
// not_found, bad_cursor.
func SupplierItems(ctx context.Context, d *db.DB, supplierID int64, l db.List) (page db.Page[SupplierItem], err error) {
	last := int64(1) << 62
	if _, err := db.ReadCursor(l.After, &last); err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		if _, err := SupplierIn(tx, supplierID); err != nil {
			return err
		}
		query, args := itemColumns(tx.Actor.Can("cost.read"))+" WHERE i.supplier_id = ?1 AND i.id < ?2", []any{supplierID, last, l.Size() + 1}
		if l.Q != "" {
			condition, found := searchItems(l.Q)
			query, args = query+condition, append(args, found...)
		}
		var rows []SupplierItem
		if err := tx.Select(&rows, query+" ORDER BY i.id DESC LIMIT ?3", args...); err != nil {
			return fmt.Errorf("list what supplier %d sells: %w", supplierID, err)
		}
		page = db.PageOf(rows, l.Size(), func(i SupplierItem) string { return db.Cursor(i.ID) })
		return nil
	})
	return page, err
}

// searchItems keeps items that begin with a code, or whose variants are found; its parameters begin with the fourth.
func searchItems(q string) (string, []any) {
	code := fold(q)
	args := []any{code, db.PrefixEnd(code)}
	if match := db.Match(q); match != "" {
		return ` AND (i.code_key >= ?4 AND i.code_key < ?5
			OR i.variant_id IN (SELECT rowid FROM variants_search WHERE variants_search MATCH ?6))`, append(args, match)
	}
	name := db.SortKey(q)
	return ` AND (i.code_key >= ?4 AND i.code_key < ?5 OR v.name_key >= ?6 AND v.name_key < ?7 OR v.sku_key >= ?4 AND v.sku_key < ?5)`,
		append(args, name, db.PrefixEnd(name))
}

// SuppliersOf is who sells a variant to the shop, the preferred one first. It fails with not_found.
func SuppliersOf(ctx context.Context, d *db.DB, variantID int64) (page db.Page[SupplierItem], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		if err := aVariant(tx, variantID); err != nil {
			return err
		}
		var rows []SupplierItem
		err := tx.Select(&rows, itemColumns(tx.Actor.Can("cost.read"))+" WHERE i.variant_id = ?1 ORDER BY i.preferred DESC, s.sort_key, i.id", variantID)
		page = db.PageOf(rows, maxSuppliers, func(SupplierItem) string { return "" })
		return err
	})
	return page, err
}

func aVariant(tx *db.Tx, id int64) error {
	var there int
	return db.Found(tx.Row("SELECT 1 FROM variants WHERE id = ?1", []any{id}, &there), "variant")
}

// AddSupplierItem notes that a supplier sells a variant. It fails with not_found, archived, item_exists, too_many and as
// SetSupplierItem does.
func AddSupplierItem(ctx context.Context, d *db.DB, supplierID int64, in NewSupplierItem) (*SupplierItem, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*SupplierItem, error) { return AddSupplierItemIn(tx, supplierID, in) })
}

// AddSupplierItemIn is AddSupplierItem inside a write.
func AddSupplierItemIn(tx *db.Tx, supplierID int64, in NewSupplierItem) (*SupplierItem, error) {
	if known, err := supplierItem(tx, supplierID, in.VariantID); err == nil {
		return nil, taken("item_exists", "variantId", "%s supplies %s already. Change it there.", known.Supplier, known.Name).
			With("supplier", known.Supplier).With("name", known.Name)
	}
	return setItem(tx, supplierID, in.VariantID, in.SupplierItemChange)
}

// SetSupplierItem changes how a supplier sells a variant, or notes that it does. It fails with not_found, stale, too_long, out_of_range.
func SetSupplierItem(ctx context.Context, d *db.DB, supplierID, variantID int64, in SupplierItemChange) (*SupplierItem, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*SupplierItem, error) { return setItem(tx, supplierID, variantID, in) })
}

// supplierItem is an item with its cost, for comparing and writing.
func supplierItem(tx *db.Tx, supplierID, variantID int64) (*SupplierItem, error) {
	var i SupplierItem
	err := tx.Get(&i, itemColumns(true)+" WHERE i.variant_id = ?1 AND i.supplier_id = ?2", variantID, supplierID)
	return &i, db.Found(err, "supplier item")
}

func setItem(tx *db.Tx, supplierID, variantID int64, in SupplierItemChange) (*SupplierItem, error) {
	before, err := supplierItem(tx, supplierID, variantID)
	if db.CodeOf(err) == "not_found" {
		before, err = newItem(tx, supplierID, variantID)
	}
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != before.Version {
		return nil, db.Stale(before.seenBy(tx.Actor))
	}
	after := *before
	if err := after.apply(in); err != nil {
		return nil, err
	}
	if before.ID != 0 && after.same(before) {
		return before.seenBy(tx.Actor), nil
	}
	return after.write(tx, before)
}

// newItem is an item that is not there yet, as it is where nobody says otherwise.
func newItem(tx *db.Tx, supplierID, variantID int64) (*SupplierItem, error) {
	s, err := SupplierIn(tx, supplierID)
	if err != nil {
		return nil, err
	}
	if err := s.Current(); err != nil {
		return nil, err
	}
	if err := aVariant(tx, variantID); err != nil {
		return nil, db.Blame(err, "variantId")
	}
	n, err := count(tx, "SELECT count(*) FROM supplier_items WHERE variant_id = ?1", variantID)
	if err == nil && n >= maxSuppliers {
		err = db.Refuse("too_many", "variantId", "A variant has at most %d suppliers.", maxSuppliers).With("max", maxSuppliers)
	}
	return &SupplierItem{SupplierID: supplierID, VariantID: variantID, MOQ: 1, PackSize: 1, Preferred: n == 0}, err
}

func (i *SupplierItem) apply(in SupplierItemChange) error {
	wrong := &refusals{}
	if in.Code != nil {
		i.Code = wrong.text(db.Text("code", *in.Code, maxLabel))
	}
	if in.Cost.Sent {
		i.Cost = in.Cost.Amount
		if i.Cost != nil {
			wrong.between("cost", int64(*i.Cost), 0, int64(money.Max))
		}
	}
	for _, n := range []struct {
		field       string
		sent, kept  *int64
		least, most int64
	}{{"moq", in.MOQ, &i.MOQ, 1, maxOrder}, {"packSize", in.PackSize, &i.PackSize, 1, maxOrder}, {"leadTimeDays", in.LeadTimeDays, &i.LeadTimeDays, 0, maxLeadDays}} {
		if n.sent != nil {
			*n.kept = *n.sent
			wrong.between(n.field, *n.sent, n.least, n.most)
		}
	}
	if in.Preferred != nil {
		i.Preferred = *in.Preferred
	}
	return wrong.err()
}

func (i *SupplierItem) same(o *SupplierItem) bool {
	a, b := *i, *o
	a.Cost, b.Cost = nil, nil
	return a == b && same(i.Cost, o.Cost)
}

// write stores an item; where it is preferred, no other is any more.
func (i *SupplierItem) write(tx *db.Tx, before *SupplierItem) (*SupplierItem, error) {
	if i.Preferred {
		_, err := tx.Exec("UPDATE supplier_items SET preferred = 0, version = version + 1, updated_at = ?3 WHERE variant_id = ?1 AND preferred = 1 AND id <> ?2", i.VariantID, i.ID, tx.Now)
		if err != nil {
			return nil, fmt.Errorf("prefer another supplier of variant %d: %w", i.VariantID, err)
		}
	}
	args := []any{i.ID, i.SupplierID, i.VariantID, i.Code, fold(i.Code), i.Cost, i.MOQ, i.PackSize, i.LeadTimeDays, i.Preferred, tx.Now}
	var err error
	if before.ID == 0 {
		_, err = tx.Insert(`INSERT INTO supplier_items (supplier_id, variant_id, code, code_key, cost, moq, pack_size, lead_days, preferred, created_at, updated_at)
			VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)`, args...)
	} else {
		_, err = tx.Exec(`UPDATE supplier_items SET code = ?4, code_key = ?5, cost = ?6, moq = ?7, pack_size = ?8, lead_days = ?9, preferred = ?10,
			updated_at = ?11, version = version + 1 WHERE id = ?1`, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("write what supplier %d sells: %w", i.SupplierID, err)
	}
	after, err := supplierItem(tx, i.SupplierID, i.VariantID)
	if err != nil {
		return nil, err
	}
	var was any
	if before.ID != 0 {
		was = before.state()
	}
	return after.seenBy(tx.Actor), after.tell(tx, was, after.state())
}

// RemoveSupplierItem notes that a supplier does not sell a variant any more. It fails with not_found.
func RemoveSupplierItem(ctx context.Context, d *db.DB, supplierID, variantID int64) error {
	return db.Write(ctx, d, func(tx *db.Tx) error { return removeItem(tx, supplierID, variantID) })
}

func removeItem(tx *db.Tx, supplierID, variantID int64) error {
	i, err := supplierItem(tx, supplierID, variantID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM supplier_items WHERE id = ?1", i.ID); err != nil {
		return fmt.Errorf("remove what supplier %d sells: %w", supplierID, err)
	}
	return i.tell(tx, i.state(), nil)
}

// tell records and tells what became of an item.
func (i *SupplierItem) tell(tx *db.Tx, before, after any) error {
	if err := tx.Audit("supplier_item", i.ID, before, after); err != nil {
		return err
	}
	return tx.Emit("suppliers", i.SupplierID, i.Version)
}

// seenBy is an item as somebody may see it.
func (i *SupplierItem) seenBy(a db.Actor) *SupplierItem {
	seen := *i
	if !a.Can("cost.read") {
		seen.Cost = nil
	}
	return &seen
}

// itemState is what the audit keeps of an item.
type itemState struct {
	Supplier     string        `json:"supplier"`
	SKU          string        `json:"sku"`
	Code         string        `json:"supplierCode,omitempty"`
	Cost         *money.Amount `json:"cost"`
	MOQ          int64         `json:"moq"`
	PackSize     int64         `json:"packSize"`
	LeadTimeDays int64         `json:"leadTimeDays,omitempty"`
	Preferred    bool          `json:"preferred"`
}

func (i *SupplierItem) state() itemState {
	return itemState{i.Supplier, i.SKU, i.Code, i.Cost, i.MOQ, i.PackSize, i.LeadTimeDays, i.Preferred}
}
