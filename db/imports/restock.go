package imports

import (
	"errors"
	"fmt"
	"strconv"

	"onhand/db"
	"onhand/db/stock"
)

// restock looks at what a row's number means for a variant the shop has, and blames the row where the stock cannot become that.
func (p *plan) restock(tx *db.Tx, o *offer, variantID int64) error {
	o.fresh, o.moves = false, false
	if o.stock == nil {
		return nil
	}
	l, err := adjustment(tx, variantID, p.locationID, *o.stock)
	if err != nil || l == nil {
		return err
	}
	level, err := stock.LevelIn(tx, variantID, p.locationID)
	switch {
	case db.CodeOf(err) == "not_found": // never had any
		level = &stock.Level{}
	case err != nil:
		return err
	}
	delta := *o.stock - level.OnHand
	if l.Delta != nil {
		delta = *l.Delta
	}
	o.fresh, o.moves = true, delta != 0
	switch {
	case level.OnHand+delta < 0:
		p.fail(o.row, colStock, "below_zero", "The file takes %d away, but only %d are there. Count them here.", -delta, level.OnHand).With("onHand", level.OnHand)
	case -delta > level.Available:
		p.fail(o.row, colStock, "would_short", "The file takes %d away, but only %d are not reserved by orders. Fulfil or cancel those first.", -delta, level.Available).
			With("available", level.Available)
	}
	return nil
}

// adjustment is what a number in the file does to the stock of a variant. The first time it is what is there. From then on only
// its difference to the last file counts, so that the same file twice changes nothing and what was sold in between stays sold.
// It is nil when the number is the last one.
func adjustment(tx *db.Tx, variantID, locationID, number int64) (*stock.AdjustLine, error) {
	var last int64
	err := tx.Row("SELECT quantity FROM import_stock WHERE variant_id = ?1 AND location_id = ?2", []any{variantID, locationID}, &last)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return &stock.AdjustLine{VariantID: variantID, Counted: &number}, nil
	case err != nil:
		return nil, fmt.Errorf("read the last number: %w", err)
	case last == number:
		return nil, nil //nolint:nilnil // nothing to adjust is an answer
	}
	return &stock.AdjustLine{VariantID: variantID, Delta: ref(number - last)}, nil
}

// carryStock makes the stock of the written variants what the file says, and remembers its numbers.
func (c *change) carryStock(tx *db.Tx, m *Import, variants []int64) error {
	in := stock.Adjustment{LocationID: m.LocationID, Reason: stock.Correction}
	if c.id == 0 {
		in.Reason = stock.Received
	}
	for i, o := range c.slots {
		if o == nil || o.stock == nil {
			continue
		}
		l, err := adjustment(tx, variants[i], m.LocationID, *o.stock)
		if err != nil {
			return err
		}
		if l == nil {
			continue
		}
		in.Lines = append(in.Lines, *l)
		_, err = tx.Exec(`INSERT INTO import_stock (variant_id, location_id, quantity) VALUES (?1, ?2, ?3)
			ON CONFLICT (variant_id, location_id) DO UPDATE SET quantity = ?3`, variants[i], m.LocationID, *o.stock)
		if err != nil {
			return fmt.Errorf("remember the number: %w", err)
		}
	}
	if len(in.Lines) == 0 {
		return nil
	}
	_, err := stock.AdjustIn(tx, in, &stock.Document{Type: "import", ID: m.ID, Number: strconv.FormatInt(m.ID, 10)})
	return err
}
