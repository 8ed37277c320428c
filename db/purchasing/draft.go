package purchasing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

// NewPurchase is what shall be ordered at a supplier. It is a draft, and nobody is told yet.
type NewPurchase struct {
	SupplierID int64             `json:"supplierId" minimum:"1"`
	LocationID int64             `json:"locationId" minimum:"1" doc:"where it shall be delivered to"`
	Note       string            `json:"note,omitempty" maxLength:"1000" doc:"for the supplier; printed on the order"`
	ExpectedOn *db.Date          `json:"expectedOn,omitempty" format:"date" doc:"when it should come; left out, worked out when it is sent"`
	Lines      []NewPurchaseLine `json:"lines" minItems:"1" maxItems:"100"`
}

// NewPurchaseLine is how much of a variant shall be ordered.
type NewPurchaseLine struct {
	VariantID int64         `json:"variantId" minimum:"1"`
	Quantity  int64         `json:"quantity" minimum:"1" maximum:"1000000"`
	UnitCost  *money.Amount `json:"unitCost,omitempty" minimum:"0" maximum:"9007199254740991" doc:"of one, in minor units; left out, what the draft had, else the supplier's cost of it, else the variant's"`
}

// MaxLines is how many lines an order has at most.
const MaxLines = 100

const (
	maxNote       = 1000
	longestAhead  = 365 // days, of an expected date
	firstPurchase = 1001
)

// PurchaseMove is a move of an order without further input.
type PurchaseMove struct {
	Version *int64 `json:"version,omitempty" doc:"of the order as it was seen; refused as stale when it changed"`
}

func (m PurchaseMove) fresh(tx *db.Tx, p *PurchaseOrder) error {
	if m.Version != nil && *m.Version != p.Version {
		return db.Stale(p.seenBy(tx.Actor))
	}
	return nil
}

// Create drafts an order. It fails with no_lines, not_found, archived, not_tracked, twice_in_purchase, bad_expected, too_large.
func Create(ctx context.Context, d *db.DB, in NewPurchase) (*PurchaseOrder, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*PurchaseOrder, error) { return CreateIn(tx, in) })
}

// CreateIn is Create inside a transaction.
func CreateIn(tx *db.Tx, in NewPurchase) (*PurchaseOrder, error) {
	if len(in.Lines) == 0 {
		return nil, db.Refuse("no_lines", "lines", "There is nothing in this order. Add a product.")
	}
	note, err := db.Note("note", in.Note, maxNote)
	if err != nil {
		return nil, err
	}
	supplier, err := catalog.SupplierIn(tx, in.SupplierID)
	if err == nil {
		err = supplier.Current()
	}
	if err != nil {
		return nil, db.Blame(err, "supplierId")
	}
	if _, err := stock.LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	expected, err := expectedOn(tx, in.ExpectedOn)
	if err != nil {
		return nil, err
	}
	id, err := tx.Insert(`INSERT INTO purchase_orders (status, supplier_id, location_id, note, expected_on, created_at, updated_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`, PurchaseDraft, in.SupplierID, in.LocationID, note, expected, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("draft an order: %w", err)
	}
	p := &PurchaseOrder{ID: id, SupplierID: in.SupplierID}
	if err := p.addLines(tx, in.Lines); err != nil {
		return nil, err
	}
	if p, err = orderIn(tx, id); err != nil {
		return nil, err
	}
	if err := p.step(tx, PurchaseStep{Kind: "drafted"}); err != nil {
		return nil, err
	}
	return orderShown(tx, id)
}

