package sales

import (
	"onhand/db"
	"onhand/db/money"
)

// discounted gives the order another discount, by hand or of a code, and holds what an edit adds to the code that it keeps.
func (e *edit) discounted(tx *db.Tx, in OrderChange) error {
	if in.Discount != nil {
		if in.DiscountCode != nil && *in.DiscountCode != "" {
			return codeAndDiscount()
		}
		if err := notLess(in.Discount, e.sealedDiscount()-e.SealedBefore); err != nil {
			return db.Blame(err, "discount.amount")
		}
		return e.askAnew(in.Discount)
	}
	switch {
	case in.DiscountCode == nil || codeKey(*in.DiscountCode) == codeKey(e.DiscountCode):
		return e.keepCode(tx, in.Lines != nil)
	case *in.DiscountCode != "":
		return e.takeOther(tx, *in.DiscountCode)
	}
	return e.askAnew(nil)
}

// clearDiscount makes room for what takes the place of the order's discount: what exchanges passed on of it goes with it. What of it went
// back with goods does not count against a code, nor against what takes the place of one. By hand one amount after another is one discount,
// of which only what was passed on is not gone.
func (e *edit) clearDiscount(in OrderChange) {
	byHand := in.DiscountCode == nil && e.DiscountCodeID == nil
	switch code, d := in.DiscountCode, in.Discount; {
	case code != nil && codeKey(*code) == codeKey(e.DiscountCode), code == nil && d == nil, byHand && e.asks(d):
		return
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		e.SealedBefore += l.FromOrder
		l.Discount, l.FromOrder = l.Discount-l.FromOrder, 0
	}
	if sealed := e.sealedDiscount(); !byHand || e.SealedBefore > sealed { // what is passed on is rounded by the line
		e.SealedBefore = sealed
	}
}

// asks says whether the order's discount by hand is what is asked for.
func (o *Order) asks(d *NewDiscount) bool {
	return same(d.Percent, o.DiscountPercent) && orNone(d.Amount) == orNone(o.DiscountAmount)
}

// knownCode is the code that an order has by what it was called then, where it is asked for by what it is called now.
func (e *edit) knownCode(tx *db.Tx, in *OrderChange) error {
	if e.DiscountCodeID == nil || in.DiscountCode == nil || *in.DiscountCode == "" || codeKey(*in.DiscountCode) == codeKey(e.DiscountCode) {
		return nil
	}
	c, err := codeIn(tx, "code_key = ?2", codeKey(*in.DiscountCode))
	if db.CodeOf(err) == "not_found" {
		return nil // it is refused where it is taken
	}
	if err == nil && c.ID == *e.DiscountCodeID {
		in.DiscountCode = &e.DiscountCode
	}
	return err
}

// askAnew gives the order a discount by hand. Another one than it has is shared over all its lines.
func (e *edit) askAnew(d *NewDiscount) error {
	if err := e.ask(d); err != nil || e.discountStays() {
		return err
	}
	for i := range e.Lines {
		e.Lines[i].InDiscount = true
	}
	return nil
}

// discountStays says whether the order's discount is what it was.
func (e *edit) discountStays() bool {
	was := &e.was
	return same(e.DiscountCodeID, was.DiscountCodeID) && same(e.DiscountPercent, was.DiscountPercent) && orNone(e.DiscountAmount) == orNone(was.DiscountAmount)
}

func orNone(a *money.Amount) money.Amount {
	if a == nil {
		return 0
	}
	return *a
}

// keepCode marks what of the new lines is of the code that the order has. Those that it had stay as they were sold.
func (e *edit) keepCode(tx *db.Tx, relined bool) (err error) {
	if e.DiscountCodeID == nil || !relined {
		return nil
	}
	if e.code, err = codeIn(tx, "id = ?2", *e.DiscountCodeID); err != nil {
		return err
	}
	kept := len(e.Lines)
	for kept > 0 && e.Lines[kept-1].ID == 0 {
		kept--
	}
	return e.code.mark(tx, e.Lines[kept:])
}

// takeOther gives the order a code that it did not have: all that holds for a new order holds.
func (e *edit) takeOther(tx *db.Tx, code string) (err error) {
	if e.code, err = e.takeCode(tx, code); err != nil || e.Status != Draft {
		return err
	}
	return e.code.left(tx, e.Order)
}

// codeSuits holds an order that keeps its code to what the code is for; its days and uses were looked at when it was taken. What was
// worth enough may be worth less only as far as the minimum goes. A code that comes is for what has not come back.
func (e *edit) codeSuits() error {
	switch {
	case e.code == nil:
		return nil
	case same(e.DiscountCodeID, e.was.DiscountCodeID) && e.goods() >= e.was.goods():
		return e.codeCounts()
	}
	if !same(e.DiscountCodeID, e.was.DiscountCodeID) {
		return e.code.suitsRest(e.Order)
	}
	return e.code.suits(e.Order)
}

// codeOfBuyer holds a code that counts per customer to the one whose order it is now.
func (e *edit) codeOfBuyer(tx *db.Tx) error {
	if e.DiscountCodeID == nil || !same(e.DiscountCodeID, e.was.DiscountCodeID) || same(e.CustomerID, e.was.CustomerID) {
		return nil
	}
	c, err := codeIn(tx, "id = ?2", *e.DiscountCodeID)
	if err != nil {
		return err
	}
	return c.leftFor(tx, e.Order)
}

// swapCode gives back the use of the code that the order had, and uses the one it has now.
func (e *edit) swapCode(tx *db.Tx) error {
	if same(e.DiscountCodeID, e.was.DiscountCodeID) {
		return nil
	}
	if err := e.was.giveCodeBack(tx); err != nil {
		return err
	}
	return e.useCode(tx)
}
