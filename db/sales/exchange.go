package sales

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// NewExchange is goods of an order that came back, and what goes in their place.
type NewExchange struct {
	db.Approvable
	Command
	Lines  []ExchangedLine `json:"lines" minItems:"1" maxItems:"500" doc:"what came back, to the order's store"`
	Take   []NewLine       `json:"take" minItems:"1" maxItems:"500" doc:"what goes in its place, at today's prices"`
	Fulfil bool            `json:"fulfil,omitempty" doc:"hand over at once what goes, as at the counter"`
}

// ExchangedLine is how much of an order line came back, by what becomes of it.
type ExchangedLine struct {
	ReceivedLine
	Reason string `json:"reason,omitempty" maxLength:"200"`
}

// Exchange takes goods back and gives others in their place, all of it or nothing: both are of one order, so that what is due, or due
// back, is one balance. What comes back can go again. It fails as RequestReturn, ReceiveReturn, Edit and Fulfil do.
func Exchange(ctx context.Context, d *db.DB, orderID int64, in NewExchange) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return ExchangeIn(tx, orderID, in) })
}

// ExchangeIn is Exchange inside a transaction.
func ExchangeIn(tx *db.Tx, orderID int64, in NewExchange) (*Order, error) {
	if !tx.Actor.Can("orders.edit") {
		return nil, db.Errorf(db.Forbidden, "forbidden", "You may take goods back, but not add others to an order.")
	}
	before, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	if err := takeBack(tx, orderID, in); err != nil {
		return nil, err
	}
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	change, err := o.taking(in.Take, before)
	if err != nil {
		return nil, err
	}
	had := len(o.Lines)
	if o, err = EditIn(tx, orderID, change); err != nil || !in.Fulfil {
		return o, err
	}
	if !tx.Actor.Can("orders.fulfil") {
		return nil, db.Blame(db.Errorf(db.Forbidden, "forbidden", "You may not hand goods over."), "fulfil")
	}
	gone := NewFulfilment{Ship: true, Pickup: true}
	for i, l := range o.Lines[had:] {
		if l.Backordered > 0 {
			return nil, db.Blame(db.Errorf(db.Conflict, "taken_not_there", "%s is on back-order and cannot be handed over now. Hand it over later, or take something else.", l.title()).
				With("name", l.title()), "take[%d].quantity", i)
		}
		gone.Lines = append(gone.Lines, NewParcelLine{OrderLineID: l.ID, Quantity: l.Quantity})
	}
	o, err = FulfilIn(tx, orderID, gone)
	return o, db.Blame(err, "fulfil")
}

// ExchangeTrial is an exchange that somebody is about to make: of what comes back, and what goes in its place, one may be missing yet.
type ExchangeTrial struct {
	Lines []ExchangedLine `json:"lines,omitempty" maxItems:"500"`
	Take  []NewLine       `json:"take,omitempty" maxItems:"500"`
}

// TryExchange is the order as Exchange would leave its lines and balance; a new line has no id yet. Nothing is changed, and neither stock
// nor limits are looked at.
func TryExchange(ctx context.Context, d *db.DB, orderID int64, in ExchangeTrial) (o *Order, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		before, err := OrderIn(tx, orderID)
		if err != nil {
			return err
		}
		back := *before
		back.Lines, back.Returns = slices.Clone(before.Lines), slices.Clone(before.Returns)
		if err := back.cameBack(NewExchange{Lines: in.Lines}); err != nil {
			return err
		}
		change, err := back.taking(in.Take, before)
		if err != nil {
			return err
		}
		if o, err = back.tried(tx, change); err != nil {
			return err
		}
		o.Returns = before.Returns
		return nil
	})
	return o, err
}

// split is what comes back as the return that it is, asked for and received.
func (in NewExchange) split() (NewReturn, ReturnReceipt) {
	asked, came := NewReturn{Command: in.Command, Approve: true}, ReturnReceipt{exchanged: true}
	for _, l := range in.Lines {
		back := ReturnLine{Sellable: l.Sellable, Quarantine: l.Quarantine, Waste: l.Waste}
		asked.Lines = append(asked.Lines, NewReturnLine{OrderLineID: l.OrderLineID, Quantity: back.received(), Reason: l.Reason})
		came.Lines = append(came.Lines, l.ReceivedLine)
	}
	return asked, came
}

