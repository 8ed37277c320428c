package sales

import (
	"onhand/db"
	"onhand/db/money"
)

// price sets every amount of an order from its lines' unit prices and the
// discounts asked for. DESIGN.md 4, Totals: line discounts first, then the order
// discount shared by largest remainder, then tax per line.
func (o *Order) price() error {
	amounts := make([]money.Amount, len(o.Lines))
	weights := make([]money.Amount, len(o.Lines)) // of the lines that share the order's discount
	o.Subtotal, o.Discount, o.Tax, o.Total = 0, 0, 0, 0
	for i := range o.Lines {
		l := &o.Lines[i]
		gross, err := l.UnitPrice.Mul(l.Quantity)
		if err != nil {
			return tooLarge(l.At + ".quantity")
		}
		if l.Discount, err = off(&l.Discount, l.DiscountPercent, gross); err != nil {
			return db.Blame(err, "%s.discount", l.At)
		}
		amounts[i] = gross - l.Discount
		if l.InDiscount {
			weights[i] = amounts[i]
		}
		if o.Subtotal, err = o.Subtotal.Add(gross); err != nil {
			return tooLarge(l.At + ".quantity")
		}
		o.Discount += l.Discount
	}
	whole, err := o.off(weights)
	if err != nil {
		return db.Blame(err, "discount")
	}
	o.Discount += whole
	shares, err := money.Prorate(whole, weights)
	if err != nil {
		return tooLarge("discount")
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		l.OrderDiscount = shares[i]
		t, err := money.Tax(amounts[i]-shares[i], l.TaxRate, o.PricesIncludeTax)
		if err != nil {
			return tooLarge(l.At + ".quantity")
		}
		l.Tax, l.Total = t.Tax, t.Total
		if err := o.add(t); err != nil {
			return tooLarge(l.At + ".quantity")
		}
	}
	t, err := money.Tax(o.Shipping, o.ShippingTaxRate, o.PricesIncludeTax)
	if err != nil {
		return tooLarge("shipping.price")
	}
	o.ShippingTax = t.Tax
	if err := o.add(t); err != nil {
		return tooLarge("shipping.price")
	}
	return nil
}

func (o *Order) add(t money.Taxed) (err error) {
	o.Tax += t.Tax // never above the total, which is checked
	o.Total, err = o.Total.Add(t.Total)
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
	return nil
}

// off is what the order's discount takes from the lines that share it. A code takes all of goods that are worth less than it.
func (o *Order) off(lines []money.Amount) (money.Amount, error) {
	goods, err := money.Sum(lines...)
	if err != nil {
		return 0, tooLarge("amount")
	}
	if asked := o.DiscountAmount; asked != nil && o.DiscountCodeID != nil {
		return min(*asked, goods), nil
	}
	return off(o.DiscountAmount, o.DiscountPercent, goods)
}

// off is what a discount takes from an amount: never more than all of it.
func off(asked *money.Amount, percent *money.Rate, amount money.Amount) (money.Amount, error) {
	switch {
	case percent != nil:
		part, err := percent.Of(amount)
		if err != nil {
			return 0, tooLarge("percent")
		}
		return part, nil
	case asked == nil:
		return 0, nil
	case *asked > amount:
		return 0, db.Refuse("discount_too_large", "amount", "This discount is larger than what it is taken from.").With("max", amount)
	}
	return *asked, nil
}

func tooLarge(field string) error {
	return db.Refuse("too_large", field, "This order is larger than the books can hold. Split it.")
}
