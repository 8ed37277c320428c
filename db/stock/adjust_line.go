package stock

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// maxLot is how long the name of a lot may be.
const maxLot = 64

// tidy checks how a line names lots.
func (l *AdjustLine) tidy() (err error) {
	if l.Lot, err = db.Text("lot", l.Lot, maxLot); err != nil {
		return err
	}
	if l.ExpiresOn != "" {
		if err := checkExpiry(l.ExpiresOn); err != nil {
			return db.Blame(err, "expiresOn")
		}
	}
	if l.LotID != 0 && (l.Lot != "" || l.ExpiresOn != "") {
		return db.Refuse("lot_or_id", "lotId", "Name the lot either by its id or by its name and date.")
	}
	if l.SetAside != "" && (l.Delta == nil || *l.Delta >= 0 || l.Lot != "" || l.ExpiresOn != "") {
		return db.Refuse("aside_leaves", "setAside", "What is set aside can only leave: say how many with a negative delta, and of which lot by its id.")
	}
	return nil
}

// checkExpiry refuses what is no day of this or the next century: nothing in a shop expires later, but people mistype years.
func checkExpiry(on db.Date) error {
	if _, err := db.ParseDate(string(on)); err != nil || on < "2000-01-01" || on > "2199-12-31" {
		return db.Refuse("bad_date", "", "This is no date from 2000 to 2199. Write it as 2026-12-31.")
	}
	return nil
}

// tracks says whether the variant of a line keeps lots, and refuses what does not fit it.
func (l AdjustLine) tracks(tx *db.Tx) (lots bool, err error) {
	var tracked bool
	if err := tx.Row("SELECT tracked, tracks_lots FROM variants WHERE id = ?1", []any{l.VariantID}, &tracked, &lots); err != nil {
		return false, db.Blame(db.Found(err, "variant"), "variantId")
	}
	switch {
	case !tracked:
		return false, db.Refuse("not_tracked", "variantId", "The stock of this product is not tracked. Switch tracking on first.")
	case !lots && l.choice().named():
		return false, db.Refuse("lots_not_tracked", l.lotField(), "Lots of this product are not tracked. Switch that on in the product first.")
	}
	return lots, nil
}

// choice says which lots a line changes. What a person takes away may have expired.
func (l AdjustLine) choice() lotChoice {
	return lotChoice{ID: l.LotID, Lot: l.Lot, ExpiresOn: l.ExpiresOn, SetAside: true, All: l.counting}
}

// lotField is the field that names the lot.
func (l AdjustLine) lotField() string {
	switch {
	case l.LotID != 0:
		return "lotId"
	case l.Lot != "":
		return "lot"
	}
	return "expiresOn"
}

// stands reads how many are there (of the lots that are named), how many of all are free, and the level's version.
func (l AdjustLine) stands(tx *db.Tx, locationID int64) (there, free, version int64, err error) {
	err = tx.Row("SELECT on_hand, on_hand - committed - unavailable, version FROM levels WHERE variant_id = ?1 AND location_id = ?2",
		[]any{l.VariantID, locationID}, &there, &free, &version)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("read the level: %w", err)
	}
	c := l.choice()
	if !c.named() {
		return there, free, version, nil
	}
	if c.ID != 0 { // by its name, a lot may be new
		if _, err := c.one(tx, l.VariantID, locationID); err != nil {
			return 0, 0, 0, db.Blame(err, "lotId")
		}
	}
	lots, err := c.among(tx, l.VariantID, locationID)
	there = 0
	for _, lot := range lots {
		there += lot.Quantity
	}
	return there, free, version, err
}

func (l AdjustLine) belowZero(there, delta int64) error {
	if l.choice().named() {
		return db.Refuse("lot_below_zero", l.field(), "Only %d of this lot are there, so %d cannot leave.", there, -delta).With("onHand", there)
	}
	return db.Refuse("below_zero", "delta", "Only %d are there, so %d cannot leave.", there, -delta).With("onHand", there)
}

// fits refuses a delta that goes the other way than its reason says: reports of what was lost and bought count by reason.
func (l AdjustLine) fits(why Reason, delta int64) error {
	switch {
	case delta > 0 && (why == Damage || why == Theft || why == Waste || why == Donated):
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
