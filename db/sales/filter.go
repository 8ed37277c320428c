package sales

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/customers"
)

// OrderFilter says which orders to list; its zero value is all of them.
type OrderFilter struct {
	db.List
	// Open keeps to what still waits for something, or has more paid than is owed.
	Open bool
	// Waiting keeps to what waits for stock.
	Waiting            bool
	IDs                []int64
	Statuses           []Status
	PaymentStatuses    []PaymentStatus
	FulfilmentStatuses []FulfilmentStatus
	Channel            Channel
	LocationID         int64
	CustomerID         int64
	Tag                string
	AssignedTo         int64 // a user; 0 for whoever
	Unassigned         bool
	// ParcelStatus keeps to orders with something packed, or ready for pickup.
	ParcelStatus ParcelStatus
	// Held keeps to what expires unless it is paid, Unacknowledged to what rings.
	Held, Unacknowledged bool
	From, To             db.Date
	OldestFirst          bool
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
	openSQL    = "(o.status IN ('draft', 'placed', 'confirmed') OR o.payment_status = 'overpaid')"
	droppedSQL = "o.status IN ('cancelled', 'expired')"
)

// query lists a page of orders and one more.
func (f OrderFilter) query(tx *db.Tx) (string, []any, error) {
	found, matches, err := f.found(tx)
	if err != nil {
		return "", nil, err
	}
	tables, id := orderTables, "o.id"
	// From the search itself, or the tag, in its own order: it stops when the page is full.
	switch {
	case matches:
		tables, id = " FROM orders_search s CROSS JOIN orders o ON o.id = s.rowid CROSS JOIN locations l ON l.id = o.location_id ", "s.rowid"
	case f.Tag != "" && !found.set:
		tables, id = " FROM order_tags t CROSS JOIN orders o ON o.id = t.order_id CROSS JOIN locations l ON l.id = o.location_id ", "t.order_id"
		found = condition{set: true, lead: "t.tag_key = ?", args: []any{db.Fold(strings.TrimSpace(f.Tag))}}
		f.Tag = ""
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
		{f.IDs != nil, "o.id IN (SELECT value FROM json_each(?))", "+o.id IN (SELECT value FROM json_each(?))", []any{listOf(f.IDs)}},
		{f.Waiting, "o.id IN (SELECT order_id FROM reservations WHERE covered < quantity)", "+o.id IN (SELECT order_id FROM reservations WHERE covered < quantity)", nil},
		{f.CustomerID != 0, "o.customer_id = ?", "+o.customer_id = ?", []any{f.CustomerID}},
		{f.Unacknowledged, "o.unacknowledged = 1", "+o.unacknowledged = 1", nil},
		{f.ParcelStatus != "", "o.id IN (SELECT order_id FROM fulfilments WHERE status = ? AND status IN ('packed', 'ready'))",
			"EXISTS (SELECT 1 FROM fulfilments f WHERE f.order_id = o.id AND +f.status = ?)", []any{f.ParcelStatus}},
		{f.Held, "o.id IN (SELECT id FROM orders WHERE status = 'placed' AND hold_until IS NOT NULL)", "+o.status = 'placed' AND +o.hold_until IS NOT NULL", nil},
		{f.AssignedTo != 0, "o.assigned_id = ?", "+o.assigned_id = ?", []any{f.AssignedTo}},
		{f.Unassigned, "", "+o.assigned_id IS NULL", nil},
		{f.Open || only(Draft, Placed, Confirmed), openSQL, "+" + openSQL, nil},
		{only(Cancelled, Expired), droppedSQL, "+" + droppedSQL, nil},
		among("status", f.Statuses, ""),
		among("payment_status", f.PaymentStatuses, Paid),
		among("fulfilment_status", f.FulfilmentStatuses, Fulfilled),
		{f.Tag != "", "", "EXISTS (SELECT 1 FROM order_tags t WHERE t.order_id = o.id AND t.tag_key = ?)", []any{db.Fold(strings.TrimSpace(f.Tag))}},
		{f.From != "" || f.To != "", "o.id IN (SELECT id FROM orders WHERE business_date BETWEEN ? AND ?)", "+o.business_date BETWEEN ? AND ?", []any{f.From, to}},
		{f.Channel != "", "o.channel = ?", "+o.channel = ?", []any{f.Channel}},
		{f.LocationID != 0, "o.location_id = ?", "+o.location_id = ?", []any{f.LocationID}},
		stores,
	}
}

// among is that a column has one of some values. All that is not done yet has an index, which leaves the usual end out; it leads
// by itself where one value is asked for, since several would have to be sorted.
func among[S ~string](column string, values []S, usual S) condition {
	if len(values) == 0 {
		return condition{}
	}
	marks, args := "?"+strings.Repeat(", ?", len(values)-1), make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	c := condition{set: true, filter: "+o." + column + " IN (" + marks + ")", args: args}
	if usual == "" || slices.Contains(values, usual) {
		return c
	}
	rest := column + " <> '" + string(usual) + "'"
	if c.lead = "o." + column + " = ? AND o." + rest; len(values) > 1 {
		c.lead = "o.id IN (SELECT id FROM orders WHERE " + column + " IN (" + marks + ") AND " + rest + ")"
	}
	return c
}

// listOf is ids as SQLite's json_each reads them.
func listOf(ids []int64) string {
	b, _ := json.Marshal(ids) //nolint:errcheck // numbers are always written
	return string(b)
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
