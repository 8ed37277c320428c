package stock

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// Undoing is what it takes to undo an adjustment.
type Undoing struct {
	db.Approvable
	// AllowShort takes back what came in though it is committed to orders; the newest of them wait then.
	AllowShort bool `json:"allowShort,omitempty" doc:"take back what orders have reserved; the newest of them turn short"`
}

// UndoAdjustment takes an adjustment back as a whole, by a movement the other way for each of its own, from or to the same lots and at the
// same cost as far as the books still hold it; what had been set aside is again. Undone it stays so. It fails with undo_gone (not that many
// are left), would_short (orders have reserved them), undo_counted (counted or corrected since), approval_required and not_found.
func UndoAdjustment(ctx context.Context, d *db.DB, id int64, in Undoing) (*Adjusted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Adjusted, error) { return undoAdjustment(tx, id, in) })
}

// adjusted is a movement of an adjustment.
type adjusted struct {
	ID, VariantID, LocationID, Delta int64
	Cost                             money.Amount
	Name                             string
	Tracked                          bool
}

func undoAdjustment(tx *db.Tx, id int64, in Undoing) (*Adjusted, error) {
	var at int64
	var undone bool
	if err := tx.Row("SELECT location_id, undone_at IS NOT NULL FROM adjustments WHERE id = ?1", []any{id}, &at, &undone); err != nil {
		return nil, db.Found(err, "adjustment")
	}
	if _, err := LocationIn(tx, at); err != nil {
		return nil, err
	}
	var rows []adjusted
	err := tx.Select(&rows, `SELECT m.id, m.variant_id, m.location_id, m.delta, m.cost, v.name, v.tracked FROM movements m JOIN variants v ON v.id = m.variant_id
		WHERE m.document_type = 'adjustment' AND m.document_id = ?1 AND m.reason <> ?2 ORDER BY m.id DESC`, id, string(Reversal))
	if err != nil {
		return nil, fmt.Errorf("read an adjustment: %w", err)
	}
	u := undo{paper: adjustmentOf(id), short: in.AllowShort, orders: []int64{}}
	if !undone {
		if err := u.all(tx, at, rows); err != nil {
			return nil, err
		}
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.VariantID
	}
	slices.Sort(ids)
	slices.Sort(u.orders)
	levels, err := levelsOf(tx, at, slices.Compact(ids))
	return &Adjusted{ID: id, Levels: levels, ShortOrders: slices.Compact(u.orders)}, err
}

// undo is an adjustment while it is taken back.
type undo struct {
	paper  *Document
	short  bool // orders may wait for it
	aside  []setAsideBefore
	orders []int64 // those that wait now
}

// setAsideBefore is what an adjustment took of what had been set aside.
type setAsideBefore struct {
	VariantID, LotID, Quantity int64
	Reason                     AsideReason
}

