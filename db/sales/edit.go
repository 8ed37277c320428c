package sales

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/settings"
)

// OrderChange changes what it carries of an order and leaves the rest.
type OrderChange struct {
	db.Approvable
	Command
	CustomerID   *int64             `json:"customerId,omitempty" minimum:"1"`
	Customer     *customers.Contact `json:"customer,omitempty"`
	Address      *customers.Address `json:"address,omitempty" doc:"where it goes; an empty one is none"`
	Note         *string            `json:"note,omitempty" maxLength:"2000"`
	Language     *string            `json:"language,omitempty" enum:",en,de"`
	Lines        []LineChange       `json:"lines,omitempty" minItems:"1" maxItems:"500" doc:"all lines as they shall be: one that is left out is taken off the order"`
	Discount     *NewDiscount       `json:"discount,omitempty" doc:"of the whole order, in place of the one it has; an amount is of all its goods, with those that came back; 0 is none for those that are still there"`
	DiscountCode *string            `json:"discountCode,omitempty" maxLength:"40" doc:"in place of the discount it has; an empty one takes its code off"`
	Shipping     *NewShipping       `json:"shipping,omitempty" doc:"in place of what it costs; a price of 0 is none"`
	Tags         *[]string          `json:"tags,omitempty" maxItems:"20" doc:"all tags as they shall be, of up to 40 characters; this and who looks after it may be changed of every order"`
	AssignedTo   *int64             `json:"assignedToId,omitempty" minimum:"0" doc:"who looks after it, from /orders/assignees; 0 for nobody"`
	HoldUntil    db.OptionalTime    `json:"holdUntil,omitzero" doc:"when it expires unless it is paid before, at most a year from now; null holds it until somebody decides"`
	PromisedOn   *db.Date           `json:"promisedOn,omitempty" doc:"the day by which it is promised, at most a year from now; empty takes the promise back"`

	given []given // of goods that are exchanged; not nil in an exchange
}

// LineChange is a line as it shall be: one of the order, which keeps its price as sold, or a new one at today's.
type LineChange struct {
	ID        int64        `json:"id,omitempty" minimum:"1" doc:"of the order's line; left out for a new one"`
	VariantID int64        `json:"variantId,omitempty" minimum:"1" doc:"of a new line"`
	Quantity  int64        `json:"quantity" minimum:"0" maximum:"1000000" doc:"0 takes the order's line off it"`
	Discount  *NewDiscount `json:"discount,omitempty" doc:"in place of the one it has: a percentage follows the quantity; an amount of 0 is none"`
	At        string       `json:"-"` // its place in the input, for a refusal; empty for its place among the lines
}

// discounts says whether a discount is given anew.
func (in OrderChange) discounts() bool {
	return in.Discount != nil || slices.ContainsFunc(in.Lines, func(l LineChange) bool { return l.Discount != nil })
}

// Edit changes an order that is not called off: stock, books and what is due follow at once. What is packed or gone of a line stays on it.
// Tags, and who looks after it, are no part of the sale and can be changed of every order.
// It fails with not_editable, bad_tag, not_assignable, line_gone, discount_returned, not_held, bad_hold, stale, and as Place does.
func Edit(ctx context.Context, d *db.DB, id int64, in OrderChange) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return EditIn(tx, id, in) })
}

// EditIn is Edit inside a transaction.
func EditIn(tx *db.Tx, id int64, in OrderChange) (*Order, error) {
	o, err := OrderIn(tx, id)
	if err != nil {
		return nil, err
	}
	e, err := editOf(o, in)
	if err != nil {
		return nil, err
	}
	if err := e.plan(tx, in); err != nil {
		return nil, err
	}
	e.pair()
	changes := e.changes()
	if len(changes) == 0 {
		return OrderIn(tx, id)
	}
	if err := e.carryOut(tx); err != nil {
		return nil, err
	}
	if err := note(tx, o.ID, "edited", map[string]any{"changes": changes}); err != nil {
		return nil, err
	}
	if err := settleAndTell(tx, o); err != nil {
		return nil, err
	}
	if o, err = OrderIn(tx, id); err != nil || in.Lines == nil || o.Status == Draft {
		return o, err
	}
	if err := o.promiseBack(tx); err != nil {
		return nil, err
	}
	return o, await(tx, o)
}

// TryEdit is the order as Edit would leave its lines, discounts, shipping and balance; a new line has no id yet. Nothing is changed, and
// neither stock nor limits are looked at.
func TryEdit(ctx context.Context, d *db.DB, id int64, in OrderChange) (o *Order, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		was, err := OrderIn(tx, id)
		if err != nil {
			return err
		}
		o, err = was.tried(tx, in)
		return err
	})
	return o, err
}

