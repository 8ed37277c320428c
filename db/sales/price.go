package sales

import (
	"onhand/db"
	"onhand/db/money"
)

// price sets every amount of an order from its lines' unit prices and the
// discounts asked for. DESIGN.md 4, Totals: line discounts first, then the order
// discount shared by largest remainder, then tax per line.
func price(o *Order, lines []NewLine, discount *NewDiscount) error {
	amounts := make([]money.Amount, len(lines))
	o.Subtotal, o.Discount, o.Tax, o.Total = 0, 0, 0, 0
	for i := range lines {
		l := &o.Lines[i]
		gross, err := l.UnitPrice.Mul(l.Quantity)
		if err != nil {
			return tooLarge("lines[%d].quantity", i)
		}
		if l.Discount, err = off(lines[i].Discount, gross); err != nil {
			return db.Blame(err, "lines[%d].discount", i)
		}
		amounts[i] = gross - l.Discount
		if o.Subtotal, err = o.Subtotal.Add(gross); err != nil {
			return tooLarge("lines[%d].quantity", i)
		}
		o.Discount += l.Discount
	}
	whole, err := off(discount, o.Subtotal-o.Discount)
	if err != nil {
		return db.Blame(err, "discount")
	}
	o.Discount += whole
	shares, err := money.Prorate(whole, amounts)
	if err != nil {
		return tooLarge("discount")
	}
	for i := range lines {
		l := &o.Lines[i]
		l.OrderDiscount = shares[i]
		t, err := money.Tax(amounts[i]-shares[i], l.TaxRate, o.PricesIncludeTax)
		if err != nil {
			return tooLarge("lines[%d].quantity", i)
		}
		l.Tax, l.Total = t.Tax, t.Total
		if err := o.add(t); err != nil {
			return tooLarge("lines[%d].quantity", i)
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

// off is what a discount takes from an amount: never more than all of it.
func off(d *NewDiscount, amount money.Amount) (money.Amount, error) {
	switch {
	case d == nil:
		return 0, nil
	case (d.Amount == nil) == (d.Percent == nil):
		return 0, db.Refuse("amount_or_percent", "", "Give the discount as an amount or as a percentage.")
	case d.Amount != nil && *d.Amount > amount:
		return 0, db.Refuse("discount_too_large", "amount", "This discount is larger than what it is taken from.").With("max", amount)
	case d.Amount != nil:
		return *d.Amount, nil
	}
	part, err := d.Percent.Of(amount)
	if err != nil {
		return 0, tooLarge("percent")
	}
	return part, nil
}

func tooLarge(field string, args ...any) error {
	return db.Blame(db.Refuse("too_large", "", "This order is larger than the books can hold. Split it."), field, args...)
}
