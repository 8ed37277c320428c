package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// Adjustment is a change of what is there, with the reason a person gives.
type Adjustment struct {
	db.Approvable
	LocationID int64        `json:"locationId" minimum:"1"`
	Reason     Reason       `json:"reason" enum:"received,damage,theft,waste,found,correction"`
	Note       string       `json:"note,omitempty" maxLength:"500"`
	Lines      []AdjustLine `json:"lines" minItems:"1" maxItems:"500"`
}

// AdjustLine changes one variant by a delta, or to what was counted.
type AdjustLine struct {
	VariantID int64  `json:"variantId" minimum:"1"`
	Delta     *int64 `json:"delta,omitempty" minimum:"-1000000000" maximum:"1000000000" doc:"how much more (or, negative, less) is there; either this or counted"`
	Counted   *int64 `json:"counted,omitempty" minimum:"0" maximum:"1000000000" doc:"how much is there; with version, refused as stale when the level changed since"`
	Version   *int64 `json:"version,omitempty" doc:"the level's version that was seen when counting"`
	// UnitCost is what one unit of a positive delta cost; the average when left out.
	UnitCost *money.Amount `json:"unitCost,omitempty" minimum:"0" doc:"what one unit that comes in cost, in minor units"`
	// AllowShort takes stock that is committed to orders; the newest of them wait then.
	AllowShort bool `json:"allowShort,omitempty" doc:"take stock that orders have reserved; the newest of them turn short"`
}

// Adjusted is what an adjustment led to.
type Adjusted struct {
	Levels []Level `json:"levels"`
	// ShortOrders are the orders whose stock was taken by allowShort.
	ShortOrders []int64 `json:"shortOrders"`
}

// reasons a person may give.
var reasons = []Reason{Received, Damage, Theft, Waste, FoundStock, Correction}

// Adjust changes what is there: all lines, or none of them. It fails with
// below_zero, would_short (orders have reserved it), wrong_sign, stale and not_found.
func Adjust(ctx context.Context, d *db.DB, in Adjustment) (*Adjusted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Adjusted, error) { return AdjustIn(tx, in, nil) })
}

// AdjustIn is Adjust inside a transaction, for a document or, nil, by hand.
func AdjustIn(tx *db.Tx, in Adjustment, doc *Document) (*Adjusted, error) {
	if !slices.Contains(reasons, in.Reason) {
		return nil, db.Refuse("bad_reason", "reason", "Say why: received, damage, theft, waste, found or correction.")
	}
	note, err := db.Note("note", in.Note, 500)
	if err != nil {
		return nil, err
	}
	in.Note = note
	if _, err := LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	out := &Adjusted{Levels: []Level{}, ShortOrders: []int64{}}
	ids := make([]int64, len(in.Lines))
	lost := money.Amount(0)
	for i, line := range in.Lines {
		short, cost, err := adjustLine(tx, in, line, doc)
		if err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
		lost -= min(cost, 0) // each is checked, and a file has few lines: no sum of 500 overflows
		out.ShortOrders = append(out.ShortOrders, short...)
		ids[i] = line.VariantID
	}
	if err := writeOff(tx, in, lost, doc); err != nil {
		return nil, err
	}
	slices.Sort(out.ShortOrders)
	out.ShortOrders = slices.Compact(out.ShortOrders)
	out.Levels, err = levelsOf(tx, in.LocationID, ids)
	return out, err
}

// writeOff asks for approval where what leaves the books is worth more than the actor may write off alone.
func writeOff(tx *db.Tx, in Adjustment, lost money.Amount, doc *Document) error {
	if lost == 0 || doc != nil {
		return nil
	}
	if err := tx.Allow(db.WriteOffLimit, int64(lost), in.LocationID); err != nil {
		return err
	}
	if tx.ApprovedBy() == nil {
		return nil
	}
	return tx.AuditAs("written_off", "location", in.LocationID, nil, in) // the ledger names one person only
}

