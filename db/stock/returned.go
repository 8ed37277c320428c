package stock

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Returned is what of one order line came back to a location, by what becomes of it.
type Returned struct {
	LineID     int64
	VariantID  int64
	LocationID int64
	Sellable   int64
	Quarantine int64 // there, but set aside
	Waste      int64 // it comes in and leaves again, so that the ledger shows both
	// Cost is what all of it had cost when it left, in minor units.
	Cost     money.Amount
	Note     string
	Document Document
}

// PutBack brings what came back onto the shelf, at the cost it had left with. What tracks lots returns to those it had left:
// to lots of the same name and day, where it comes back to another store.
func PutBack(tx *db.Tx, r Returned) error {
	if err := ensureLevel(tx, r.VariantID, r.LocationID); err != nil {
		return err
	}
	costs, err := money.Prorate(r.Cost, []money.Amount{money.Amount(r.Sellable), money.Amount(r.Quarantine), money.Amount(r.Waste)})
	if err != nil {
		return fmt.Errorf("share the cost of a return: %w", err)
	}
	if _, err := r.bring(tx, r.Sellable, costs[0], false); err != nil {
		return err
	}
	if _, err := r.bring(tx, r.Quarantine, costs[1], true); err != nil {
		return err
	}
	wasted, err := r.bring(tx, r.Waste, costs[2], false)
	if err != nil {
		return err
	}
	if err := r.throwAway(tx, wasted); err != nil {
		return err
	}
	return coverShort(tx, r.VariantID, r.LocationID)
}

// bring enters q of a return, set aside or not, and answers the lots that took it.
func (r Returned) bring(tx *db.Tx, q int64, cost money.Amount, aside bool) ([]share, error) {
	if q == 0 {
		return nil, nil
	}
	m := move{VariantID: r.VariantID, LocationID: r.LocationID, Delta: q, Reason: Return, Note: r.Note, Cost: &cost, Document: &r.Document,
		Lots: lotChoice{LineID: r.LineID}}
	var err error
	if m.Lots.Exactly, err = r.home(tx, q); err != nil {
		return nil, err
	}
	if err := m.split(tx); err != nil {
		return nil, err
	}
	var kept []ofLot
	if aside {
		kept = m.aside()
	}
	if _, err := enter(tx, m); err != nil {
		return nil, fmt.Errorf("put back: %w", err)
	}
	for _, k := range kept {
		if err := (asideAt{Place{r.VariantID, r.LocationID}, Quarantine}).keep(tx, k.LotID, k.Quantity, "returned", r.Note, &r.Document); err != nil {
			return nil, err
		}
	}
	return m.Shares, nil
}

// throwAway lets what is waste leave again, from the lots it has just come into.
func (r Returned) throwAway(tx *db.Tx, from []share) error {
	if r.Waste == 0 {
		return nil
	}
	m := move{VariantID: r.VariantID, LocationID: r.LocationID, Delta: -r.Waste, Reason: Waste, Note: r.Note, Document: &r.Document,
		Lots: lotChoice{SetAside: true}}
	for _, s := range from {
		m.Lots.Exactly = append(m.Lots.Exactly, share{LotID: s.LotID, Delta: -s.Delta})
	}
	if _, err := enter(tx, m); err != nil {
		return fmt.Errorf("throw away what came back: %w", err)
	}
	return nil
}

// home are the lots, at the place of a return, of the names and days that its order line left and q have not returned to.
func (r Returned) home(tx *db.Tx, q int64) (back []share, err error) {
	yes, err := tracksLots(tx, r.VariantID)
	if err != nil || !yes {
		return nil, err
	}
	var left []struct {
		Lot       string
		ExpiresOn db.Date
		Quantity  int64
	}
	err = tx.Select(&left, `SELECT l.lot, l.expires_on, -sum(m.delta) AS quantity FROM lot_movements m JOIN lots l ON l.id = m.lot_id
		WHERE m.line_id = ?1 GROUP BY l.lot, l.expires_on HAVING sum(m.delta) < 0 ORDER BY min(m.movement_id), l.id`, r.LineID)
	if err != nil {
		return nil, fmt.Errorf("find the lots of an order line: %w", err)
	}
	for _, l := range left {
		if q == 0 {
			break
		}
		id, err := lotChoice{Lot: l.Lot, ExpiresOn: l.ExpiresOn}.one(tx, r.VariantID, r.LocationID)
		if err != nil {
			return nil, err
		}
		n := min(q, l.Quantity)
		back = append(back, share{LotID: id, Delta: n})
		q -= n
	}
	return back, nil
}