// tried is the order as an edit would price it.
func (o *Order) tried(tx *db.Tx, in OrderChange) (*Order, error) {
	e, err := editOf(o, in)
	if err != nil {
		return nil, err
	}
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if err := e.reprice(tx, s, in); err != nil {
		return nil, err
	}
	e.Allowances -= e.overAllowed()
	e.sumTaxes(s)
	e.settle()
	return e.Order, nil
}

// editOf takes up an order that may be changed.
func editOf(o *Order, in OrderChange) (*edit, error) {
	if err := in.fresh(o); err != nil {
		return nil, err
	}
	if !o.open() && o.Status != Draft && o.Status != Completed && !in.sorts() {
		return nil, db.Errorf(db.Conflict, "not_editable", "This order is %s; it cannot be changed any more.", o.Status).With("status", o.Status)
	}
	if err := o.seal(); err != nil {
		return nil, err
	}
	e := &edit{Order: o, was: *o}
	e.was.Lines = slices.Clone(o.Lines)
	return e, nil
}

// edit is an order on its way from what it was to what it shall be.
type edit struct {
	*Order
	was   Order
	pairs []linePair
	code  *DiscountCode // the one it has after the edit
}

// linePair is a line as it was and as it is now: of none before it was added, and after it was taken off.
type linePair struct{ was, now *OrderLine }

func (p linePair) more() int64 { return p.now.Quantity - p.was.Quantity }

// none is a line of which nothing is ordered.
func (l OrderLine) none() *OrderLine {
	l.Quantity, l.Discount, l.DiscountPercent, l.FromOrder, l.OrderDiscount, l.Tax, l.Total = 0, 0, nil, 0, 0, 0, 0
	return &l
}

// pair puts each line beside what it was; those that stay are in the order they had.
func (e *edit) pair() {
	k := 0
	for i := range e.was.Lines {
		was := &e.was.Lines[i]
		if k < len(e.Lines) && e.Lines[k].ID == was.ID {
			e.pairs = append(e.pairs, linePair{was, &e.Lines[k]})
			k++
			continue
		}
		e.pairs = append(e.pairs, linePair{was, was.none()})
	}
	for ; k < len(e.Lines); k++ {
		now := &e.Lines[k]
		e.pairs = append(e.pairs, linePair{now.none(), now})
	}
}