// adjustLine changes one level, and answers the orders that wait now and what moved was worth.
func adjustLine(tx *db.Tx, in Adjustment, line AdjustLine, doc *Document) (short []int64, moved money.Amount, err error) {
	var tracked bool
	if err := tx.Row("SELECT tracked FROM variants WHERE id = ?1", []any{line.VariantID}, &tracked); err != nil {
		return nil, 0, db.Blame(db.Found(err, "variant"), "variantId")
	}
	if !tracked {
		return nil, 0, db.Refuse("not_tracked", "variantId", "The stock of this product is not tracked. Switch tracking on first.")
	}
	if err := ensureLevel(tx, line.VariantID, in.LocationID); err != nil {
		return nil, 0, err
	}
	var onHand, free, version int64
	err = tx.Row("SELECT on_hand, on_hand - committed - unavailable, version FROM levels WHERE variant_id = ?1 AND location_id = ?2",
		[]any{line.VariantID, in.LocationID}, &onHand, &free, &version)
	if err != nil {
		return nil, 0, fmt.Errorf("read the level: %w", err)
	}
	if line.UnitCost != nil && doc == nil && !tx.Actor.Can("cost.read") { // who does not know costs does not make them
		return nil, 0, db.Blame(db.Denied("cost.read"), "unitCost")
	}
	delta, err := line.delta(tx, in.LocationID, onHand, version)
	if err != nil || delta == 0 {
		return nil, 0, err
	}
	if err := line.fits(in.Reason, delta); err != nil {
		return nil, 0, err
	}
	if onHand+delta < 0 {
		return nil, 0, db.Refuse("below_zero", "delta", "Only %d are there, so %d cannot leave.", onHand, -delta).With("onHand", onHand)
	}
	if missing := -delta - free; missing > 0 {
		if !line.AllowShort {
			return nil, 0, line.wouldShort(free, missing)
		}
		if short, err = uncover(tx, line.VariantID, in.LocationID, missing); err != nil {
			return nil, 0, err
		}
	}
	m := move{VariantID: line.VariantID, LocationID: in.LocationID, Delta: delta, Reason: in.Reason, Note: in.Note, Document: doc}
	if m.Cost, err = line.cost(tx, delta); err != nil {
		return nil, 0, err
	}
	if moved, err = enter(tx, m); errors.Is(err, errTooLittle) {
		return nil, 0, line.wouldShort(free, -delta-free) // what is set aside cannot be taken either
	} else if err != nil {
		return nil, 0, err
	}
	if delta < 0 {
		return short, moved, nil
	}
	return short, moved, coverShort(tx, line.VariantID, in.LocationID)
}

// fits refuses a delta that goes the other way than its reason says: reports of what was lost and bought count by reason.
func (l AdjustLine) fits(why Reason, delta int64) error {
	switch {
	case delta > 0 && (why == Damage || why == Theft || why == Waste):
		return db.Refuse("wrong_sign", l.field(), "What is lost to %s leaves, but this adds %d. Change the number or choose another reason.", why, delta).With("reason", why)
	case delta < 0 && (why == Received || why == FoundStock):
		return db.Refuse("wrong_sign", l.field(), "What is %s comes in, but this takes %d away. Change the number or choose another reason.", why, -delta).With("reason", why)
	}
	return nil
}

// field is the one that says how much.
func (l AdjustLine) field() string {
	if l.Counted != nil {
		return "counted"
	}
	return "delta"
}

func (l AdjustLine) wouldShort(free, missing int64) error {
	return db.Refuse("would_short", l.field(), "Orders have reserved %d of these; only %d can leave. Allow orders to wait, or take fewer.", missing, free).
		With("available", free).With("missing", missing)
}

// delta is how much a line changes.
func (l AdjustLine) delta(tx *db.Tx, locationID, onHand, version int64) (int64, error) {
	switch {
	case (l.Delta == nil) == (l.Counted == nil):
		return 0, db.Refuse("delta_or_counted", "delta", "Say either by how much it changes or what was counted.")
	case l.Delta != nil && *l.Delta == 0:
		return 0, db.Refuse("no_change", "delta", "A change of 0 changes nothing.")
	case l.Delta != nil:
		return *l.Delta, nil
	}
	if l.Version != nil && *l.Version != version {
		now, err := levelsOf(tx, locationID, []int64{l.VariantID})
		if err != nil {
			return 0, err
		}
		return 0, db.Stale(now)
	}
	return *l.Counted - onHand, nil
}

// cost is the value that comes in: the cost given, or the variant's own one
// while there is no average to go by.
func (l AdjustLine) cost(tx *db.Tx, delta int64) (*money.Amount, error) {
	if delta < 0 {
		return nil, nil
	}
	unit := l.UnitCost
	if unit == nil {
		var known int64
		err := tx.Row("SELECT coalesce((SELECT quantity FROM costs WHERE variant_id = ?1), 0)", []any{l.VariantID}, &known)
		if err != nil {
			return nil, fmt.Errorf("read the cost: %w", err)
		}
		if known > 0 {
			return nil, nil
		}
		unit = new(money.Amount)
		if err := tx.Row("SELECT coalesce(cost, 0) FROM variants WHERE id = ?1", []any{l.VariantID}, unit); err != nil {
			return nil, fmt.Errorf("read the cost: %w", err)
		}
	}
	total, err := unit.Mul(delta)
	if err != nil {
		return nil, worthTooMuch()
	}
	return &total, nil
}
