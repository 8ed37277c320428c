package mail

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"onhand/db/alerts"
	"onhand/db/money"
	"onhand/db/sales"
)

// confirmed tells a customer that their order is in.
func confirmed(v *voice, f *sales.OrderFacts) (*page, error) {
	p, err := orderPage(v, f, v.say("confirmed_title", "number", f.Number))
	if err != nil {
		return nil, err
	}
	p.Subject = v.say("confirmed_subject", "number", f.Number, "total", v.money(f.Total, f.Currency))
	p.say(v.say("confirmed_text", "when", v.when(f.PlacedAt)))
	if slices.ContainsFunc(f.Lines, func(l sales.LineFacts) bool { return l.Waits > 0 }) {
		p.say(v.say("confirmed_waits"))
	}
	if f.Promised != nil {
		p.say(v.say("confirmed_promised", "day", v.day("date", *f.Promised)))
	}
	if f.Held != nil {
		p.say(v.say("confirmed_held", "until", v.when(*f.Held)))
	}
	t := linesOf(v, f.Lines, f.Currency)
	for i, l := range f.Lines {
		if l.Waits > 0 {
			t.Rows[i].Notes = append(t.Rows[i].Notes, v.say("line_waits", "count", l.Waits, "quantity", l.Quantity))
		}
	}
	p.add(block{Heading: v.say("order_lines"), Table: t}, block{Table: totalsOf(v, f)})
	return p, nil
}

// shipped tells a customer that a parcel is on its way.
func shipped(v *voice, f *sales.OrderFacts) (*page, error) {
	title := v.say("shipped_title", "number", f.Number)
	if f.Parcel != nil && f.Parcel.Rest {
		title = v.say("shipped_part_title", "number", f.Number)
	}
	p, err := orderPage(v, f, title)
	if err != nil {
		return nil, err
	}
	parcel := parcelOf(f)
	p.say(v.say("shipped_text", "when", v.date(f.PlacedAt)))
	if parcel.Carrier != "" {
		p.say(v.say("shipped_carrier", "carrier", parcel.Carrier))
	}
	if parcel.TrackingNumber != "" {
		p.say(v.say("shipped_tracking", "number", parcel.TrackingNumber))
	}
	if parcel.Rest {
		p.say(v.say("shipped_rest"))
	}
	addParcel(v, p, f, parcel, v.say("shipped_lines"))
	return p, nil
}

// ready tells a customer that they can come and get it.
func ready(v *voice, f *sales.OrderFacts) (*page, error) {
	title := v.say("ready_title", "number", f.Number)
	if f.Parcel != nil && f.Parcel.Rest {
		title = v.say("ready_part_title", "number", f.Number)
	}
	p, err := orderPage(v, f, title)
	if err != nil {
		return nil, err
	}
	parcel := parcelOf(f)
	if f.Store != "" {
		p.say(v.say("ready_text", "store", f.Store))
	}
	if f.Due > 0 {
		p.say(v.say("ready_due", "due", v.money(f.Due, f.Currency)))
	}
	if parcel.Rest {
		p.say(v.say("ready_rest"))
	}
	addParcel(v, p, f, parcel, v.say("ready_lines"))
	return p, nil
}

// cancelled tells a customer that nothing will come, and why.
func cancelled(v *voice, f *sales.OrderFacts) (*page, error) {
	p, err := orderPage(v, f, v.say("cancelled_title", "number", f.Number))
	if err != nil {
		return nil, err
	}
	p.say(v.say("cancelled_text", "when", v.date(f.PlacedAt)))
	p.quote(v.say("reason"), f.Reason)
	if f.Paid > 0 {
		p.say(v.say("cancelled_paid", "paid", v.money(f.Paid, f.Currency)))
	}
	p.add(block{Heading: v.say("cancelled_lines"), Table: linesOf(v, f.Lines, f.Currency)}, block{Table: totalsOf(v, f)})
	return p, nil
}