// takeBack takes what came back of an order; nothing of that return is left to do.
func takeBack(tx *db.Tx, orderID int64, in NewExchange) error {
	asked, came := in.split()
	r, err := RequestReturnIn(tx, orderID, asked)
	if err != nil {
		return blameLine(err)
	}
	if r, err = ReceiveReturnIn(tx, r.ID, came); err != nil {
		return err
	}
	_, err = MoveReturnIn(tx, r.ID, ReturnClosed, ReturnMove{})
	return err
}

// cameBack makes an order what takeBack would, without rows.
func (o *Order) cameBack(in NewExchange) (err error) {
	asked, came := in.split()
	r := Return{OrderID: o.ID, Status: ReturnClosed}
	if r.Lines, err = o.returnLines(asked.Lines); err != nil {
		return blameLine(err)
	}
	if err := r.came(came.Lines); err != nil {
		return err
	}
	for i := range r.Lines {
		back := &r.Lines[i]
		if err := o.takeBack(back); err != nil {
			return err
		}
		r.Total += back.Total
	}
	o.Returns = append(o.Returns, r)
	o.ReturnedTotal += r.Total
	return nil
}

// blameLine names a line of an exchange, which has no quantity of its own.
func blameLine(err error) error {
	if e := (*db.Error)(nil); errors.As(err, &e) {
		e.Field = strings.TrimSuffix(e.Field, ".quantity")
	}
	return err
}

// given is what was taken off goods of a variant that come back, and what they cost before.
type given struct {
	variantID  int64
	taxRate    money.Rate
	own        money.Amount // by their own discounts
	share      money.Amount // by the order's amount or its code, also where that was passed on to them
	percent    money.Amount // by the order's percentage
	tax, gross money.Amount
}

// taking is the edit of an order whose goods came back, by which others go in their place.
func (o *Order) taking(more []NewLine, before *Order) (OrderChange, error) {
	if err := errors.Join(o.seal(), before.seal()); err != nil {
		return OrderChange{}, err
	}
	in := OrderChange{Lines: make([]LineChange, 0, len(o.Lines)+len(more)), given: []given{}}
	for i := range o.Lines {
		l, was := &o.Lines[i], &before.Lines[i]
		in.Lines = append(in.Lines, LineChange{ID: l.ID, Quantity: l.Quantity})
		g := given{variantID: l.VariantID, taxRate: l.TaxRate, share: was.FromOrder - l.FromOrder,
			percent: l.Sealed.OrderDiscount - was.Sealed.OrderDiscount, tax: l.Sealed.Tax - was.Sealed.Tax, gross: l.Sealed.gross(l) - was.Sealed.gross(l)}
		g.own = l.Sealed.Discount - was.Sealed.Discount - g.share
		if o.DiscountPercent == nil {
			g.share, g.percent = g.share+g.percent, 0
		}
		in.given = append(in.given, g)
	}
	for i, l := range more {
		in.Lines = append(in.Lines, LineChange{VariantID: l.VariantID, Quantity: l.Quantity, Discount: l.Discount, At: fmt.Sprintf("take[%d]", i)})
	}
	return in, nil
}

