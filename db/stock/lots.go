package stock

import (
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/settings"
)

// never is the expiry date of what does not expire; it sorts after every date.
const never db.Date = "never"

// lotChoice says which lots a movement takes from or puts into. Without anything, what leaves is taken first expired, first
// out, and what comes goes into the lot without name and date.
type lotChoice struct {
	ID        int64
	Lot       string
	ExpiresOn db.Date // empty where nobody says
	// SetAside takes what has expired too, and first.
	SetAside bool
	// All takes whatever else is set aside too, and last.
	All bool
	// Exactly are lots to take from or put back into as far as they go; the rest goes as without them.
	Exactly []share
	// LineID and ParcelID are remembered with the movement, so that what left can return to where it came from.
	LineID, ParcelID int64
}

// named says whether it names lots.
func (c lotChoice) named() bool { return c.ID != 0 || c.Lot != "" || c.ExpiresOn != "" }

// share is what of a movement comes into a lot or, negative, leaves it, and how much what is set aside of it changes.
type share struct {
	LotID, Delta, Unavailable int64
}

// tracksLots says whether what is there of a variant is kept apart by lot.
func tracksLots(tx *db.Tx, variantID int64) (yes bool, err error) {
	if err := tx.Row("SELECT tracks_lots FROM variants WHERE id = ?1", []any{variantID}, &yes); err != nil {
		return false, db.Found(err, "variant")
	}
	return yes, nil
}

// split decides which lots a movement takes part in, once what is due has expired. It fails with errTooLittle when they do not
// hold that much, and does nothing where the variant tracks no lots.
func (m *move) split(tx *db.Tx) error {
	if m.Shares != nil {
		return nil
	}
	yes, err := tracksLots(tx, m.VariantID)
	if err != nil || !yes {
		return err
	}
	if _, err := expire(tx, m.VariantID, m.LocationID); err != nil {
		return err
	}
	if m.Delta < 0 {
		err = m.draw(tx)
	} else {
		err = m.put(tx)
	}
	if err != nil {
		return err
	}
	for _, s := range m.Shares {
		m.Unavailable += s.Unavailable
	}
	return nil
}

// heldLot is a lot as it stands.
type heldLot struct {
	ID, Quantity, Unavailable int64
	ExpiredAt                 *db.Time
}

// free is how much of a lot may leave: of an expired one all of it where that is asked for.
func (l heldLot) free(setAside bool) int64 {
	if l.ExpiredAt != nil && setAside {
		return l.Quantity
	}
	return l.Quantity - l.Unavailable
}

// draw takes what leaves from lots, the first to expire first.
func (m *move) draw(tx *db.Tx) error {
	lots, err := m.Lots.among(tx, m.VariantID, m.LocationID)
	if err != nil {
		return err
	}
	left := -m.Delta
	taken := map[int64]int64{}
	take := func(l heldLot, most int64) {
		q := min(left, most, l.free(m.Lots.SetAside)-taken[l.ID])
		if q > 0 {
			taken[l.ID] += q
			left -= q
		}
	}
	for _, s := range m.Lots.Exactly {
		for _, l := range lots {
			if l.ID == s.LotID {
				take(l, -s.Delta)
			}
		}
	}
	for _, l := range lots {
		take(l, left)
	}
	for _, l := range lots {
		if m.Lots.All {
			l.Unavailable = 0
			take(l, left)
		}
	}
	if left > 0 {
		return errTooLittle
	}
	for _, l := range lots {
		if q := taken[l.ID]; q > 0 {
			s := share{LotID: l.ID, Delta: -q}
			if l.ExpiredAt != nil {
				s.Unavailable = -q
			} else {
				s.Unavailable = min(0, l.Quantity-l.Unavailable-q)
			}
			m.Shares = append(m.Shares, s)
		}
	}
	return nil
}

// among are the lots of a level that a choice leaves, the first to expire first.
func (c lotChoice) among(tx *db.Tx, variantID, locationID int64) (lots []heldLot, err error) {
	err = tx.Select(&lots, `SELECT id, quantity, unavailable, expired_at FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND quantity > 0
			AND (?3 = 0 OR id = ?3) AND (?4 = '' OR lot = ?4) AND (?5 = '' OR expires_on = ?5)
		ORDER BY expired_at IS NULL, expires_on, id`, variantID, locationID, c.ID, c.Lot, string(c.ExpiresOn))
	if err != nil {
		return nil, fmt.Errorf("read lots: %w", err)
	}
	return lots, nil
}

// put brings what comes into lots: back into those it left as far as they are said, the rest into the one that is named.
func (m *move) put(tx *db.Tx) error {
	left := m.Delta
	add := func(id, q int64) error {
		expired, err := isExpired(tx, id)
		if err != nil {
			return err
		}
		s := share{LotID: id, Delta: q}
		if expired {
			s.Unavailable = q
		}
		m.Shares = append(m.Shares, s)
		left -= q
		return nil
	}
	for _, s := range m.Lots.Exactly {
		if q := min(left, s.Delta); q > 0 {
			if err := add(s.LotID, q); err != nil {
				return err
			}
		}
	}
	if left == 0 {
		return nil
	}
	id, err := m.Lots.one(tx, m.VariantID, m.LocationID)
	if err != nil {
		return err
	}
	for i := range m.Shares {
		if s := &m.Shares[i]; s.LotID == id { // one row a lot and movement
			if s.Unavailable > 0 {
				s.Unavailable += left
			}
			s.Delta += left
			return nil
		}
	}
	return add(id, left)
}

