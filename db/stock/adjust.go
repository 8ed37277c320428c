package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"onhand/db"
	"onhand/db/money"
)

// Adjustment is a change of what is there, with the reason a person gives.
type Adjustment struct {
	db.Approvable
	LocationID int64        `json:"locationId" minimum:"1"`
	Reason     Reason       `json:"reason" enum:"received,damage,theft,waste,donated,found,correction"`
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
	// What comes goes into the lot of this name and day, made when new; what leaves is taken from such lots.
	Lot       string  `json:"lot,omitempty" maxLength:"64" doc:"of a variant that tracks lots: which one comes or leaves; left out, what leaves first expires first"`
	ExpiresOn db.Date `json:"expiresOn,omitempty" doc:"the day it expires, as 2026-12-31: from then on it is not sold"`
	LotID     int64   `json:"lotId,omitempty" minimum:"1" doc:"the lot by its id instead; with it counted is what is there of that lot"`
	// SetAside takes what is not for sale any more, as what is thrown away after it was looked at.
	SetAside AsideReason `json:"setAside,omitempty" enum:"quarantine,damaged,safety" doc:"of a negative delta: take it from what is set aside for this reason"`
	// AllowShort takes stock that is committed to orders; the newest of them wait then.
	AllowShort bool `json:"allowShort,omitempty" doc:"take stock that orders have reserved; the newest of them turn short"`

	counting bool // a count, with AllowShort: what is not there is not set aside either
}

// Adjusted is what an adjustment led to.
type Adjusted struct {
	ID     int64   `json:"id,omitempty" doc:"the adjustment's, by which it can be undone; absent where nothing moved, or it was of another document"`
	Levels []Level `json:"levels"`
	// ShortOrders are the orders whose stock was taken by allowShort.
	ShortOrders []int64 `json:"shortOrders"`
}

// reasons a person may give.
var reasons = []Reason{Received, Damage, Theft, Waste, Donated, FoundStock, Correction}

// Adjust changes what is there: all lines, or none of them. It fails with
// below_zero, would_short (orders have reserved it), wrong_sign, stale and not_found.
func Adjust(ctx context.Context, d *db.DB, in Adjustment) (*Adjusted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Adjusted, error) { return AdjustIn(tx, in, nil) })
}

// AdjustIn is Adjust inside a transaction, for a document or, nil, by hand: then it is one itself.
func AdjustIn(tx *db.Tx, in Adjustment, doc *Document) (*Adjusted, error) {
	if !slices.Contains(reasons, in.Reason) {
		return nil, db.Refuse("bad_reason", "reason", "Say why: received, damage, theft, waste, donated, found or correction.")
	}
	note, err := db.Note("note", in.Note, 500)
	if err != nil {
		return nil, err
	}
	in.Note = note
	if _, err := LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	for i := range in.Lines {
		if err := in.Lines[i].tidy(); err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
	}
	out := &Adjusted{Levels: []Level{}, ShortOrders: []int64{}}
	paper := doc
	if doc == nil {
		if paper, err = in.paper(tx); err != nil {
			return nil, err
		}
	}
	ids := make([]int64, len(in.Lines))
	lost := money.Amount(0)
	for i, line := range in.Lines {
		short, cost, err := adjustLine(tx, in, line, paper)
		if err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
		lost -= min(cost, 0) // each is checked, and a file has few lines: no sum of 500 overflows
		out.ShortOrders = append(out.ShortOrders, short...)
		ids[i] = line.VariantID
	}
	if doc == nil {
		if err := writeOff(tx, in, lost); err != nil {
			return nil, err
		}
		if out.ID, err = paper.kept(tx); err != nil {
			return nil, err
		}
	}
	slices.Sort(out.ShortOrders)
	out.ShortOrders = slices.Compact(out.ShortOrders)
	out.Levels, err = levelsOf(tx, in.LocationID, ids)
	return out, err
}

// adjustment is the type of the document that an adjustment by hand is.
const adjustment = "adjustment"

