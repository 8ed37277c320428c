package sales

import (
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// carryOut writes down what the order is now.
func (e *edit) carryOut(tx *db.Tx) error {
	if err := e.saveLines(tx); err != nil {
		return err
	}
	if err := e.saveTags(tx); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE orders SET customer_id = ?2, customer_name = ?3, customer_email = ?4, customer_phone = ?5, note = ?6, language = ?7, address = ?8, subtotal = ?9,
		discount = ?10, discount_amount = ?11, discount_percent = ?12, discount_reason = ?13, shipping = ?14, shipping_tax_rate = ?15, shipping_tax = ?16, tax = ?17, total = ?18, search = ?19, assigned_id = ?20, assigned_name = ?21, promised_on = ?22,
		discount_code = ?23, discount_code_id = ?24, sealed_before = ?25 WHERE id = ?1`,
		e.ID, e.CustomerID, e.CustomerName, e.CustomerEmail, e.CustomerPhone, e.Note, e.Language, e.Address, e.Subtotal,
		e.Discount, e.DiscountAmount, e.DiscountPercent, e.DiscountReason, e.Shipping, e.ShippingTaxRate, e.ShippingTax, e.Tax, e.Total, e.searchText(), e.AssignedID, e.AssignedName, e.PromisedOn,
		e.DiscountCode, e.DiscountCodeID, e.SealedBefore)
	if err != nil {
		return fmt.Errorf("save the order: %w", err)
	}
	if !e.open() && e.Status != Completed { // it holds nothing and does not count
		return nil
	}
	if err := e.swapCode(tx); err != nil {
		return err
	}
	if err := e.reserve(tx); err != nil {
		return err
	}
	return e.enter(tx)
}

// saveLines inserts the new lines and changes the others. What is taken off stays as a line of none, which its entries name.
func (e *edit) saveLines(tx *db.Tx) error {
	kept := len(e.Lines)
	for _, p := range e.pairs {
		if p.now.ID == 0 {
			kept--
			continue
		}
		if p.same() {
			continue
		}
		now := p.now
		_, err := tx.Exec("UPDATE order_lines SET quantity = ?2, discount = ?3, discount_percent = ?4, order_discount = ?5, tax = ?6, total = ?7, backorder = ?8, in_discount = ?9, sealed_quantity = ?10, sealed_discount = ?11, sealed_order_discount = ?12, sealed_tax = ?13, sealed_total = ?14, from_order = ?15 WHERE id = ?1",
			now.ID, now.Quantity, now.Discount, now.DiscountPercent, now.OrderDiscount, now.Tax, now.Total, now.Backorder, now.InDiscount,
			now.Sealed.Quantity, now.Sealed.Discount, now.Sealed.OrderDiscount, now.Sealed.Tax, now.Sealed.Total, now.FromOrder)
		if err != nil {
			return fmt.Errorf("save a line: %w", err)
		}
	}
	if kept == len(e.Lines) {
		return nil
	}
	return insertLines(tx, e.ID, e.Lines[kept:])
}

// same says whether nothing of a line changed.
func (p linePair) same() bool {
	a, b := p.was, p.now
	return same(a.DiscountPercent, b.DiscountPercent) && a.InDiscount == b.InDiscount && a.Quantity == b.Quantity && a.Discount == b.Discount && a.FromOrder == b.FromOrder && a.OrderDiscount == b.OrderDiscount && a.Tax == b.Tax && a.Total == b.Total
}

// reserve takes and gives back stock for what the lines changed.
func (e *edit) reserve(tx *db.Tx) error {
	var needs []stock.Need
	for _, p := range e.pairs {
		if p.now.Tracked && p.more() != 0 {
			needs = append(needs, stock.Need{LineID: p.now.ID, VariantID: p.now.VariantID, LocationID: e.LocationID, Quantity: p.more(), Backorder: p.now.Backorder, At: p.now.At})
		}
	}
	return stock.Amend(tx, e.ref(), needs)
}

// enter appends to today's books by how much each line and the shipping changed.
func (e *edit) enter(tx *db.Tx) error {
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	today := s.Today(tx.Now)
	var entries []saleEntry
	for _, p := range e.pairs {
		was, err := p.was.entry()
		if err != nil {
			return err
		}
		now, err := p.now.entry()
		if err != nil {
			return err
		}
		if more := now.less(was); more != (saleEntry{Line: more.Line}) {
			entries = append(entries, more)
		}
	}
	if e.Shipping != e.was.Shipping || e.ShippingTax != e.was.ShippingTax {
		entries = append(entries, e.shippingEntry().less(e.was.shippingEntry()))
	}
	if err := appendEntries(tx, e.Order, edited, today, nil, entries); err != nil {
		return err
	}
	if err := e.handEntries(tx, today); err != nil {
		return err
	}
	if err := reclaim(tx, e.Order, today); err != nil || e.ShippingTaxRate == e.was.ShippingTaxRate {
		return err
	}
	return allowAnew(tx, e.Order, today)
}

// handEntries takes what the order brought in from the customer it had, and gives it to the one it has now: an entry of the
// past stays whose it was.
func (e *edit) handEntries(tx *db.Tx, today db.Date) error {
	if same(e.CustomerID, e.was.CustomerID) {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO sale_entries (at, business_date, kind, order_id, line_id, variant_id, location_id, channel, customer_id, quantity, gross, discount, tax, total, cost)
		SELECT ?2, ?3, ?4, order_id, line_id, variant_id, location_id, channel, iif(sign < 0, ?5, ?6), sign * sum(quantity), sign * sum(gross), sign * sum(discount), sign * sum(tax), sign * sum(total), sign * sum(cost)
		FROM sale_entries CROSS JOIN (SELECT -1 AS sign UNION ALL SELECT 1) WHERE order_id = ?1 GROUP BY line_id, sign HAVING sum(quantity) <> 0 OR sum(total) <> 0 ORDER BY sign, line_id`,
		e.ID, tx.Now, today, edited, e.was.CustomerID, e.CustomerID)
	if err != nil {
		return fmt.Errorf("enter whose sale it is: %w", err)
	}
	return nil
}

