package stock

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
)

// AsideReason says why something that is there is not for sale.
type AsideReason string

// The reasons to set something aside. Expired is set by the day, not by a person.
const (
	Quarantine AsideReason = "quarantine"
	Damaged    AsideReason = "damaged"
	Safety     AsideReason = "safety"
	Expired    AsideReason = "expired"
)

// AsideChange is what somebody takes out of sale, or gives back to it.
type AsideChange struct {
	LocationID int64       `json:"locationId" minimum:"1"`
	Reason     AsideReason `json:"reason" enum:"quarantine,damaged,safety"`
	Note       string      `json:"note,omitempty" maxLength:"500"`
	Lines      []AsideLine `json:"lines" minItems:"1" maxItems:"200"`
}

// AsideLine is how many of a variant.
type AsideLine struct {
	VariantID  int64 `json:"variantId" minimum:"1"`
	Quantity   int64 `json:"quantity" minimum:"1" maximum:"1000000000"`
	LotID      int64 `json:"lotId,omitempty" minimum:"1" doc:"of a variant that tracks lots: of which; left out, what expires first"`
	AllowShort bool  `json:"allowShort,omitempty" doc:"set aside what orders have reserved; the newest of them turn short"`
}

// SetAside takes what is there out of sale: all lines, or none of them. It fails with too_few, would_short (orders have reserved it) and
// not_found.
func SetAside(ctx context.Context, d *db.DB, in AsideChange) (*Adjusted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Adjusted, error) { return in.each(tx, setLineAside) })
}

// ReleaseAside gives what was set aside for a reason back to sale: all lines, or none of them. Orders that wait take it first. It fails with
// not_set_aside and not_found.
func ReleaseAside(ctx context.Context, d *db.DB, in AsideChange) (*Adjusted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Adjusted, error) { return in.each(tx, releaseAside) })
}

// each does something with every line, and answers the levels and the orders that wait now.
func (in AsideChange) each(tx *db.Tx, do func(*db.Tx, AsideChange, AsideLine) (short []int64, err error)) (_ *Adjusted, err error) {
	if !slices.Contains([]AsideReason{Quarantine, Damaged, Safety}, in.Reason) {
		return nil, db.Refuse("bad_reason", "reason", "Say why: quarantine, damaged or safety.")
	}
	if in.Note, err = db.Note("note", in.Note, 500); err != nil {
		return nil, err
	}
	if _, err := LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	out, ids := &Adjusted{ShortOrders: []int64{}}, make([]int64, len(in.Lines))
	for i, l := range in.Lines {
		short, err := do(tx, in, l)
		if err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
		out.ShortOrders = append(out.ShortOrders, short...)
		ids[i] = l.VariantID
	}
	slices.Sort(out.ShortOrders)
	out.ShortOrders = slices.Compact(out.ShortOrders)
	out.Levels, err = levelsOf(tx, in.LocationID, ids)
	return out, err
}

// setLineAside takes one line out of sale, and answers the orders that wait now.
func setLineAside(tx *db.Tx, in AsideChange, l AsideLine) (short []int64, err error) {
	at := asideAt{Place{l.VariantID, in.LocationID}, in.Reason}
	line := AdjustLine{VariantID: l.VariantID, LotID: l.LotID}
	lots, err := line.tracks(tx)
	if err != nil {
		return nil, err
	}
	if err := ensureLevel(tx, l.VariantID, in.LocationID); err != nil {
		return nil, err
	}
	if lots {
		if short, err = expire(tx, l.VariantID, in.LocationID); err != nil {
			return nil, err
		}
	}
	from, err := at.sellable(tx, lots, l.LotID)
	if err != nil {
		return nil, err
	}
	taken, there := draw(from, l.Quantity)
	if there < l.Quantity {
		return nil, db.Refuse("too_few", "quantity", "Only %d are there that are not set aside.", there).With("max", there)
	}
	free, err := available(tx, l.VariantID, in.LocationID)
	if err != nil {
		return nil, err
	}
	if missing := l.Quantity - free; missing > 0 && !l.AllowShort {
		return nil, db.Refuse("would_short", "quantity", "Orders have reserved %d of these; only %d can be set aside. Allow orders to wait, or set fewer aside.", missing, free).
			With("available", free).With("missing", missing)
	}
	wait, err := setAside(tx, l.VariantID, in.LocationID, l.Quantity)
	if err != nil {
		return nil, err
	}
	for _, t := range taken {
		if err := at.changeLot(tx, t.LotID, t.Quantity); err != nil {
			return nil, err
		}
		if err := at.keep(tx, t.LotID, t.Quantity, "set_aside", in.Note, nil); err != nil {
			return nil, err
		}
	}
	return append(short, wait...), nil
}

