package purchasing

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/stock"
)

// PurchaseChange changes what it carries of an order and leaves the rest. Of one that was sent that is when it is expected.
type PurchaseChange struct {
	PurchaseMove
	LocationID *int64            `json:"locationId,omitempty" minimum:"1" doc:"of a draft"`
	Note       *string           `json:"note,omitempty" maxLength:"1000" doc:"of a draft"`
	ExpectedOn *db.Date          `json:"expectedOn,omitempty" maxLength:"10" doc:"as 2026-12-31; empty for no day"`
	Lines      []NewPurchaseLine `json:"lines,omitempty" minItems:"1" maxItems:"100" doc:"of a draft: all lines as they shall be"`
}

// PurchaseEdit is one thing that was changed about an order.
type PurchaseEdit struct {
	What   string `json:"what" enum:"location,note,expected,line,cost"`
	Name   string `json:"name,omitempty" doc:"of a line: its product"`
	Before string `json:"before" doc:"of a line: its quantity, 0 where it is new; of a cost: minor units"`
	After  string `json:"after" doc:"of a line: its quantity, 0 where it was taken out; of a cost: minor units"`
}

// editCost is what is hidden from those who may not see costs.
const editCost = "cost"

// Change changes a draft, or when what was sent is expected. It fails with stale, draft_left, illegal_move, and as Create does; what
// changes nothing leaves its version as it is.
func Change(ctx context.Context, d *db.DB, id int64, in PurchaseChange) (*PurchaseOrder, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*PurchaseOrder, error) { return ChangeIn(tx, id, in) })
}

// ChangeIn is Change inside a transaction.
func ChangeIn(tx *db.Tx, id int64, in PurchaseChange) (*PurchaseOrder, error) {
	was, err := orderIn(tx, id)
	if err != nil {
		return nil, err
	}
	if err := in.fresh(tx, was); err != nil {
		return nil, err
	}
	if err := was.changeable(in); err != nil {
		return nil, err
	}
	now, err := was.changed(tx, in)
	if err != nil {
		return nil, err
	}
	changes := was.edits(now)
	if len(changes) == 0 {
		return was.seenBy(tx.Actor), nil
	}
	if now.Status != PurchaseDraft {
		if err := stock.ExpectOn(tx, now.document(), now.ExpectedOn); err != nil {
			return nil, err
		}
	}
	shown, err := now.save(tx, PurchaseStep{Kind: "changed", Changes: changes})
	if err != nil || now.LocationID == was.LocationID {
		return shown, err
	}
	return shown, now.tell(tx, was.LocationID) // it is none of theirs any more
}

// changeable refuses what the status does not allow.
func (p *PurchaseOrder) changeable(in PurchaseChange) error {
	switch {
	case p.Status == PurchaseDraft:
		return nil
	case p.ClosedAt != nil:
		return db.Errorf(db.Conflict, "purchase_over", "This order is %s; it cannot be changed any more.", p.Status).With("status", p.Status)
	case in.LocationID != nil || in.Note != nil || in.Lines != nil:
		return db.Errorf(db.Conflict, "purchase_sent", "This order is with the supplier; only the day on which it is expected can be changed.").With("status", p.Status)
	}
	return nil
}

// changed is an order as it shall be, its lines written.
func (p *PurchaseOrder) changed(tx *db.Tx, in PurchaseChange) (_ *PurchaseOrder, err error) {
	now := *p
	if in.Note != nil {
		if now.Note, err = db.Note("note", *in.Note, maxNote); err != nil {
			return nil, err
		}
	}
	if in.ExpectedOn != nil && !(p.ExpectedOn != nil && *p.ExpectedOn == *in.ExpectedOn) { // a day that has passed may stay
		if now.ExpectedOn, err = expectedOn(tx, in.ExpectedOn); err != nil {
			return nil, err
		}
	}
	if in.LocationID != nil {
		l, err := stock.LocationIn(tx, *in.LocationID)
		if err != nil {
			return nil, db.Blame(err, "locationId")
		}
		now.LocationID, now.LocationName = l.ID, l.Name
	}
	if in.Lines == nil || p.has(in.Lines) {
		return &now, nil
	}
	if _, err := tx.Exec("DELETE FROM purchase_lines WHERE purchase_id = ?1", p.ID); err != nil {
		return nil, fmt.Errorf("take out the lines of an order: %w", err)
	}
	if err := p.addLines(tx, in.Lines); err != nil {
		return nil, err
	}
	fresh, err := orderIn(tx, p.ID)
	if err != nil {
		return nil, err
	}
	now.Lines = fresh.Lines
	return &now, nil
}

// has says whether lines are those it has, in its order.
func (p *PurchaseOrder) has(lines []NewPurchaseLine) bool {
	return slices.EqualFunc(p.Lines, lines, func(l PurchaseLine, n NewPurchaseLine) bool {
		return l.VariantID == n.VariantID && l.Quantity == n.Quantity && (n.UnitCost == nil || *n.UnitCost == *l.UnitCost)
	})
}

// edits is what is different about an order after a change.
func (p *PurchaseOrder) edits(now *PurchaseOrder) (changes []PurchaseEdit) {
	if p.LocationID != now.LocationID {
		changes = append(changes, PurchaseEdit{What: "location", Before: p.LocationName, After: now.LocationName})
	}
	if p.Note != now.Note {
		changes = append(changes, PurchaseEdit{What: "note", Before: p.Note, After: now.Note})
	}
	if before, after := dayOf(p.ExpectedOn), dayOf(now.ExpectedOn); before != after {
		changes = append(changes, PurchaseEdit{What: "expected", Before: before, After: after})
	}
	for _, l := range now.Lines {
		had := p.lineOf(l.VariantID)
		if had == nil {
			changes = append(changes, l.edit(0, l.Quantity))
			continue
		}
		if had.Quantity != l.Quantity {
			changes = append(changes, l.edit(had.Quantity, l.Quantity))
		}
		if *had.UnitCost != *l.UnitCost {
			changes = append(changes, PurchaseEdit{What: editCost, Name: l.named(), Before: amount(*had.UnitCost), After: amount(*l.UnitCost)})
		}
	}
	for _, l := range p.Lines {
		if now.lineOf(l.VariantID) == nil {
			changes = append(changes, l.edit(l.Quantity, 0))
		}
	}
	return changes
}

func (l *PurchaseLine) edit(before, after int64) PurchaseEdit {
	return PurchaseEdit{What: "line", Name: l.named(), Before: strconv.FormatInt(before, 10), After: strconv.FormatInt(after, 10)}
}

func amount(a money.Amount) string { return strconv.FormatInt(int64(a), 10) }

func dayOf(on *db.Date) string {
	if on == nil {
		return ""
	}
	return string(*on)
}
