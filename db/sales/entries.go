package sales

import (
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// entryKind says what a sale entry stands for.
type entryKind string

// The kinds of sale entry: an order counts once when placed, and is taken back
// when cancelled, each on its own business date.
const (
	sold      entryKind = "sale"
	cancelled entryKind = "cancel"
)

func (k entryKind) sign() int64 {
	if k == cancelled {
		return -1
	}
	return 1
}

// enter appends the signed entries of an order to a business date, one a line
// and one for shipping.
func enter(tx *db.Tx, o *Order, kind entryKind, date db.Date) error {
	const columns = 15
	entries := make([]any, 0, columns*(len(o.Lines)+1))
	add := func(lineID, variantID *int64, quantity int64, gross, discount, tax, total, cost money.Amount) {
		sign := money.Amount(kind.sign())
		entries = append(entries, tx.Now, date, kind, o.ID, lineID, variantID, o.LocationID, o.Channel, o.CustomerID,
			quantity*kind.sign(), gross*sign, discount*sign, tax*sign, total*sign, cost*sign)
	}
	lines := money.Amount(0)
	for i := range o.Lines {
		l := &o.Lines[i]
		gross := l.UnitPrice * money.Amount(l.Quantity) // checked when priced
		cost := money.Amount(0)
		if l.Cost != nil {
			var err error
			if cost, err = l.Cost.Mul(l.Quantity); err != nil {
				return tooLarge("lines[%d].quantity", i)
			}
		}
		lines += l.Total
		add(&l.ID, &l.VariantID, l.Quantity, gross, l.Discount+l.OrderDiscount, l.Tax, l.Total, cost)
	}
	if o.Shipping != 0 {
		add(nil, nil, 0, o.Shipping, 0, o.ShippingTax, o.Total-lines, 0)
	}
	_, err := tx.InsertRows(`INSERT INTO sale_entries (at, business_date, kind, order_id, line_id, variant_id, location_id, channel, customer_id,
		quantity, gross, discount, tax, total, cost)`, columns, entries)
	if err != nil {
		return fmt.Errorf("enter the sale: %w", err)
	}
	return nil
}

// note puts a move on the order's timeline.
func note(tx *db.Tx, orderID int64, kind string, params map[string]any) error {
	if params == nil {
		params = map[string]any{}
	}
	b, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("note %s: %w", kind, err)
	}
	var approverID *int64
	var approver *string
	if by := tx.ApprovedBy(); by != nil {
		approverID, approver = &by.ID, &by.Name
	}
	_, err = tx.Exec(`INSERT INTO order_timeline (order_id, at, kind, actor_kind, actor_id, actor_name, params, approver_id, approver_name)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, orderID, tx.Now, kind, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, string(b), approverID, approver)
	if err != nil {
		return fmt.Errorf("note %s: %w", kind, err)
	}
	return nil
}