// releaseAside gives one line back to sale.
func releaseAside(tx *db.Tx, in AsideChange, l AsideLine) ([]int64, error) {
	at := asideAt{Place{l.VariantID, in.LocationID}, in.Reason}
	short, err := expire(tx, l.VariantID, in.LocationID) // what has expired is set aside for that
	if err != nil {
		return nil, err
	}
	taken, err := at.take(tx, l.LotID, l.Quantity, "released", in.Note, nil)
	if err != nil {
		return nil, db.Blame(err, "quantity")
	}
	for _, t := range taken {
		if err := at.changeLot(tx, t.LotID, -t.Quantity); err != nil {
			return nil, err
		}
	}
	var version int64
	err = tx.Row("UPDATE levels SET unavailable = unavailable - ?3, version = version + 1 WHERE variant_id = ?1 AND location_id = ?2 AND unavailable >= ?3 RETURNING version",
		[]any{l.VariantID, in.LocationID, l.Quantity}, &version)
	if err != nil {
		return nil, fmt.Errorf("release %d: %w", l.Quantity, err)
	}
	if err := changed(tx, l.VariantID, in.LocationID, version); err != nil {
		return nil, err
	}
	return short, coverShort(tx, l.VariantID, in.LocationID)
}

// ofLot is how many are of one lot, 0 where there are none.
type ofLot struct{ LotID, Quantity int64 }

// draw takes q from lots in their order, and answers how many of it there are.
func draw(from []ofLot, q int64) (taken []ofLot, there int64) {
	for _, l := range from {
		if n := min(l.Quantity, q-there); n > 0 {
			taken = append(taken, ofLot{l.LotID, n})
			there += n
		}
	}
	return taken, there
}

// aside sets aside all that a movement brings, and answers of which lots: what has expired is set aside for that already.
func (m *move) aside() (kept []ofLot) {
	if m.Shares == nil {
		kept = []ofLot{{0, m.Delta}}
	}
	for i := range m.Shares {
		s := &m.Shares[i]
		if s.Unavailable == 0 {
			kept = append(kept, ofLot{s.LotID, s.Delta})
		}
		s.Unavailable = s.Delta
	}
	m.Unavailable = m.Delta
	return kept
}

// takeAside lets a movement take what is set aside for a reason.
func (m *move) takeAside(tx *db.Tx, why AsideReason, lotID int64) error {
	taken, err := asideAt{Place{m.VariantID, m.LocationID}, why}.take(tx, lotID, -m.Delta, "written_off", m.Note, m.Document)
	if err != nil {
		return err
	}
	m.Unavailable = m.Delta
	for _, t := range taken {
		if t.LotID != 0 {
			m.Shares = append(m.Shares, share{t.LotID, -t.Quantity, -t.Quantity})
		}
	}
	return nil
}

// loseAside ends what was set aside of what a count did not find.
func (m *move) loseAside(tx *db.Tx) error {
	at := Place{m.VariantID, m.LocationID}
	if m.Shares == nil {
		return at.endAside(tx, 0, -m.Unavailable, "counted", m.Document)
	}
	for _, s := range m.Shares {
		if err := at.endAside(tx, s.LotID, -s.Unavailable, "counted", m.Document); err != nil {
			return err
		}
	}
	return nil
}

// endAside ends q of what is set aside of a lot, for whatever reason: what is damaged first.
func (p Place) endAside(tx *db.Tx, lotID, q int64, kind string, doc *Document) error {
	if q <= 0 {
		return nil
	}
	var ends []struct {
		Reason   AsideReason
		Quantity int64
	}
	err := tx.Select(&ends, "SELECT reason, quantity FROM asides WHERE variant_id = ?1 AND location_id = ?2 AND lot_id = ?3 AND quantity > 0 ORDER BY reason", p.VariantID, p.LocationID, lotID)
	if err != nil {
		return fmt.Errorf("read what is set aside: %w", err)
	}
	for _, e := range ends {
		n := min(q, e.Quantity)
		if n == 0 {
			break
		}
		if err := (asideAt{p, e.Reason}).keep(tx, lotID, -n, kind, "", doc); err != nil {
			return err
		}
		q -= n
	}
	return nil
}

