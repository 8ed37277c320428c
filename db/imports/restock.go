package imports

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"onhand/db"
	"onhand/db/stock"
)

// restock looks at what a row's numbers mean for a variant the shop has, and blames the row where the stock cannot become that.
func (p *plan) restock(tx *db.Tx, o *offer, variantID int64) error {
	o.fresh, o.moves = false, false
	for _, n := range o.stock {
		if err := p.restockAt(tx, o, variantID, n); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) restockAt(tx *db.Tx, o *offer, variantID int64, n number) error {
	at := cmp.Or(n.column.locationID, p.locationID)
	l, _, err := adjustment(tx, variantID, at, n.quantity)
	if err != nil || l == nil {
		return err
	}
	level, err := stock.LevelIn(tx, variantID, at)
	switch {
	case db.CodeOf(err) == "not_found": // never had any
		level = &stock.Level{}
	case err != nil:
		return err
	}
	delta := n.quantity - level.OnHand
	if l.Delta != nil {
		delta = *l.Delta
	}
	o.fresh, o.moves = true, o.moves || delta != 0
	switch {
	case level.OnHand+delta < 0:
		p.fail(o.row, n.column.field, "below_zero", "The file takes %d away, but only %d are there. Count them here.", -delta, level.OnHand).With("onHand", level.OnHand)
	case -delta > level.Available:
		p.fail(o.row, n.column.field, "would_short", "The file takes %d away, but only %d are not reserved by orders. Fulfil or cancel those first.", -delta, level.Available).
			With("available", level.Available)
	}
	return nil
}

// adjustment is what a number in the file does to the stock of a variant. The first time it is what is there. From then on only
// its difference to the last file counts, so that the same file twice changes nothing and what was sold in between stays sold.
// It is nil when the number is the last one, which is nil the first time.
func adjustment(tx *db.Tx, variantID, locationID, number int64) (l *stock.AdjustLine, last *int64, err error) {
	var n int64
	err = tx.Row("SELECT quantity FROM import_stock WHERE variant_id = ?1 AND location_id = ?2", []any{variantID, locationID}, &n)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return &stock.AdjustLine{VariantID: variantID, Counted: &number}, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("read the last number: %w", err)
	case n == number:
		return nil, &n, nil
	}
	return &stock.AdjustLine{VariantID: variantID, Delta: ref(number - n)}, &n, nil
}

// numbers is how many the file has of the variants.
func (c *change) numbers() (n int) {
	for _, o := range c.slots {
		if o != nil {
			n += len(o.stock)
		}
	}
	return n
}

// carryStock makes the stock of the written variants what the file says, and remembers its numbers.
func (c *change) carryStock(tx *db.Tx, m *Import) error {
	in := stock.Adjustment{Reason: stock.Correction}
	if c.id == 0 {
		in.Reason = stock.Received
	}
	for i, o := range c.slots {
		if o == nil {
			continue
		}
		for _, n := range o.stock {
			in.LocationID = cmp.Or(n.column.locationID, m.LocationID)
			if err := carryNumber(tx, m, in, c.product.row.number, c.variants[i], n.quantity); err != nil {
				return err
			}
		}
	}
	return nil
}

func carryNumber(tx *db.Tx, m *Import, in stock.Adjustment, row int, variantID, number int64) error {
	at := in.LocationID
	l, last, err := adjustment(tx, variantID, at, number)
	if err != nil || l == nil {
		return err
	}
	before, err := stock.LevelIn(tx, variantID, at)
	if db.CodeOf(err) == "not_found" { // never had any
		before, err = &stock.Level{}, nil
	}
	if err != nil {
		return err
	}
	if err := keepNumber(tx, variantID, at, number); err != nil {
		return err
	}
	in.Lines = []stock.AdjustLine{*l}
	now, err := stock.AdjustIn(tx, in, m.document())
	if err != nil {
		return err
	}
	s := step{Row: row, Kind: stepStocked, EntityID: variantID, Was: state{Delta: now.Levels[0].OnHand - before.OnHand, Last: last, Number: number}}
	if at != m.LocationID {
		s.Was.Place = at
	}
	return s.note(tx, m.ID)
}

// keepNumber remembers the number a file had of a variant.
func keepNumber(tx *db.Tx, variantID, locationID, number int64) error {
	_, err := tx.Exec(`INSERT INTO import_stock (variant_id, location_id, quantity) VALUES (?1, ?2, ?3)
		ON CONFLICT (variant_id, location_id) DO UPDATE SET quantity = ?3`, variantID, locationID, number)
	if err != nil {
		return fmt.Errorf("remember the number: %w", err)
	}
	return nil
}

// document is what the ledger names for an import's movements.
func (m *Import) document() *stock.Document {
	return &stock.Document{Type: "import", ID: m.ID, Number: strconv.FormatInt(m.ID, 10)}
}
