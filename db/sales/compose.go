package sales

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// compose makes the order that the input asks for, priced, without rows.
func compose(tx *db.Tx, in NewOrder) (*Order, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if in.LocationID == 0 {
		in.LocationID = s.DefaultLocationID
	}
	l, err := stock.LocationIn(tx, in.LocationID)
	if err != nil {
		return nil, db.Blame(err, "locationId")
	}
	today := s.Today(tx.Now)
	o := &Order{
		Status: Placed, PaymentStatus: Pending, FulfilmentStatus: Unfulfilled, Channel: in.Channel,
		LocationID: l.ID, LocationName: l.Name, Currency: s.Currency, PricesIncludeTax: s.PricesIncludeTax,
		BusinessDate: &today, PlacedAt: &tx.Now, CreatedAt: tx.Now, UpdatedAt: tx.Now, Token: newToken(),
		Actor: tx.Actor.Name, Version: 1,
		Lines: make([]OrderLine, len(in.Lines)), Fulfilments: []Fulfilment{}, Payments: []Payment{}, Returns: []Return{},
	}
	if in.Draft {
		o.Status, o.BusinessDate, o.PlacedAt = Draft, nil, nil
	}
	if o.Note, err = db.Note("note", in.Note, 2000); err != nil {
		return nil, err
	}
	if o.Language = in.Language; o.Language != "" && !slices.Contains(settings.Languages, o.Language) {
		return nil, db.Refuse("unknown_language", "language", "Choose one of %s.", strings.Join(settings.Languages, ", "))
	}
	if in.Shipping != nil {
		o.Shipping, o.ShippingTaxRate = in.Shipping.Price, in.Shipping.TaxRate
	}
	if in.Discount != nil {
		o.DiscountAmount, o.DiscountPercent = in.Discount.Amount, in.Discount.Percent
		if o.DiscountReason, err = db.Text("discount.reason", in.Discount.Reason, 200); err != nil {
			return nil, err
		}
	}
	if err := o.who(tx, in); err != nil {
		return nil, err
	}
	if err := o.what(tx, in.Lines); err != nil {
		return nil, err
	}
	if err := price(o, in.Lines, in.Discount); err != nil {
		return nil, err
	}
	if o.Discount > 0 {
		if err := tx.Allow(db.DiscountLimit, int64(o.discountRate()), o.LocationID); err != nil {
			return nil, db.Blame(err, "discount")
		}
	}
	o.settle()
	return o, settings.Freeze(tx, s)
}

// who finds the customer of an order, or makes them from what was typed. The
// order names them as typed; what is known of them stays as it is.
func (o *Order) who(tx *db.Tx, in NewOrder) error {
	var c *customers.Customer
	var typed customers.Contact
	var err error
	switch {
	case in.CustomerID != nil:
		c, err = customers.In(tx, *in.CustomerID)
		err = db.Blame(err, "customerId")
	case in.Customer != nil:
		c, err = customers.Match(tx, *in.Customer)
		err = db.Blame(err, "customer")
	}
	if err != nil || c == nil {
		return err
	}
	if in.Customer != nil {
		if typed, err = contact(*in.Customer); err != nil {
			return db.Blame(err, "customer")
		}
	}
	o.CustomerID = &c.ID
	o.CustomerName, o.CustomerEmail, o.CustomerPhone = cmp.Or(typed.Name, c.Name), cmp.Or(typed.Email, c.Email), cmp.Or(typed.Phone, c.Phone)
	o.Customer = &OrderCustomer{ID: &c.ID, Name: o.CustomerName, Email: o.CustomerEmail, Phone: o.CustomerPhone}
	return nil
}

// contact checks what was typed beside a known customer.
func contact(c customers.Contact) (checked customers.Contact, err error) {
	if checked.Name, err = db.Text("name", c.Name, 200); err != nil {
		return checked, err
	}
	if checked.Email, err = customers.Email("email", c.Email); err != nil {
		return checked, err
	}
	checked.Phone, err = db.Text("phone", c.Phone, 50)
	return checked, err
}

// what fills the lines from the catalogue as it is now.
func (o *Order) what(tx *db.Tx, lines []NewLine) error {
	for i, l := range lines {
		v, err := catalog.ForSale(tx, l.VariantID)
		if err != nil {
			return db.Blame(err, "lines[%d].variantId", i)
		}
		o.Lines[i] = OrderLine{VariantID: v.VariantID, SKU: v.SKU, Name: v.Product, Options: v.Options, Quantity: l.Quantity, UnitPrice: v.Price,
			Cost: v.Cost, TaxRate: v.TaxRate, Tracked: v.Tracked, Backorder: v.Policy == catalog.Backorder}
		o.Lines[i].show(tx.Actor)
	}
	return nil
}

// discountRate is how much of an order all its discounts take, in thousandths of a percent, rounded up: a limit is not
// undercut by a fraction.
func (o *Order) discountRate() money.Rate {
	whole := new(big.Int).Mul(big.NewInt(int64(o.Discount)), big.NewInt(100_000))
	rate, rest := whole.QuoRem(whole, big.NewInt(int64(o.Subtotal)), new(big.Int))
	if rest.Sign() > 0 {
		return money.Rate(rate.Int64() + 1)
	}
	return money.Rate(rate.Int64())
}

func newToken() string {
	var b [18]byte
	rand.Read(b[:]) //nolint:errcheck // crypto/rand.Read never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