// expectedOn checks the day on which an order should come; none, or an empty one, is no day.
func expectedOn(tx *db.Tx, on *db.Date) (*db.Date, error) {
	if on == nil || *on == "" {
		return nil, nil
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	if _, err := db.ParseDate(string(*on)); err != nil || *on < day || *on > day.AddDays(longestAhead) {
		return nil, db.Refuse("bad_expected", "expectedOn", "Expect it on a day from today to a year from now.")
	}
	return on, nil
}

// terms are on what a supplier, or the shop's own books, say of a variant.
type terms struct {
	ID      int64
	Tracked bool
	Code    string
	Cost    money.Amount
}

// addLines writes the lines of a draft. What costs nothing by anybody's word costs 0, and the draft warns of it.
func (p *PurchaseOrder) addLines(tx *db.Tx, lines []NewPurchaseLine) error {
	of, err := p.termsOf(tx, lines)
	if err != nil {
		return err
	}
	rows := make([]any, 0, 5*len(lines))
	sum := money.Amount(0)
	for i, l := range lines {
		t, known := of[l.VariantID]
		switch {
		case !known:
			return db.Blame(db.NotFound("variant"), "lines[%d].variantId", i)
		case !t.Tracked:
			return db.Refuse("not_tracked", fmt.Sprintf("lines[%d].variantId", i), "The stock of this product is not tracked. Switch tracking on first.")
		case slices.ContainsFunc(lines[:i], func(o NewPurchaseLine) bool { return o.VariantID == l.VariantID }):
			return db.Refuse("twice_in_purchase", fmt.Sprintf("lines[%d].variantId", i), "This product is in the order twice. Add its quantities up.")
		}
		cost, err := p.unitCost(tx, l, t)
		if err != nil {
			return db.Blame(err, "lines[%d].unitCost", i)
		}
		of, err := cost.Mul(l.Quantity)
		if err == nil {
			sum, err = sum.Add(of)
		}
		if err != nil {
			return tooLarge(i)
		}
		rows = append(rows, p.ID, l.VariantID, t.Code, l.Quantity, cost)
	}
	if _, err := tx.InsertRows("INSERT INTO purchase_lines (purchase_id, variant_id, code, quantity, unit_cost)", 5, rows); err != nil {
		return fmt.Errorf("write the lines of an order: %w", err)
	}
	return nil
}

// unitCost is what one of a line costs. Who does not know costs does not make them.
func (p *PurchaseOrder) unitCost(tx *db.Tx, l NewPurchaseLine, t terms) (money.Amount, error) {
	if l.UnitCost != nil {
		if !tx.Actor.Can("cost.read") {
			return 0, db.Denied("cost.read")
		}
		return *l.UnitCost, nil
	}
	if was := p.lineOf(l.VariantID); was != nil {
		return *was.UnitCost, nil
	}
	return t.Cost, nil
}

// termsOf is what is known of the variants of some lines.
func (p *PurchaseOrder) termsOf(tx *db.Tx, lines []NewPurchaseLine) (map[int64]terms, error) {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = l.VariantID
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []terms
	err = tx.Select(&rows, `SELECT v.id, v.tracked, coalesce(i.code, '') AS code, coalesce(i.cost, v.cost, (2 * c.value + c.quantity) / (2 * c.quantity), 0) AS cost
		FROM variants v LEFT JOIN supplier_items i ON i.variant_id = v.id AND i.supplier_id = ?2 LEFT JOIN costs c ON c.variant_id = v.id AND c.quantity > 0
		WHERE v.dropped = 0 AND v.id IN (SELECT value FROM json_each(?1))`, string(asked), p.SupplierID)
	if err != nil {
		return nil, fmt.Errorf("look for what is ordered: %w", err)
	}
	of := make(map[int64]terms, len(rows))
	for _, r := range rows {
		of[r.ID] = r
	}
	return of, nil
}

// Cancel calls off a draft, or what of an order is still to come; one that is cancelled stays so. It fails with stale and, where all of
// it is here, illegal_move.
func Cancel(ctx context.Context, d *db.DB, id int64, in PurchaseMove) (*PurchaseOrder, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*PurchaseOrder, error) { return CancelIn(tx, id, in) })
}

// CancelIn is Cancel inside a transaction.
func CancelIn(tx *db.Tx, id int64, in PurchaseMove) (*PurchaseOrder, error) {
	p, err := orderIn(tx, id)
	if err != nil {
		return nil, err
	}
	if p.Status == PurchaseCancelled {
		return p.seenBy(tx.Actor), nil
	}
	if err := in.fresh(tx, p); err != nil {
		return nil, err
	}
	if p.Status == PurchaseReceived {
		return nil, db.Illegal("purchase order", p.Status, PurchaseCancelled)
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.OnWay == 0 {
			continue
		}
		if err := p.expect(tx, l, -l.OnWay); err != nil {
			return nil, err
		}
		l.OnWay, l.Cancelled = 0, l.OnWay
		if err := l.save(tx); err != nil {
			return nil, err
		}
	}
	p.Status, p.ClosedAt = PurchaseCancelled, &tx.Now
	return p.save(tx, PurchaseStep{Kind: "cancelled"})
}

// expect changes how much of a line is on its way.
func (p *PurchaseOrder) expect(tx *db.Tx, l *PurchaseLine, q int64) error {
	return stock.Expect(tx, stock.Expected{VariantID: l.VariantID, LocationID: p.LocationID, Quantity: q, Document: p.document(), On: p.ExpectedOn})
}
