package sales

import (
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// entryKind says what a sale entry stands for.
type entryKind string

// The kinds of sale entry: an order counts once when placed, an edit adds by how
// much it changed, and a cancellation or expiry takes it back; a received return takes some of it back, and an allowance
// lowers its price afterwards. Each is of its own business date.
const (
	sold      entryKind = "sale"
	edited    entryKind = "edit"
	cancelled entryKind = "cancel"
	cameBack  entryKind = "return"
	allowed   entryKind = "allowance"
)

// saleEntry is one signed row of the books, of a line or, without one, of shipping.
type saleEntry struct {
	Line                              *OrderLine
	Quantity                          int64
	Gross, Discount, Tax, Total, Cost money.Amount
}

func (e saleEntry) negative() saleEntry { return saleEntry{Line: e.Line}.less(e) }

// less is by how much an entry is more than another one of its line.
func (e saleEntry) less(was saleEntry) saleEntry {
	return saleEntry{e.Line, e.Quantity - was.Quantity, e.Gross - was.Gross, e.Discount - was.Discount, e.Tax - was.Tax, e.Total - was.Total, e.Cost - was.Cost}
}

// entry is a whole line.
func (l *OrderLine) entry() (saleEntry, error) {
	cost, err := l.cost(l.Quantity)
	if err != nil {
		return saleEntry{}, tooLarge(l.At + ".quantity")
	}
	gross := l.UnitPrice * money.Amount(l.Quantity) // checked when priced
	return saleEntry{l, l.Quantity, gross, l.Discount + l.OrderDiscount, l.Tax, l.Total, cost}, nil
}

// shippingEntry is what shipping costs.
func (o *Order) shippingEntry() saleEntry {
	total := o.Shipping
	if !o.PricesIncludeTax {
		total += o.ShippingTax
	}
	return saleEntry{Gross: o.Shipping, Tax: o.ShippingTax, Total: total}
}

// enter appends the entries of a whole order to a business date, one a line and
// one for shipping; of a cancelled one with the opposite sign.
func enter(tx *db.Tx, o *Order, kind entryKind, date db.Date) error {
	entries := make([]saleEntry, 0, len(o.Lines)+1)
	for i := range o.Lines {
		e, err := o.Lines[i].entry()
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	if o.Shipping != 0 {
		entries = append(entries, o.shippingEntry())
	}
	if kind == cancelled {
		for i, e := range entries {
			entries[i] = e.negative()
		}
	}
	return appendEntries(tx, o, kind, date, nil, entries)
}

// appendEntries writes entries down; those of a return name it.
func appendEntries(tx *db.Tx, o *Order, kind entryKind, date db.Date, returnID *int64, entries []saleEntry) error {
	const columns = 16
	values := make([]any, 0, columns*len(entries))
	for _, e := range entries {
		var lineID, variantID *int64
		if e.Line != nil {
			lineID, variantID = &e.Line.ID, &e.Line.VariantID
		}
		values = append(values, tx.Now, date, kind, o.ID, lineID, variantID, o.LocationID, o.Channel, o.CustomerID,
			e.Quantity, e.Gross, e.Discount, e.Tax, e.Total, e.Cost, returnID)
	}
	_, err := tx.InsertRows(`INSERT INTO sale_entries (at, business_date, kind, order_id, line_id, variant_id, location_id, channel, customer_id,
		quantity, gross, discount, tax, total, cost, return_id)`, columns, values)
	if err != nil {
		return fmt.Errorf("enter the sale: %w", err)
	}
	return nil
}

// cost is what so many of a line cost, as sold; 0 where nobody knows.
func (l *OrderLine) cost(quantity int64) (money.Amount, error) {
	if l.Cost == nil {
		return 0, nil
	}
	return l.Cost.Mul(quantity)
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
