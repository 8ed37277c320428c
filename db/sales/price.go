package sales

import (
	"onhand/db"
	"onhand/db/money"
)

// price sets every amount of an order from its lines' unit prices and the
// discounts asked for. DESIGN.md 4, Totals: line discounts first, then the order
// discount shared by largest remainder, then tax per line.
func (o *Order) price() error {
	weights, err := o.priceLines()
	if err != nil {
		return err
	}
	return o.share(weights)
}

// priceLines takes each line's own discount, and answers what is left of those that share the order's: 0 for the others.
func (o *Order) priceLines() ([]money.Amount, error) {
	weights := make([]money.Amount, len(o.Lines))
	var all money.Amount
	for i := range o.Lines {
		l := &o.Lines[i]
		gross, err := l.UnitPrice.Mul(l.Quantity)
		if err != nil {
			return nil, tooLarge(l.At + ".quantity")
		}
		if more := l.Discount - l.Sealed.Discount - (gross - l.Sealed.gross(l)); more > 0 && o.DiscountCodeID != nil { // a code takes all of goods that are worth less than it
			cut := min(more, l.FromOrder)
			l.Discount, l.FromOrder = l.Discount-cut, l.FromOrder-cut
		}
		own, err := off(&l.Discount, l.DiscountPercent, gross-l.Sealed.gross(l), l.Sealed.Discount)
		if err != nil {
			return nil, db.Blame(err, "%s.discount", l.At)
		}
		l.Discount = l.Sealed.Discount + own
		if l.InDiscount {
			weights[i] = l.unsealed()
		}
		if all, err = all.Add(gross); err != nil {
			return nil, tooLarge(l.At + ".quantity")
		}
	}
	return weights, nil
}

// share shares the order's discount over its lines, and taxes what is left of them and the shipping.
func (o *Order) share(weights []money.Amount) error {
	whole, err := o.off(weights)
	if err != nil {
		return db.Blame(err, "discount")
	}
	shares, err := money.Prorate(whole, weights)
	if err != nil {
		return tooLarge("discount")
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		l.OrderDiscount = l.Sealed.OrderDiscount + shares[i]
		if err := l.tax(o.PricesIncludeTax); err != nil {
			return tooLarge(l.At + ".quantity")
		}
	}
	return o.sum()
}

// sum adds up an order's lines and its shipping.
func (o *Order) sum() error {
	o.Subtotal, o.Discount, o.Tax, o.Total = 0, 0, 0, 0
	for _, l := range o.Lines {
		o.Subtotal += l.UnitPrice * money.Amount(l.Quantity) // checked when the line was priced
		o.Discount += l.Discount + l.OrderDiscount
		if err := o.add(l.Tax, l.Total); err != nil {
			return tooLarge(l.At + ".quantity")
		}
	}
	t, err := money.Tax(o.Shipping, o.ShippingTaxRate, o.PricesIncludeTax)
	if err != nil {
		return tooLarge("shipping.price")
	}
	o.ShippingTax = t.Tax
	if err := o.add(t.Tax, t.Total); err != nil {
		return tooLarge("shipping.price")
	}
	return nil
}

// tax taxes a line as a whole. What is sealed of it was taxed when it came back: the rest has what is missing, within what it costs.
func (l *OrderLine) tax(included bool) error {
	rest := l.unsealed() - (l.OrderDiscount - l.Sealed.OrderDiscount)
	t, err := money.Tax(l.UnitPrice*money.Amount(l.Quantity)-l.Discount-l.OrderDiscount, l.TaxRate, included)
	if err != nil {
		return err
	}
	l.Tax = l.Sealed.Tax + min(max(0, t.Tax-l.Sealed.Tax), rest)
	l.Total = t.Total + l.Tax - t.Tax
	if included {
		l.Total = t.Total
	}
	return nil
}

func (o *Order) add(tax, total money.Amount) (err error) {
	o.Tax += tax // never above the total, which is checked
	o.Total, err = o.Total.Add(total)
	return err
}

// asked is a discount as an amount or a percentage; neither for none.
func (d *NewDiscount) asked() (*money.Amount, *money.Rate, error) {
	if d == nil {
		return nil, nil, nil
	}
	if (d.Amount == nil) == (d.Percent == nil) {
		return nil, nil, db.Refuse("amount_or_percent", "", "Give the discount as an amount or as a percentage.")
	}
	return d.Amount, d.Percent, nil
}

// ask gives a line of its own a discount, in place of what it had.
func (l *OrderLine) ask(d *NewDiscount) error {
	amount, percent, err := d.asked()
	if err != nil {
		return db.Blame(err, "%s.discount", l.At)
	}
	l.Discount, l.DiscountPercent = 0, percent
	if amount != nil {
		l.Discount = *amount
	}
	l.FromOrder = min(l.FromOrder, max(0, l.Discount-l.Sealed.Discount)) // what is more is given by hand
	return nil
}

// off is what the order's discount takes from the lines that share it. A code takes all of goods that are worth less than it.
func (o *Order) off(lines []money.Amount) (money.Amount, error) {
	goods, err := money.Sum(lines...)
	if err != nil {
		return 0, tooLarge("amount")
	}
	sealed := o.sealedDiscount() - o.SealedBefore
	if asked := o.DiscountAmount; asked != nil && o.DiscountCodeID != nil {
		return min(max(0, *asked-sealed), goods), nil
	}
	return off(o.DiscountAmount, o.DiscountPercent, goods, sealed)
}

// off is what a discount takes from an amount: never more than all of it. One that is an amount was asked for in all: what is
// sealed was taken before, and stays where it was.
func off(asked *money.Amount, percent *money.Rate, amount, sealed money.Amount) (money.Amount, error) {
	switch {
	case percent != nil:
		part, err := percent.Of(amount)
		if err != nil {
			return 0, tooLarge("percent")
		}
		return part, nil
	case asked == nil || *asked <= sealed:
		return 0, nil
	case *asked-sealed > amount:
		return 0, db.Refuse("discount_too_large", "amount", "This discount is larger than what it is taken from.").With("max", sealed+amount)
	}
	return *asked - sealed, nil
}

func tooLarge(field string) error {
	return db.Refuse("too_large", field, "This order is larger than the books can hold. Split it.")
}