// paper is the document of an adjustment by hand.
func (in Adjustment) paper(tx *db.Tx) (*Document, error) {
	id, err := tx.Insert("INSERT INTO adjustments (at, location_id) VALUES (?1, ?2)", tx.Now, in.LocationID)
	if err != nil {
		return nil, fmt.Errorf("write the adjustment down: %w", err)
	}
	return adjustmentOf(id), nil
}

// adjustmentOf is an adjustment as what its movements name.
func adjustmentOf(id int64) *Document {
	return &Document{Type: adjustment, ID: id, Number: strconv.FormatInt(id, 10)}
}

// byHand says that somebody adjusted, and no other document did.
func (d *Document) byHand() bool { return d != nil && d.Type == adjustment }

// kept answers the id of an adjustment, 0 where nothing moved: it was none then.
func (d *Document) kept(tx *db.Tx) (int64, error) {
	n, err := tx.Exec("DELETE FROM adjustments WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM movements WHERE document_type = 'adjustment' AND document_id = ?1)", d.ID)
	if err != nil {
		return 0, fmt.Errorf("look what an adjustment moved: %w", err)
	}
	if n == 1 {
		return 0, nil
	}
	return d.ID, nil
}

// writeOff asks for approval where what leaves the books is worth more than the actor may write off alone.
func writeOff(tx *db.Tx, in Adjustment, lost money.Amount) error {
	if lost == 0 {
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
	lots, err := line.tracks(tx)
	if err != nil {
		return nil, 0, err
	}
	if err := ensureLevel(tx, line.VariantID, in.LocationID); err != nil {
		return nil, 0, err
	}
	if lots {
		if short, err = expire(tx, line.VariantID, in.LocationID); err != nil {
			return nil, 0, err
		}
	}
	there, free, version, err := line.stands(tx, in.LocationID)
	if err != nil {
		return nil, 0, err
	}
	if line.UnitCost != nil && doc.byHand() && !tx.Actor.Can("cost.read") { // who does not know costs does not make them
		return nil, 0, db.Blame(db.Denied("cost.read"), "unitCost")
	}
	delta, err := line.delta(tx, in.LocationID, there, version)
	if err != nil || delta == 0 {
		return short, 0, err
	}
	if err := line.fits(in.Reason, delta); err != nil {
		return nil, 0, err
	}
	if there+delta < 0 {
		return nil, 0, line.belowZero(there, delta)
	}
	m := move{VariantID: line.VariantID, LocationID: in.LocationID, Delta: delta, Reason: in.Reason, Note: in.Note, Document: doc, Lots: line.choice()}
	if line.SetAside != "" {
		if err := m.takeAside(tx, line.SetAside, line.LotID); err != nil {
			return nil, 0, db.Blame(err, "delta")
		}
	}
	if err := m.split(tx); errors.Is(err, errTooLittle) {
		return nil, 0, line.wouldShort(free, -delta-free)
	} else if err != nil {
		return nil, 0, err
	}
	if missing := -delta + m.Unavailable - free; missing > 0 { // what has expired was nobody's
		if !line.AllowShort {
			return nil, 0, line.wouldShort(free, missing)
		}
		wait, err := uncover(tx, line.VariantID, in.LocationID, missing)
		if err != nil {
			return nil, 0, err
		}
		short = append(short, wait...)
		if line.counting {
			if free, err = available(tx, line.VariantID, in.LocationID); err != nil {
				return nil, 0, err
			}
			m.Unavailable -= max(0, -delta+m.Unavailable-free)
		}
	}
	if m.Cost, err = line.cost(tx, delta); err != nil {
		return nil, 0, err
	}
	if moved, err = enter(tx, m); errors.Is(err, errTooLittle) {
		return nil, 0, line.wouldShort(free, -delta-free) // what is set aside cannot be taken either
	} else if err != nil {
		return nil, 0, err
	}
	if delta < 0 && line.counting {
		return short, moved, m.loseAside(tx)
	}
	if delta < 0 {
		return short, moved, nil
	}
	return short, moved, coverShort(tx, line.VariantID, in.LocationID)
}