// Difference is one thing that an edit changed: amounts in minor units, words as they are.
type Difference struct {
	What string `json:"what"` // added, removed, quantity, line_discount, line_discount_kind, discount, discount_kind, discount_reason, discount_code, shipping, shipping_rate, total, customer, email, phone, address, note, language, tags, assigned, promise or hold
	Name string `json:"name,omitempty"`
	From any    `json:"from"`
	To   any    `json:"to"`
}

// changes are what an edit changed, for the timeline; none where it changed nothing.
func (e *edit) changes() (all []Difference) {
	add := func(what, name string, from, to any) {
		if from != to {
			all = append(all, Difference{what, name, from, to})
		}
	}
	for _, p := range e.pairs {
		name := p.now.title()
		switch {
		case p.was.Quantity == 0:
			add("added", name, p.was.Quantity, p.now.Quantity)
		case p.now.Quantity == 0:
			add("removed", name, p.was.Quantity, p.now.Quantity)
			continue
		default:
			add("quantity", name, p.was.Quantity, p.now.Quantity)
		}
		add("line_discount", name, p.was.Discount, p.now.Discount)
		if p.was.Quantity > 0 && p.was.Discount == p.now.Discount && !same(p.was.DiscountPercent, p.now.DiscountPercent) {
			all = append(all, Difference{"line_discount_kind", name, asDiscount(p.was.Discount, p.was.DiscountPercent), asDiscount(p.now.Discount, p.now.DiscountPercent)})
		}
	}
	add("discount_code", "", e.was.DiscountCode, e.DiscountCode)
	add("discount", "", e.was.wholeDiscount(), e.wholeDiscount())
	if was, now := e.was.wholeDiscount(), e.wholeDiscount(); was == now && e.was.DiscountCode == e.DiscountCode && !same(e.was.DiscountPercent, e.DiscountPercent) {
		all = append(all, Difference{"discount_kind", "", asDiscount(was, e.was.DiscountPercent), asDiscount(now, e.DiscountPercent)})
	}
	add("discount_reason", "", e.was.DiscountReason, e.DiscountReason)
	add("shipping", "", e.was.Shipping, e.Shipping)
	if e.Shipping == e.was.Shipping {
		add("shipping_rate", "", e.was.ShippingTaxRate, e.ShippingTaxRate)
	}
	add("total", "", e.was.Total, e.Total)
	add("customer", "", e.was.CustomerName, e.CustomerName)
	add("email", "", e.was.CustomerEmail, e.CustomerEmail)
	add("phone", "", e.was.CustomerPhone, e.CustomerPhone)
	if !same(e.was.CustomerID, e.CustomerID) && e.was.CustomerName == e.CustomerName { // of the same name
		all = append(all, Difference{"customer", "", e.was.CustomerName, e.CustomerName})
	}
	add("address", "", e.was.Address.String(), e.Address.String())
	add("note", "", e.was.Note, e.Note)
	add("language", "", e.was.Language, e.Language)
	add("tags", "", strings.Join(e.was.Tags, ", "), strings.Join(e.Tags, ", "))
	if !same(e.was.AssignedID, e.AssignedID) { // the new one may have the same name
		all = append(all, Difference{"assigned", "", e.was.AssignedName, e.AssignedName})
	}
	if !same(e.was.PromisedOn, e.PromisedOn) {
		all = append(all, Difference{"promise", "", e.was.PromisedOn, e.PromisedOn})
	}
	if !same(e.was.HoldUntil, e.HoldUntil) {
		all = append(all, Difference{"hold", "", e.was.HoldUntil, e.HoldUntil})
	}
	return all
}

// asDiscount is a discount as it was asked for: what takes the same now may not when the order changes.
func asDiscount(amount money.Amount, percent *money.Rate) NewDiscount {
	if percent != nil {
		return NewDiscount{Percent: percent}
	}
	return NewDiscount{Amount: &amount}
}

// wholeDiscount is what the discount of the whole order takes.
func (o *Order) wholeDiscount() (sum money.Amount) {
	for _, l := range o.Lines {
		sum += l.OrderDiscount
	}
	return sum
}

func same[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
