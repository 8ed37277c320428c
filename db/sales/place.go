package sales

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/settings"
	"onhand/db/stock"
)

// firstNumber is the number of a shop's first order.
const firstNumber = 1001

// Place sells what is available: all of the lines, or none of them, with the
// payments and the handing over that come along. A draft only keeps the lines.
// It fails with out_of_stock (which line, what is left), not_found, too_large.
func Place(ctx context.Context, d *db.DB, in NewOrder) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return PlaceIn(tx, in) })
}

// PlaceIn is Place inside a transaction.
func PlaceIn(tx *db.Tx, in NewOrder) (*Order, error) {
	o, err := compose(tx, in)
	if err != nil {
		return nil, err
	}
	if in.Draft {
		return o, saveDraft(tx, o, in)
	}
	if err := insert(tx, o); err != nil {
		return nil, err
	}
	if err := replace(tx, o, in.Replaces); err != nil {
		return nil, err
	}
	if err := begin(tx, o); err != nil {
		return nil, err
	}
	for i, p := range in.Payments {
		if err := pay(tx, o, p); err != nil {
			return nil, db.Blame(err, "payments[%d]", i)
		}
	}
	if in.Fulfil {
		if err := handOver(tx, o); err != nil {
			return nil, err
		}
	}
	if len(in.Payments) > 0 || in.Fulfil {
		if err := settle(tx, o); err != nil {
			return nil, err
		}
	}
	if err := confirm(tx, o); err != nil {
		return nil, err
	}
	return o, tx.Emit("orders", o.ID, o.Version, o.LocationID)
}

// PlaceDraft places an order that was saved as a draft, at the prices it was
// saved with. A placed one answers as it is.
func PlaceDraft(ctx context.Context, d *db.DB, id int64, in Command) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) {
		o, err := OrderIn(tx, id)
		if err != nil {
			return nil, err
		}
		if o.open() || o.Status == Completed {
			return o, nil
		}
		if err := in.fresh(o); err != nil {
			return nil, err
		}
		if o.Status != Draft {
			return nil, db.Illegal("order", o.Status, Placed)
		}
		if err := o.refresh(tx); err != nil {
			return nil, err
		}
		if err := number(tx, o); err != nil {
			return nil, err
		}
		if err := begin(tx, o); err != nil {
			return nil, err
		}
		if err := settleAndTell(tx, o); err != nil {
			return nil, err
		}
		return o, confirm(tx, o)
	})
}

// begin is what makes an order count: its code is used, stock is reserved, the sale entered.
func begin(tx *db.Tx, o *Order) error {
	if err := o.useCode(tx); err != nil {
		return err
	}
	if err := reserve(tx, o); err != nil {
		return err
	}
	if err := enter(tx, o, sold, *o.BusinessDate); err != nil {
		return err
	}
	return note(tx, o.ID, "placed", map[string]any{"total": o.Total})
}

func saveDraft(tx *db.Tx, o *Order, in NewOrder) error {
	if len(in.Payments) > 0 || in.Fulfil || in.Replaces != "" {
		return db.Refuse("draft_only", "draft", "A draft cannot be paid, handed over or replace another order. Place it first.")
	}
	if err := o.codeLeft(tx); err != nil {
		return err
	}
	if err := insert(tx, o); err != nil {
		return err
	}
	if err := note(tx, o.ID, "drafted", nil); err != nil {
		return err
	}
	return tx.Emit("orders", o.ID, o.Version, o.LocationID)
}

// refresh holds a draft to the catalogue and the codes of the day it is placed: what is archived or over
// is refused, and what is kept in stock may have changed. Its prices stay.
func (o *Order) refresh(tx *db.Tx) error {
	for i := range o.Lines {
		l := &o.Lines[i]
		v, err := catalog.ForSale(tx, l.VariantID)
		if err != nil {
			return db.Blame(err, "lines[%d].variantId", i)
		}
		l.Tracked, l.Backorder = v.Tracked, v.Policy == catalog.Backorder
		if _, err := tx.Exec("UPDATE order_lines SET tracked = ?2, backorder = ?3 WHERE id = ?1", l.ID, l.Tracked, l.Backorder); err != nil {
			return fmt.Errorf("refresh a line: %w", err)
		}
	}
	return o.codeToday(tx)
}

// insert writes a composed order and its lines; a placed one takes its number.
func insert(tx *db.Tx, o *Order) error {
	for {
		if o.Status != Draft {
			n, err := tx.Next("orders", firstNumber)
			if err != nil {
				return err
			}
			o.Number = strconv.FormatInt(n, 10)
		}
		err := insertOrder(tx, o)
		if db.IsUnique(err) {
			continue // an imported order has this number; ours takes the next
		}
		if err != nil {
			return fmt.Errorf("insert the order: %w", err)
		}
		break
	}
	return insertLines(tx, o.ID, o.Lines)
}