// plan makes the order what it shall be, without rows.
func (e *edit) plan(tx *db.Tx, in OrderChange) (err error) {
	if err := e.words(in); err != nil {
		return err
	}
	if err := e.sort(tx, in); err != nil {
		return err
	}
	if in.CustomerID != nil || in.Customer != nil {
		if err := e.who(tx, in.CustomerID, in.Customer); err != nil {
			return err
		}
	}
	if err := e.holdAnew(tx, in.HoldUntil); err != nil {
		return err
	}
	if err := e.promiseAnew(tx, in.PromisedOn); err != nil {
		return err
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	if err := e.reprice(tx, s, in); err != nil {
		return err
	}
	if err := e.codeOfBuyer(tx); err != nil {
		return err
	}
	if in.given != nil && !in.discounts() { // what is passed on was given before
		return nil
	}
	before := e.was.discountRate()
	if e.givesAnew() {
		before = 0
	}
	return e.allowDiscount(tx, before)
}

// givesAnew says whether an edit gives a discount that the order did not have, and takes more off with it. It is then held to what may
// be given in all: when goods at their full price came back, what was given before is a larger part of the rest.
func (e *edit) givesAnew() bool {
	was, _ := e.was.byHand()
	if now, _ := e.byHand(); now <= was {
		return false
	}
	had := make(map[int64]*OrderLine, len(e.was.Lines))
	for i := range e.was.Lines {
		had[e.was.Lines[i].ID] = &e.was.Lines[i]
	}
	return !e.discountStays() || slices.ContainsFunc(e.Lines, func(l OrderLine) bool {
		was := had[l.ID]
		if was == nil {
			return l.Discount > 0
		}
		return !same(l.DiscountPercent, was.DiscountPercent) || l.DiscountPercent == nil && l.Discount > was.Discount
	})
}

// reprice makes the lines, discounts and shipping what they shall be, and prices them.
func (e *edit) reprice(tx *db.Tx, s *settings.Settings, in OrderChange) error {
	if err := e.knownCode(tx, &in); err != nil {
		return err
	}
	e.clearDiscount(in)
	if in.Lines != nil {
		if err := e.relined(tx, in.Lines); err != nil {
			return err
		}
	}
	if err := e.discounted(tx, in); err != nil {
		return err
	}
	e.ship(s, in.Shipping)
	if in.Lines == nil && in.Discount == nil && in.DiscountCode == nil && in.Shipping == nil {
		return nil
	}
	if e.asBefore() {
		e.Lines = slices.Clone(e.was.Lines)
		return e.sum()
	}
	price := e.price
	if in.given != nil {
		price = func() error { return e.priceTaken(in.given) }
	}
	if err := price(); err != nil {
		return err
	}
	return e.codeSuits()
}

// asBefore says whether lines and discounts are asked for as the order has them: then each stays worth what it is. Priced anew, what
// came back of it being sealed, a unit could move.
func (e *edit) asBefore() bool {
	if len(e.Lines) != len(e.was.Lines) || !e.discountStays() {
		return false
	}
	for i, l := range e.Lines {
		was := &e.was.Lines[i]
		if l.ID != was.ID || l.Quantity != was.Quantity || l.InDiscount != was.InDiscount || !same(l.DiscountPercent, was.DiscountPercent) ||
			l.DiscountPercent == nil && max(l.Discount, l.Sealed.Discount) != was.Discount {
			return false
		}
	}
	return true
}

func (e *edit) words(in OrderChange) (err error) {
	if in.Note != nil {
		if e.Note, err = db.Note("note", *in.Note, 2000); err != nil {
			return err
		}
	}
	if in.Language != nil {
		if e.Language, err = language(*in.Language); err != nil {
			return err
		}
	}
	if in.Address != nil {
		if e.Address, err = in.Address.Check(); err != nil {
			return db.Blame(err, "address")
		}
	}
	return nil
}

// relined makes the lines what they shall be: those of the order in their order, then the new ones.
func (e *edit) relined(tx *db.Tx, asked []LineChange) error {
	kept := map[int64]OrderLine{}
	var added []OrderLine
	for i, in := range asked {
		at := cmp.Or(in.At, fmt.Sprintf("lines[%d]", i))
		if in.ID == 0 {
			l, err := lineOf(tx, in, at)
			if err != nil {
				return err
			}
			added = append(added, l)
			continue
		}
		known := slices.IndexFunc(e.Lines, func(l OrderLine) bool { return l.ID == in.ID })
		if known < 0 {
			return db.Blame(db.NotFound("order line"), "%s.id", at)
		}
		if _, twice := kept[in.ID]; twice {
			return db.Refuse("line_twice", at+".id", "This line is there twice. Add its quantities up.")
		}
		l := e.Lines[known]
		l.At = at
		if in.VariantID != 0 && in.VariantID != l.VariantID {
			return db.Refuse("other_variant", at+".variantId", "A line keeps its product. Take it off the order and add another one.")
		}
		l.Quantity = in.Quantity
		if in.Discount != nil {
			if err := l.ask(in.Discount); err != nil {
				return err
			}
			if err := notLess(in.Discount, l.Sealed.Discount); err != nil {
				return db.Blame(err, "%s.discount.amount", at)
			}
		}
		kept[in.ID] = l
	}
	least := e.leastOf()
	had := e.Lines
	e.Lines = make([]OrderLine, 0, len(asked))
	for _, was := range had {
		l, stays := kept[was.ID]
		if !stays {
			l = was
			l.At, l.Quantity = "lines", 0
		}
		if l.Quantity < least[l.ID] {
			return db.Blame(db.Errorf(db.Conflict, "line_gone", "At least %d of %s: so many are packed or gone already.", least[l.ID], l.title()).
				With("min", least[l.ID]).With("name", l.title()), "%s.quantity", l.At)
		}
		if l.Quantity > was.Quantity {
			if err := l.sellsStill(tx); err != nil {
				return err
			}
		}
		if l.Quantity > 0 {
			e.Lines = append(e.Lines, l)
		}
	}
	e.Lines = append(e.Lines, added...)
	if len(e.Lines) == 0 {
		return db.Refuse("no_lines", "lines", "An order needs a line. Cancel it instead.")
	}
	return nil
}

// sellsStill holds what is added to a line to the catalogue of today: it may be archived, or must not wait for stock any more.
func (l *OrderLine) sellsStill(tx *db.Tx) error {
	v, err := catalog.ForSale(tx, l.VariantID)
	if err != nil {
		return db.Blame(err, "%s.variantId", l.At)
	}
	l.Backorder = v.Policy == catalog.Backorder
	return nil
}

// lineOf is a line that an edit adds.
func lineOf(tx *db.Tx, in LineChange, at string) (OrderLine, error) {
	if in.VariantID == 0 {
		return OrderLine{}, db.Refuse("required", at+".variantId", "This is needed.")
	}
	if in.Quantity == 0 {
		return OrderLine{}, db.Refuse("out_of_range", at+".quantity", "A new line needs at least one.").With("min", 1).With("max", 1_000_000)
	}
	return newLine(tx, NewLine{VariantID: in.VariantID, Quantity: in.Quantity, Discount: in.Discount}, at)
}

// leastOf is how much of each line is packed or gone.
func (o *Order) leastOf() map[int64]int64 {
	least := o.unpacked()
	for _, l := range o.Lines {
		least[l.ID] = l.Quantity - least[l.ID]
	}
	return least
}