// covered tells a customer that what they wait for is there.
func covered(v *voice, f *sales.OrderFacts) (*page, error) {
	p, err := orderPage(v, f, v.say("covered_title", "number", f.Number))
	if err != nil {
		return nil, err
	}
	p.say(v.say("covered_text", "when", v.date(f.PlacedAt)))
	if f.Goes {
		p.say(v.say("covered_goes"))
	} else {
		p.say(v.say("covered_pickup"))
	}
	if f.Due > 0 {
		p.say(v.say("covered_due", "due", v.money(f.Due, f.Currency)))
	}
	p.add(block{Heading: v.say("order_lines"), Table: linesOf(v, f.Lines, f.Currency)}, block{Table: totalsOf(v, f)})
	return p, nil
}

// expired tells a customer that what they ordered is not held for them any more, because it was not paid.
func expired(v *voice, f *sales.OrderFacts) (*page, error) {
	if f.Held == nil {
		return nil, errBare
	}
	p, err := orderPage(v, f, v.say("expired_title", "number", f.Number))
	if err != nil {
		return nil, err
	}
	p.say(v.say("expired_text", "when", v.date(f.PlacedAt), "until", v.when(*f.Held)))
	p.say(v.say("expired_again"))
	p.add(block{Heading: v.say("expired_lines"), Table: linesOf(v, f.Lines, f.Currency)}, block{Table: totalsOf(v, f)})
	return p, nil
}

// refundMethods are how money goes back, in words; a method there are none of goes without.
var refundMethods = map[sales.Method]string{"cash": "refunded_cash", "card": "refunded_card", "transfer": "refunded_transfer"}

// refunded tells a customer that money is on its way back.
func refunded(v *voice, f *sales.OrderFacts) (*page, error) {
	if f.Refund == nil {
		return nil, errBare
	}
	amount := v.money(f.Refund.Amount, f.Currency)
	p, err := orderPage(v, f, v.say("refunded_title", "number", f.Number, "amount", amount))
	if err != nil {
		return nil, err
	}
	text, ok := refundMethods[f.Refund.Method]
	if !ok {
		text = "refunded_other"
	}
	p.say(v.say(text, "amount", amount, "when", v.date(f.PlacedAt)))
	p.quote(v.say("reason"), f.Refund.Reason)
	p.add(block{Heading: v.say("order_lines"), Table: linesOf(v, f.Lines, f.Currency)}, block{Table: totalsOf(v, f)})
	return p, nil
}

// orderPage is what all mails about an order have.
func orderPage(v *voice, f *sales.OrderFacts, title string) (*page, error) {
	if f.Number == "" || f.Currency == "" {
		return nil, errBare
	}
	p := &page{Subject: title, Title: title, Preheader: preview(v, f.Lines)}
	p.say(v.greeting(f.Name))
	if f.Token != "" {
		p.button(v, "open_tracking", "/track/"+url.PathEscape(f.Token))
	}
	return p, nil
}

// preview names what an order has: "2 × Blue mug, 1 × Brass lamp".
func preview(v *voice, lines []sales.LineFacts) string {
	var all []string
	for _, l := range lines[:min(len(lines), 5)] {
		all = append(all, v.say("line_preview", "quantity", l.Quantity, "name", brief(l.Name)))
	}
	return strings.Join(all, ", ")
}

// parcelOf is the parcel of an order, or all of the order as one.
func parcelOf(f *sales.OrderFacts) sales.ParcelFacts {
	if f.Parcel == nil {
		return sales.ParcelFacts{Lines: f.Lines}
	}
	return *f.Parcel
}

// addParcel shows what is in a parcel, and what the whole order comes to.
func addParcel(v *voice, p *page, f *sales.OrderFacts, parcel sales.ParcelFacts, heading string) {
	p.Preheader = preview(v, parcel.Lines)
	p.add(block{Heading: heading, Table: linesOf(v, parcel.Lines, f.Currency)}, block{Heading: v.say("order_whole"), Table: totalsOf(v, f)})
}