// one is the lot that a choice names, made when new.
func (c lotChoice) one(tx *db.Tx, variantID, locationID int64) (id int64, err error) {
	if c.ID != 0 {
		err := tx.Row("SELECT id FROM lots WHERE id = ?1 AND variant_id = ?2 AND location_id = ?3", []any{c.ID, variantID, locationID}, &id)
		return id, db.Found(err, "lot")
	}
	on := c.ExpiresOn
	if on == "" {
		on = never
	}
	key := []any{variantID, locationID, c.Lot, string(on)}
	const find = "SELECT id FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND lot = ?3 AND expires_on = ?4"
	if err = tx.Row(find, key, &id); err == nil || !errors.Is(err, db.ErrNoRow) {
		return id, err
	}
	id, err = tx.Insert("INSERT INTO lots (variant_id, location_id, lot, expires_on) VALUES (?1, ?2, ?3, ?4)", key...)
	if err != nil {
		return 0, fmt.Errorf("make a lot: %w", err)
	}
	return id, nil
}

// isExpired says whether a lot has expired, and marks one that was empty when its day came.
func isExpired(tx *db.Tx, id int64) (bool, error) {
	today, err := today(tx)
	if err != nil {
		return false, err
	}
	var expired bool
	_, err = tx.Exec("UPDATE lots SET expired_at = ?2 WHERE id = ?1 AND expired_at IS NULL AND quantity = 0 AND expires_on <= ?3", id, tx.Now, today)
	if err == nil {
		err = tx.Row("SELECT expired_at IS NOT NULL FROM lots WHERE id = ?1", []any{id}, &expired)
	}
	if err != nil {
		return false, fmt.Errorf("look whether a lot has expired: %w", err)
	}
	return expired, nil
}

// keepShares changes the lots that a movement takes part in, and writes down how.
func (m move) keepShares(tx *db.Tx, movementID int64) error {
	for _, s := range m.Shares {
		n, err := tx.Exec(`UPDATE lots SET quantity = quantity + ?2, unavailable = unavailable + ?3
			WHERE id = ?1 AND quantity + ?2 >= 0 AND unavailable + ?3 BETWEEN 0 AND quantity + ?2`, s.LotID, s.Delta, s.Unavailable)
		if err == nil && n != 1 {
			err = errors.New("it does not hold that")
		}
		if err != nil {
			return fmt.Errorf("change lot %d by %d: %w", s.LotID, s.Delta, err)
		}
		_, err = tx.Exec("INSERT INTO lot_movements (movement_id, lot_id, delta, line_id, parcel_id) VALUES (?1, ?2, ?3, nullif(?4, 0), nullif(?5, 0))",
			movementID, s.LotID, s.Delta, m.Lots.LineID, m.Lots.ParcelID)
		if err != nil {
			return fmt.Errorf("enter the lots of a movement: %w", err)
		}
	}
	return nil
}

// leftFor are the lots that an order line left in a parcel (0: in all of them) and has not returned to, as what would return.
func leftFor(tx *db.Tx, lineID, parcelID int64) (back []share, err error) {
	err = tx.Select(&back, `SELECT lot_id, -sum(delta) AS delta FROM lot_movements WHERE line_id = ?1 AND (?2 = 0 OR parcel_id = ?2)
		GROUP BY lot_id HAVING sum(delta) < 0 ORDER BY min(movement_id), lot_id`, lineID, parcelID)
	if err != nil {
		return nil, fmt.Errorf("find the lots of an order line: %w", err)
	}
	return back, nil
}

// movedBy are the lots that a document moved at a level, as what takes that back.
func movedBy(tx *db.Tx, variantID, locationID int64, doc *Document) (back []share, err error) {
	if doc == nil {
		return nil, nil
	}
	err = tx.Select(&back, `SELECT s.lot_id, -sum(s.delta) AS delta FROM movements m JOIN lot_movements s ON s.movement_id = m.id
		WHERE m.variant_id = ?1 AND m.location_id = ?2 AND m.document_type = ?3 AND m.document_id = ?4
		GROUP BY s.lot_id HAVING sum(s.delta) <> 0 ORDER BY min(m.id), s.lot_id`, variantID, locationID, doc.Type, doc.ID)
	if err != nil {
		return nil, fmt.Errorf("find the lots of a document: %w", err)
	}
	return back, nil
}

// today is the business date of this moment.
func today(tx *db.Tx) (db.Date, error) {
	s, err := settings.In(tx)
	if err != nil {
		return "", err
	}
	return s.Today(tx.Now), nil
}