func insertOrder(tx *db.Tx, o *Order) (err error) {
	o.ID, err = tx.Insert(`INSERT INTO orders (number, token, status, payment_status, fulfilment_status, channel, location_id, currency, prices_include_tax,
			customer_id, customer_name, customer_email, customer_phone, note, subtotal, discount, discount_amount, discount_percent, discount_reason,
			shipping, shipping_tax_rate, shipping_tax, tax, total, due, business_date, placed_at, created_at, updated_at, actor_kind, actor_id, actor_name, search, language, address, payment_method, hold_until, unacknowledged, promised_on,
			discount_code, discount_code_id)
		VALUES (nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Number, o.Token, o.Status, o.PaymentStatus, o.FulfilmentStatus, o.Channel, o.LocationID, o.Currency, o.PricesIncludeTax,
		o.CustomerID, o.CustomerName, o.CustomerEmail, o.CustomerPhone, o.Note, o.Subtotal, o.Discount, o.DiscountAmount, o.DiscountPercent, o.DiscountReason,
		o.Shipping, o.ShippingTaxRate, o.ShippingTax, o.Tax, o.Total, o.Due, o.BusinessDate, o.PlacedAt, o.CreatedAt, o.UpdatedAt,
		string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, o.searchText(), o.Language, o.Address, o.PaymentMethod, o.HoldUntil, o.Unacknowledged, o.PromisedOn,
		o.DiscountCode, o.DiscountCodeID)
	if err != nil {
		return err
	}
	tx.Last(indexNewOrders)
	return nil
}

// indexNewOrders makes what a batch inserted findable. A search table writes
// what it holds at every savepoint, so that one order after the other would
// cost a tenth of all the writer does.
const indexNewOrders = `INSERT INTO orders_search (rowid, search)
	SELECT id, search FROM orders WHERE id > (SELECT coalesce(max(id), 0) FROM orders_search_docsize)`

func insertLines(tx *db.Tx, orderID int64, lines []OrderLine) error {
	const columns = 18
	values := make([]any, 0, columns*len(lines))
	for _, l := range lines {
		values = append(values, orderID, l.VariantID, l.SKU, l.Name, l.Options, l.Quantity, l.UnitPrice, l.Cost, l.TaxRate,
			l.Discount, l.DiscountPercent, l.OrderDiscount, l.Tax, l.Total, l.Tracked, l.Backorder, l.InDiscount, l.FromOrder)
	}
	last, err := tx.InsertRows(`INSERT INTO order_lines (order_id, variant_id, sku, name, options, quantity, unit_price, unit_cost, tax_rate,
		discount, discount_percent, order_discount, tax, total, tracked, backorder, in_discount, from_order)`, columns, values)
	if err != nil {
		return fmt.Errorf("insert the lines: %w", err)
	}
	for i := range lines { // the only writer numbers them one after the other
		lines[i].OrderID, lines[i].ID = orderID, last-int64(len(lines)-1-i)
	}
	return nil
}

// number gives a draft its place in the books.
func number(tx *db.Tx, o *Order) error {
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	today := s.Today(tx.Now)
	o.Status, o.PlacedAt, o.BusinessDate = Placed, &tx.Now, &today
	o.hold(tx, s)
	o.ring(tx)
	for {
		n, err := tx.Next("orders", firstNumber)
		if err != nil {
			return err
		}
		o.Number = strconv.FormatInt(n, 10)
		_, err = tx.Exec("UPDATE orders SET number = ?2, status = ?3, placed_at = ?4, business_date = ?5, search = ?6, unacknowledged = ?7 WHERE id = ?1",
			o.ID, o.Number, o.Status, o.PlacedAt, o.BusinessDate, o.searchText(), o.Unacknowledged)
		if db.IsUnique(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("number the order: %w", err)
		}
		return nil
	}
}

// reserve takes stock for every line that is kept in stock.
func reserve(tx *db.Tx, o *Order) error {
	needs := make([]stock.Need, 0, len(o.Lines))
	of := make([]*OrderLine, 0, len(o.Lines))
	for i := range o.Lines {
		if l := &o.Lines[i]; l.Tracked {
			needs = append(needs, stock.Need{LineID: l.ID, VariantID: l.VariantID, LocationID: o.LocationID, Quantity: l.Quantity,
				Backorder: l.Backorder, At: l.At})
			of = append(of, l)
		}
	}
	covered, err := stock.Reserve(tx, o.ref(), needs)
	if err != nil {
		return err
	}
	for i, l := range of {
		l.Backordered = l.Quantity - covered[i]
	}
	if !o.short() {
		return nil
	}
	if err := o.promiseBack(tx); err != nil {
		return err
	}
	return await(tx, o)
}

// searchText is what an order is found by.
func (o *Order) searchText() string {
	words := []string{o.Number, o.CustomerName, o.CustomerEmail, o.CustomerPhone, customers.Digits(o.CustomerPhone)}
	for _, l := range o.Lines {
		words = append(words, l.SKU)
	}
	return strings.Join(words, "\n")
}
