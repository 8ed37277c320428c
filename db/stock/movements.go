package stock

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// Movement is one entry of the ledger.
type Movement struct {
	ID           int64   `json:"id"`
	At           db.Time `json:"at"`
	VariantID    int64   `json:"variantId"`
	SKU          string  `json:"sku" bun:"sku"`
	Name         string  `json:"name"`
	LocationID   int64   `json:"locationId"`
	LocationName string  `json:"locationName"`
	Delta        int64   `json:"delta"`
	Reason       Reason  `json:"reason" enum:"received,damage,theft,waste,donated,found,correction,sale,reversal,return,transfer,lost,miscounted,count"`
	Note         string  `json:"note"`
	// Lots are those it took part in, where the variant tracked lots then.
	Lots     []MovedLot `json:"lots,omitempty" bun:"-"`
	Document *Document  `json:"document" bun:"-"`
	Actor    string     `json:"actor"`
	// UnitCost is what one unit of the movement cost, rounded; absent without cost.read.
	UnitCost *money.Amount `json:"unitCost,omitempty"`
	Balance  int64         `json:"balance" doc:"on hand at the location after the movement"`
	Undone   bool          `json:"undone,omitempty" doc:"whether its adjustment was undone"`

	DocumentType   *string `json:"-"`
	DocumentID     *int64  `json:"-"`
	DocumentNumber *string `json:"-"`
}

// MovementFilter says which movements to list.
type MovementFilter struct {
	db.List
	VariantID  int64
	LocationID int64
	ProductID  int64
	CategoryID int64 // of its products, not of those of the categories in it
	// Reasons are those of movements and of the adjustments that they undid.
	Reasons []Reason
	// From and To are business dates, both included; either may be left out.
	From, To db.Date
	Until    db.Time // what came later is left out; zero for nothing
}

const movementColumns = `m.id, m.at, m.variant_id, v.sku, v.name, m.location_id, l.name AS location_name, m.delta, m.reason, m.note, m.actor_name AS actor, m.balance,
	m.document_type, m.document_id, m.document_number, m.document_type = 'adjustment' AND EXISTS (SELECT 1 FROM adjustments a WHERE a.id = m.document_id AND a.undone_at IS NOT NULL) AS undone`

// unitCostSQL is |cost/delta| rounded half away from zero, in whole numbers.
const unitCostSQL = `, (2 * abs(m.cost) + abs(m.delta)) / (2 * abs(m.delta)) AS unit_cost`

// Movements lists the ledger, newest first.
func Movements(ctx context.Context, d *db.DB, f MovementFilter) (db.Page[Movement], error) {
	var rows []Movement
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		rows, err = movements(tx, f, f.Size()+1)
		return err
	})
	if err != nil {
		return db.Page[Movement]{}, fmt.Errorf("list movements: %w", err)
	}
	return db.PageOf(rows, f.Size(), func(m Movement) string { return db.Cursor(m.ID) }), nil
}

func movements(tx *db.Tx, f MovementFilter, limit int) ([]Movement, error) {
	query, args, err := f.query(tx.Actor, limit)
	if err != nil {
		return nil, err
	}
	rows := []Movement{}
	err = tx.Select(&rows, query, args...)
	for i := range rows {
		if m := &rows[i]; m.DocumentType != nil {
			m.Document = &Document{Type: *m.DocumentType, ID: *m.DocumentID, Number: *m.DocumentNumber}
		}
	}
	if err != nil {
		return nil, err
	}
	return rows, withLots(tx, rows)
}

func (f MovementFilter) query(actor db.Actor, limit int) (string, []any, error) {
	scope := "+m.location_id" // several stores only filter: through their index the rows would have to be sorted
	if len(actor.Locations) == 1 {
		scope = "m.location_id"
	}
	parts, args := []string{actor.Scope().Where(scope)}, []any{}
	var before int64
	more, err := db.ReadCursor(f.After, &before)
	if err != nil {
		return "", nil, err
	}
	if more {
		parts, args = append(parts, "m.id < ?"), append(args, before)
	}
	if f.VariantID != 0 {
		parts, args = append(parts, "m.variant_id = ?"), append(args, f.VariantID)
	}
	if f.LocationID != 0 {
		parts, args = append(parts, "m.location_id = ?"), append(args, f.LocationID)
	}
	if f.ProductID != 0 {
		parts, args = append(parts, "v.product_id = ?"), append(args, f.ProductID)
	}
	if f.CategoryID != 0 {
		parts, args = append(parts, "v.product_id IN (SELECT id FROM products WHERE category_id = ?)"), append(args, f.CategoryID)
	}
	if f.From != "" {
		parts, args = append(parts, "m.business_date >= ?"), append(args, f.From)
	}
	if f.To != "" {
		parts, args = append(parts, "m.business_date <= ?"), append(args, f.To)
	}
	if len(f.Reasons) > 0 {
		part, reasons := reasonsSQL(f.Reasons)
		parts, args = append(parts, part), append(args, reasons...)
	}
	if f.Until != 0 {
		parts, args = append(parts, "m.at <= ?"), append(args, f.Until)
	}
	columns := movementColumns
	if actor.Can("cost.read") {
		columns += unitCostSQL
	}
	return "SELECT " + columns + " FROM movements m CROSS JOIN variants v ON v.id = m.variant_id CROSS JOIN locations l ON l.id = m.location_id WHERE " +
		strings.Join(parts, " AND ") + " ORDER BY m.id DESC LIMIT ?", append(args, limit), nil
}

// LostSQL is whether the movement m is of what left without being sold, or undid an adjustment; an index holds just these. LostForSQL is for
// which reason, of an adjustment that was undone its own.
const (
	LostSQL    = `(m.reason IN ('damage', 'waste', 'theft', 'lost', 'donated') OR m.reason = 'reversal' AND m.document_type = 'adjustment')`
	LostForSQL = `iif(m.reason = 'reversal' AND m.document_type = 'adjustment', (SELECT o.reason FROM movements o
		WHERE o.document_type = 'adjustment' AND o.document_id = m.document_id ORDER BY o.id LIMIT 1), m.reason)`
)

// lostReasons are those of LostSQL.
var lostReasons = []Reason{Damage, Waste, Theft, Lost, Donated}

// reasonsSQL is whether a movement is for one of some reasons.
func reasonsSQL(reasons []Reason) (part string, args []any) {
	lost := true
	for _, r := range reasons {
		args, lost = append(args, string(r)), lost && slices.Contains(lostReasons, r)
	}
	if part = LostForSQL + " IN (?" + strings.Repeat(", ?", len(reasons)-1) + ")"; lost {
		part = LostSQL + " AND " + part
	}
	return part, args
}