// asideAt is where something is set aside, and why.
type asideAt struct {
	Place
	reason AsideReason
}

// sellable is what is there of a level, or of one of its lots, and not set aside: what expires first first.
func (at asideAt) sellable(tx *db.Tx, lots bool, lotID int64) (from []ofLot, err error) {
	query, args := "SELECT 0 AS lot_id, on_hand - unavailable AS quantity FROM levels WHERE variant_id = ?1 AND location_id = ?2", []any{at.VariantID, at.LocationID}
	if lots {
		query = `SELECT id AS lot_id, quantity - unavailable AS quantity FROM lots WHERE variant_id = ?1 AND location_id = ?2 AND (?3 = 0 OR id = ?3)
			AND quantity > unavailable ORDER BY expires_on, id`
		args = append(args, lotID)
	}
	if err := tx.Select(&from, query, args...); err != nil {
		return nil, fmt.Errorf("read what can be set aside: %w", err)
	}
	return from, nil
}

// take takes q from what is set aside for a reason, of one lot or of all, what expires first first; not_set_aside when it is less. What
// becomes of it on the shelf is the caller's.
func (at asideAt) take(tx *db.Tx, lotID, q int64, kind, note string, doc *Document) ([]ofLot, error) {
	var from []ofLot
	err := tx.Select(&from, `SELECT a.lot_id, a.quantity FROM asides a LEFT JOIN lots l ON l.id = a.lot_id
		WHERE a.variant_id = ?1 AND a.location_id = ?2 AND a.reason = ?3 AND (?4 = 0 OR a.lot_id = ?4) AND a.quantity > 0 ORDER BY l.expires_on, a.lot_id`,
		at.VariantID, at.LocationID, string(at.reason), lotID)
	if err != nil {
		return nil, fmt.Errorf("read what is set aside: %w", err)
	}
	taken, there := draw(from, q)
	if there < q {
		return nil, db.Refuse("not_set_aside", "", "Only %d are set aside for this reason.", there).With("max", there)
	}
	for _, t := range taken {
		if err := at.keep(tx, t.LotID, -t.Quantity, kind, note, doc); err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// changeLot changes how many of a lot are set aside.
func (at asideAt) changeLot(tx *db.Tx, lotID, delta int64) error {
	if lotID == 0 {
		return nil
	}
	n, err := tx.Exec("UPDATE lots SET unavailable = unavailable + ?2 WHERE id = ?1 AND expired_at IS NULL AND unavailable + ?2 BETWEEN 0 AND quantity", lotID, delta)
	if err != nil || n != 1 {
		return fmt.Errorf("set %d of lot %d aside: %d changed: %w", delta, lotID, n, err)
	}
	return nil
}

// keep writes down by how much what is set aside changes, and why.
func (at asideAt) keep(tx *db.Tx, lotID, delta int64, kind, note string, doc *Document) error {
	var d struct {
		kind, number *string
		id           *int64
	}
	if doc != nil {
		d.kind, d.id, d.number = &doc.Type, &doc.ID, &doc.Number
	}
	step, err := tx.Insert(`INSERT INTO aside_steps (at, variant_id, location_id, lot_id, reason, kind, delta, note, document_type, document_id, document_number,
			actor_kind, actor_id, actor_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`,
		tx.Now, at.VariantID, at.LocationID, lotID, string(at.reason), kind, delta, note, d.kind, d.id, d.number, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO asides (variant_id, location_id, lot_id, reason, quantity, step_id) VALUES (?1, ?2, ?3, ?4, max(?5, 0), ?6)
			ON CONFLICT (variant_id, location_id, lot_id, reason) DO UPDATE SET quantity = quantity + ?5, step_id = iif(?5 > 0, ?6, step_id)`,
			at.VariantID, at.LocationID, lotID, string(at.reason), delta, step)
	}
	if err != nil {
		return fmt.Errorf("keep what is set aside: %w", err)
	}
	return nil
}