func (u *undo) all(tx *db.Tx, locationID int64, rows []adjusted) error {
	err := tx.Select(&u.aside, `SELECT variant_id, lot_id, reason, -delta AS quantity FROM aside_steps WHERE document_type = 'adjustment' AND document_id = ?1
		ORDER BY id`, u.paper.ID)
	if err != nil {
		return fmt.Errorf("read what an adjustment took of what was set aside: %w", err)
	}
	lost := money.Amount(0)
	for _, r := range rows {
		cost, err := u.one(tx, r)
		if err != nil {
			return err
		}
		lost -= min(cost, 0)
	}
	if lost > 0 {
		if err := tx.Allow(db.WriteOffLimit, int64(lost), locationID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec("UPDATE adjustments SET undone_at = ?2 WHERE id = ?1", u.paper.ID, tx.Now); err != nil {
		return fmt.Errorf("mark an adjustment undone: %w", err)
	}
	return tx.AuditAs("undone", adjustment, u.paper.ID, nil, map[string]any{"locationId": locationID, "movements": len(rows)})
}

// one takes one movement back, and answers the cost of that.
func (u *undo) one(tx *db.Tx, r adjusted) (money.Amount, error) {
	if !r.Tracked {
		return 0, r.refuse("not_tracked", "The stock of %s is not tracked. Switch tracking on first.", r.Name)
	}
	if err := r.uncounted(tx, u.paper.ID); err != nil {
		return 0, err
	}
	wait, err := expire(tx, r.VariantID, r.LocationID)
	if err != nil {
		return 0, err
	}
	u.orders = append(u.orders, wait...)
	m := move{VariantID: r.VariantID, LocationID: r.LocationID, Delta: -r.Delta, Reason: Reversal, Document: u.paper, Lots: lotChoice{SetAside: true}}
	if err := tx.Select(&m.Lots.Exactly, "SELECT lot_id, -delta AS delta FROM lot_movements WHERE movement_id = ?1 ORDER BY lot_id", r.ID); err != nil {
		return 0, fmt.Errorf("read the lots of a movement: %w", err)
	}
	if m.Cost, err = r.worth(tx); err != nil {
		return 0, err
	}
	if r.Delta < 0 {
		return u.bring(tx, m)
	}
	return u.take(tx, r, m)
}

// bring brings back what an adjustment took, set aside where it had been.
func (u *undo) bring(tx *db.Tx, m move) (money.Amount, error) {
	if err := m.split(tx); err != nil {
		return 0, err
	}
	kept := u.again(&m)
	cost, err := enter(tx, m)
	if err != nil {
		return 0, fmt.Errorf("bring back what was taken: %w", err)
	}
	for _, k := range kept {
		if err := (asideAt{Place{m.VariantID, m.LocationID}, k.Reason}).keep(tx, k.LotID, k.Quantity, "returned", "", u.paper); err != nil {
			return 0, err
		}
	}
	return cost, coverShort(tx, m.VariantID, m.LocationID)
}

// again sets aside what of a movement was before, and answers it: of what has expired meanwhile nothing, that is set aside for good.
func (u *undo) again(m *move) (kept []setAsideBefore) {
	set := func(lotID, most int64) (sum int64) {
		for i := range u.aside {
			a := &u.aside[i]
			if a.VariantID != m.VariantID || a.LotID != lotID && a.LotID != 0 && lotID != 0 { // whichever lot, where they were not tracked or are no more
				continue
			}
			if n := min(a.Quantity, most-sum); n > 0 {
				kept = append(kept, setAsideBefore{m.VariantID, lotID, n, a.Reason})
				a.Quantity, sum = a.Quantity-n, sum+n
			}
		}
		return sum
	}
	if m.Shares == nil {
		m.Unavailable = set(0, m.Delta)
	}
	for i := range m.Shares {
		if s := &m.Shares[i]; s.Unavailable == 0 {
			s.Unavailable = set(s.LotID, s.Delta)
			m.Unavailable += s.Unavailable
		}
	}
	return kept
}

// take takes away again what an adjustment brought, of the lots it went into.
func (u *undo) take(tx *db.Tx, r adjusted, m move) (money.Amount, error) {
	left, free, err := r.left(tx)
	if err != nil {
		return 0, err
	}
	if left < r.Delta {
		return 0, r.gone(left)
	}
	if err := m.split(tx); err != nil {
		return 0, fmt.Errorf("find what to take back: %w", err)
	}
	if missing := r.Delta + m.Unavailable - free; missing > 0 {
		if !u.short {
			return 0, r.refuse("would_short", "Orders have reserved %d of %s. Allow them to wait, or leave it as it is.", missing, r.Name).With("available", free).With("missing", missing)
		}
		wait, err := uncover(tx, r.VariantID, r.LocationID, missing)
		if err != nil {
			return 0, err
		}
		u.orders = append(u.orders, wait...)
	}
	return enter(tx, m)
}

// left is how many of what came in are there and not set aside, of its lots where the variant tracks any, and how many of all are free.
func (r adjusted) left(tx *db.Tx) (left, free int64, err error) {
	var expired int64
	err = tx.Row(`SELECT lv.on_hand - lv.unavailable, lv.on_hand - lv.committed - lv.unavailable,
			coalesce((SELECT sum(quantity) FROM lots l WHERE l.variant_id = lv.variant_id AND l.location_id = lv.location_id AND expired_at IS NOT NULL), 0)
		FROM levels lv WHERE lv.variant_id = ?1 AND lv.location_id = ?2`, []any{r.VariantID, r.LocationID}, &left, &free, &expired)
	if err != nil {
		return 0, 0, fmt.Errorf("read the level: %w", err)
	}
	left += expired
	var lots *int64
	err = tx.Row(`SELECT sum(min(s.delta, iif(l.expired_at IS NULL, l.quantity - l.unavailable, l.quantity))) FROM lot_movements s
		JOIN lots l ON l.id = s.lot_id JOIN variants v ON v.id = l.variant_id WHERE s.movement_id = ?1 AND v.tracks_lots = 1`, []any{r.ID}, &lots)
	if err != nil {
		return 0, 0, fmt.Errorf("read the lots that came in: %w", err)
	}
	if lots != nil {
		left = *lots
	}
	return left, free, nil
}

// uncounted refuses to take back what somebody counted or corrected since: what they found is right with it.
func (r adjusted) uncounted(tx *db.Tx, adjustmentID int64) (err error) {
	var counted bool
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM count_lines x JOIN counts c ON c.id = x.count_id WHERE x.variant_id = ?1 AND c.location_id = ?2 AND x.posted_at IS NOT NULL AND x.seen >= ?3)
		OR EXISTS (SELECT 1 FROM movements m LEFT JOIN adjustments a ON m.document_type = 'adjustment' AND a.id = m.document_id
			WHERE m.variant_id = ?1 AND m.location_id = ?2 AND m.id > ?3 AND m.reason = 'correction' AND a.undone_at IS NULL AND (m.document_type, m.document_id) IS NOT ('adjustment', ?4))`,
		[]any{r.VariantID, r.LocationID, r.ID, adjustmentID}, &counted)
	if err != nil {
		return fmt.Errorf("look who counted since: %w", err)
	}
	if counted {
		return r.refuse("undo_counted", "%s was counted or corrected since, and what was found then is right with this. Adjust it by hand instead.", r.Name)
	}
	return nil
}

// worth is the cost that a movement had, the other way: with it the value is as if nothing had happened. Where the books do not hold that any
// more, or nothing would be left of the variant, it is nil: by the average, as of all that leaves.
func (r adjusted) worth(tx *db.Tx) (*money.Amount, error) {
	back := -r.Cost
	if r.Delta < 0 {
		return &back, nil
	}
	var enough bool
	err := tx.Row("SELECT quantity > ?2 AND value >= ?3 FROM costs WHERE variant_id = ?1", []any{r.VariantID, r.Delta, r.Cost}, &enough)
	if err != nil {
		return nil, fmt.Errorf("read the cost: %w", err)
	}
	if !enough {
		return nil, nil
	}
	return &back, nil
}

func (r adjusted) gone(left int64) error {
	return r.refuse("undo_gone", "Of the %d of %s that came in, only %d are left to take back.", r.Delta, r.Name, left).With("left", left)
}

func (r adjusted) refuse(code, message string, args ...any) *db.Error {
	return db.Errorf(db.Conflict, code, message, args...).With("name", r.Name).With("quantity", r.Delta)
}