// priceTaken prices goods that go in the place of others as an order of their own: nobody else's price moves. What was taken off goods that
// came back they get as a discount of their own, which goes when they do, and they take no part in an amount that is off the order. A
// code gives nothing to goods that it is not for, nor does what was passed on of it before. The same for the same is worth the same.
func (e *edit) priceTaken(back []given) error {
	kept := len(e.was.Lines)
	o := Order{PricesIncludeTax: e.PricesIncludeTax, DiscountPercent: e.DiscountPercent, DiscountCodeID: e.DiscountCodeID, Lines: e.Lines[kept:]}
	room, err := o.priceLines()
	if err != nil {
		return err
	}
	for i := range room { // what of the new lines stands for nothing yet that came back
		room[i] = o.Lines[i].unsealed()
	}
	rest := slices.Clone(back)
	like := o.like(rest, room)
	for _, may := range []func(given, OrderLine) bool{ // the same first, then what the code is for, then whatever there is
		func(g given, l OrderLine) bool { return l.VariantID == g.variantID },
		func(_ given, l OrderLine) bool { return l.InDiscount },
		func(given, OrderLine) bool { return true },
	} {
		for i := range rest {
			if err := o.give(&rest[i], room, may); err != nil {
				return tooLarge("take")
			}
		}
	}
	for i := range o.Lines {
		o.Lines[i].InDiscount = o.Lines[i].InDiscount && e.DiscountAmount == nil
	}
	weights, err := o.priceLines()
	if err != nil {
		return err
	}
	for i := range like {
		weights[i] = 0
	}
	if err := o.share(weights); err != nil {
		return err
	}
	for i, g := range like {
		o.Lines[i].replaces(g, e.PricesIncludeTax)
	}
	return e.sum()
}

// like finds the new lines, by their place, that go in the place of the same goods for the same price, and gives them what was taken off
// those. They stand for those alone.
func (o *Order) like(back []given, room []money.Amount) map[int]given {
	like := map[int]given{}
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Discount > 0 || room[i] == 0 {
			continue
		}
		all := given{}
		for _, g := range back {
			if g.variantID == l.VariantID && g.taxRate == l.TaxRate {
				all = all.and(g)
			}
		}
		if all.gross != room[i] {
			continue
		}
		for j, g := range back {
			if g.variantID == l.VariantID && g.taxRate == l.TaxRate {
				back[j] = given{}
			}
		}
		like[i], room[i] = all, 0
		l.Discount, l.DiscountPercent, l.FromOrder = all.own+all.share, nil, all.share
	}
	return like
}

// and is what was taken off goods and others of their variant.
func (g given) and(more given) given {
	return given{more.variantID, more.taxRate, g.own + more.own, g.share + more.share, g.percent + more.percent, g.tax + more.tax, g.gross + more.gross}
}

// replaces makes a line worth what the same goods were that came back: their tax was rounded, and so was their part of a percentage.
func (l *OrderLine) replaces(g given, included bool) {
	l.OrderDiscount, l.Tax = g.percent, g.tax
	l.InDiscount = l.InDiscount || g.percent > 0
	l.Total = g.gross - l.Discount - l.OrderDiscount
	if !included {
		l.Total += l.Tax
	}
}

// give lets the new lines that may stand for goods that came back as far as they have room, and gives them that part of what was taken off
// those.
func (o *Order) give(g *given, room []money.Amount, may func(given, OrderLine) bool) error {
	weights := make([]money.Amount, len(room))
	var goods money.Amount // of lines that are priced, whose sum was checked
	for i, r := range room {
		if may(*g, o.Lines[i]) {
			weights[i] = r
			goods += r
		}
	}
	taken := min(g.gross, goods)
	if taken == 0 {
		return nil
	}
	both, err := (g.own + g.share).Part(int64(taken), int64(g.gross)) // no more than is taken, as each by itself could be by a unit
	if err != nil {
		return err
	}
	own, err := g.own.Part(int64(taken), int64(g.gross))
	if err != nil {
		return err
	}
	own = min(own, both)
	places, err := money.Prorate(taken, weights)
	if err != nil {
		return err
	}
	all, err := money.Prorate(both, places)
	if err != nil {
		return err
	}
	alone, err := money.Prorate(own, places)
	if err != nil {
		return err
	}
	for i := range places {
		l, off := &o.Lines[i], all[i]
		if !l.InDiscount {
			off = min(off, alone[i])
		}
		if off > 0 {
			l.Discount, l.DiscountPercent = l.Discount+off, nil
			l.FromOrder += max(0, off-alone[i])
		}
		room[i] -= places[i]
	}
	g.own, g.share, g.gross = g.own-own, g.share-(both-own), g.gross-taken
	return nil
}
