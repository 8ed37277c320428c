package sales

import (
	"errors"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/customers"
)

// OrderFilter says which orders to list; its zero value is all of them.
type OrderFilter struct {
	db.List
	// Open keeps to what still waits for something.
	Open bool
	// Waiting keeps to what waits for stock.
	Waiting          bool
	Statuses         []Status
	PaymentStatus    PaymentStatus
	FulfilmentStatus FulfilmentStatus
	Channel          Channel
	LocationID       int64
	CustomerID       int64
	From, To         db.Date
	OldestFirst      bool
}

// condition narrows a list. Only one of them leads: the first that is set and
// has an index for it. The others filter, behind a unary + where SQLite, which
// keeps no statistics here, might read all of history through their index.
type condition struct {
	set          bool
	lead, filter string
	args         []any
}

// openSQL and droppedSQL are the conditions of partial indexes, word for word.
const (
	openSQL    = "o.status IN ('draft', 'placed', 'confirmed')"
	droppedSQL = "o.status IN ('cancelled', 'expired')"
)

// query lists a page of orders and one more.
func (f OrderFilter) query(tx *db.Tx) (string, []any, error) {
	found, matches, err := f.found(tx)
	if err != nil {
		return "", nil, err
	}
	tables, id := orderTables, "o.id"
	if matches {
		// From the search itself, in its own order: it stops when the page is full.
		tables, id = " FROM orders_search s CROSS JOIN orders o ON o.id = s.rowid CROSS JOIN locations l ON l.id = o.location_id ", "s.rowid"
	}
	parts, args := []string{"1"}, []any{}
	led := false
	for _, c := range append([]condition{found}, f.conditions(tx.Actor)...) {
		switch {
		case !c.set:
			continue
		case c.lead != "" && !led:
			parts, led = append(parts, c.lead), true
		default:
			parts = append(parts, c.filter)
		}
		args = append(args, c.args...)
	}
	before, direction := " < ?", " DESC"
	if f.OldestFirst {
		before, direction = " > ?", ""
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		parts, args = append(parts, id+before), append(args, last)
	}
	return "SELECT " + orderColumns + tables + "WHERE " + strings.Join(parts, " AND ") + " ORDER BY " + id + direction + " LIMIT ?",
		append(args, f.Size()+1), err
}

// conditions are those of the filter and of the actor's stores, the most telling first.
func (f OrderFilter) conditions(actor db.Actor) []condition {
	statuses := make([]any, len(f.Statuses))
	for i, s := range f.Statuses {
		statuses[i] = s
	}
	only := func(of ...Status) bool {
		return len(f.Statuses) > 0 && !slices.ContainsFunc(f.Statuses, func(s Status) bool { return !slices.Contains(of, s) })
	}
	to := f.To
	if to == "" {
		to = "9999-12-31"
	}
	stores := condition{set: !actor.Scope().All(), filter: actor.Scope().Where("+o.location_id")}
	if len(actor.Locations) == 1 {
		stores.lead = actor.Scope().Where("o.location_id")
	}
	return []condition{
		{f.Waiting, "o.id IN (SELECT order_id FROM reservations WHERE covered < quantity)", "+o.id IN (SELECT order_id FROM reservations WHERE covered < quantity)", nil},
		{f.CustomerID != 0, "o.customer_id = ?", "+o.customer_id = ?", []any{f.CustomerID}},
		{f.Open || only(Draft, Placed, Confirmed), openSQL, "+" + openSQL, nil},
		{only(Cancelled, Expired), droppedSQL, "+" + droppedSQL, nil},
		{len(statuses) > 0, "", "+o.status IN (?" + strings.Repeat(", ?", max(0, len(statuses)-1)) + ")", statuses},
		{f.PaymentStatus == Paid, "", "+o.payment_status = ?", []any{f.PaymentStatus}},
		{f.PaymentStatus != "" && f.PaymentStatus != Paid, "o.payment_status = ? AND o.payment_status <> 'paid'", "+o.payment_status = ?", []any{f.PaymentStatus}},
		{f.FulfilmentStatus == Fulfilled, "", "+o.fulfilment_status = ?", []any{f.FulfilmentStatus}},
		{f.FulfilmentStatus != "" && f.FulfilmentStatus != Fulfilled, "o.fulfilment_status = ? AND o.fulfilment_status <> 'fulfilled'", "+o.fulfilment_status = ?", []any{f.FulfilmentStatus}},
		{f.From != "" || f.To != "", "o.id IN (SELECT id FROM orders WHERE business_date BETWEEN ? AND ?)", "+o.business_date BETWEEN ? AND ?", []any{f.From, to}},
		{f.Channel != "", "o.channel = ?", "+o.channel = ?", []any{f.Channel}},
		{f.LocationID != 0, "o.location_id = ?", "+o.location_id = ?", []any{f.LocationID}},
		stores,
	}
}

// found is the condition of the words that are searched for, and whether it is
// one of the search table. A whole order number is that order.
func (f OrderFilter) found(tx *db.Tx) (c condition, matches bool, err error) {
	q := strings.TrimPrefix(strings.TrimSpace(f.Q), "#")
	if q == "" {
		return condition{}, false, nil
	}
	by := func(lead string, args ...any) condition { return condition{set: true, lead: lead, args: args} }
	var id int64
	err = tx.Row("SELECT o.id FROM orders o WHERE o.number = ?1 AND "+tx.Actor.Scope().Where("+o.location_id"), []any{q}, &id)
	if err == nil {
		return by("o.id = ?", id), false, nil
	}
	if !errors.Is(err, db.ErrNoRow) {
		return condition{}, false, err
	}
	if strings.Contains(q, "@") { // a whole address; the search reads long for what all addresses share
		err = tx.Row("SELECT id FROM customers WHERE email_normal = ?1", []any{customers.NormalEmail(q)}, &id)
		if err == nil {
			return by("o.customer_id = ?", id), false, nil
		}
		if !errors.Is(err, db.ErrNoRow) {
			return condition{}, false, err
		}
	}
	match := db.Match(q)
	if number := customers.PhoneDigits(q); len(number) >= 3 { // it may be a phone number, however its digits are grouped
		words := match
		match = `"` + number + `"`
		if words != "" {
			match += " OR (" + words + ")"
		}
	}
	if match != "" {
		return by("orders_search MATCH ?", match), true, nil
	}
	if strings.Trim(q, "0123456789") == "" {
		// The newest numbers begin alike, so the page fills soon.
		return by(`(o.number LIKE ? ESCAPE '\' OR o.customer_name LIKE ? ESCAPE '\')`, db.Prefix(q), db.Prefix(q)), false, nil
	}
	name := lowerASCII(q)
	return by(`o.id IN (SELECT id FROM orders WHERE number >= ? AND number < ?
		UNION ALL SELECT id FROM orders WHERE customer_name <> '' AND lower(customer_name) >= ? AND lower(customer_name) < ?)`,
		q, db.PrefixEnd(q), name, db.PrefixEnd(name)), false, nil
}

// lowerASCII is SQLite's lower().
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