func linesOf(v *voice, lines []sales.LineFacts, currency string) *table {
	t := &table{Heads: []string{v.say("line_item"), v.say("line_quantity"), v.say("line_total")}}
	for _, l := range lines {
		r := row{Label: l.Name, Values: []string{v.number(l.Quantity), v.money(l.Total, currency)}}
		if l.Options != "" {
			r.Notes = append(r.Notes, l.Options)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// totalsOf adds an order up. Parts that are nothing are left out.
func totalsOf(v *voice, f *sales.OrderFacts) *table {
	t := &table{}
	add := func(there bool, label string, amount money.Amount, strong bool) {
		if there {
			t.Rows = append(t.Rows, row{Label: v.say(label), Values: []string{v.money(amount, f.Currency)}, Strong: strong})
		}
	}
	add(true, "subtotal", f.Subtotal, false)
	add(f.LineDiscount != 0, "discount_lines", -f.LineDiscount, false)
	whole := f.Discount - f.LineDiscount
	if whole != 0 && f.DiscountCode != "" {
		t.Rows = append(t.Rows, row{Label: v.say("discount_code", "code", f.DiscountCode), Values: []string{v.money(-whole, f.Currency)}})
	}
	add(whole != 0 && f.DiscountCode == "", "discount", -whole, false)
	add(f.Shipping != 0, "shipping", f.Shipping, false)
	add(f.Tax != 0 && !f.TaxIn, "tax", f.Tax, false)
	add(true, "total", f.Total, true)
	add(f.Tax != 0 && f.TaxIn, "tax_included", f.Tax, false)
	add(f.Paid != 0, "paid", f.Paid, false)
	add(f.Due > 0, "due", f.Due, true)
	return t
}

// newOrders tells staff what came in over the web.
func newOrders(v *voice, f *alerts.NewOrdersFacts) (*page, error) {
	if len(f.Orders) == 0 {
		return nil, errBare
	}
	count := int64(len(f.Orders)) + int64(max(0, f.More))
	p := &page{Subject: newOrdersSubject(v, f, count)}
	p.Title = p.Subject
	t := &table{More: int64(max(0, f.More))}
	if count > 1 {
		t.Heads = []string{v.say("order"), v.say("line_total")}
	}
	var names []string
	for _, o := range f.Orders {
		t.Rows = append(t.Rows, newOrderRow(v, o))
		names = append(names, v.say("new_preview", "count", o.Items, "number", o.Number))
	}
	p.Preheader = strings.Join(names[:min(len(names), 5)], ", ")
	p.add(block{Table: t})
	if count == 1 {
		p.button(v, "open_order", fmt.Sprintf("/staff/orders/%d", f.Orders[0].ID))
	} else {
		p.button(v, "open_orders", "/staff/orders")
	}
	p.stoppable(v, v.say("why_orders"), f.Stop)
	return p, nil
}

func newOrdersSubject(v *voice, f *alerts.NewOrdersFacts, count int64) string {
	first := f.Orders[0]
	if count == 1 {
		total := v.money(first.Total, first.Currency)
		if first.Customer == "" {
			return v.say("new_subject_nobody", "number", first.Number, "total", total)
		}
		return v.say("new_subject", "number", first.Number, "total", total, "name", brief(first.Customer))
	}
	var sum money.Amount
	for _, o := range f.Orders {
		var err error
		if sum, err = sum.Add(o.Total); err != nil || o.Currency != first.Currency || f.More > 0 {
			return v.say("new_subject_uncounted", "count", count)
		}
	}
	return v.say("new_subject_many", "count", count, "total", v.money(sum, first.Currency))
}

func newOrderRow(v *voice, o alerts.NewOrderFacts) row {
	label := v.say("new_row", "number", o.Number, "name", o.Customer)
	if o.Customer == "" {
		label = v.say("new_row_nobody", "number", o.Number)
	}
	what := []string{v.say("new_items", "count", o.Items)}
	if o.Store != "" {
		what = append(what, o.Store)
	}
	r := row{Label: label, Values: []string{v.money(o.Total, o.Currency)}, Notes: []string{strings.Join(what, ", "), v.when(o.PlacedAt)}}
	if o.Due > 0 {
		r.Notes = append(r.Notes, v.say("new_due", "due", v.money(o.Due, o.Currency)))
	} else {
		r.Notes = append(r.Notes, v.say("new_paid"))
	}
	return r
}
