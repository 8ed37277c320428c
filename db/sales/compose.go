package sales

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
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
		Actor: tx.Actor.Name, Version: 1, PaymentMethod: in.PaymentMethod,
		Lines: make([]OrderLine, len(in.Lines)), Fulfilments: []Fulfilment{}, Payments: []Payment{}, Returns: []Return{}, Tags: []string{},
	}
	if in.Draft {
		o.Status, o.BusinessDate, o.PlacedAt = Draft, nil, nil
	}
	if o.Note, err = db.Note("note", in.Note, 2000); err != nil {
		return nil, err
	}
	if o.Language, err = language(in.Language); err != nil {
		return nil, err
	}
	if o.Address, err = in.Address.Check(); err != nil {
		return nil, db.Blame(err, "address")
	}
	if err := o.promise(today, in.PromisedOn); err != nil {
		return nil, err
	}
	if err := o.ask(in.Discount); err != nil {
		return nil, err
	}
	if err := o.who(tx, in.CustomerID, in.Customer); err != nil {
		return nil, err
	}
	if err := o.what(tx, in.Lines); err != nil {
		return nil, err
	}
	o.ship(s, in.Shipping)
	if err := o.priceWith(tx, in); err != nil {
		return nil, err
	}
	if err := o.allowDiscount(tx, 0); err != nil {
		return nil, err
	}
	o.sumTaxes(s)
	o.settle()
	o.hold(tx, s)
	o.ring(tx)
	return o, settings.Freeze(tx, s)
}

// ship sets what shipping costs. Without a rate it keeps the one it was taxed at; what was free until now is taxed as the shop does.
func (o *Order) ship(s *settings.Settings, in *NewShipping) {
	if in == nil {
		return
	}
	free := o.Shipping == 0
	switch o.Shipping = in.Price; {
	case in.TaxRate != nil:
		o.ShippingTaxRate = *in.TaxRate
	case free && in.Price > 0:
		var goods money.Rate
		for _, l := range o.Lines {
			goods = max(goods, l.TaxRate)
		}
		o.ShippingTaxRate = s.ShippingRate(goods)
	}
}

// priceWith prices a new order with its discount, be it by hand or of a code.
func (o *Order) priceWith(tx *db.Tx, in NewOrder) error {
	if in.DiscountCode == "" {
		return o.price()
	}
	if in.Discount != nil {
		return codeAndDiscount()
	}
	c, err := o.takeCode(tx, in.DiscountCode)
	if err != nil {
		return err
	}
	if err := o.price(); err != nil {
		return err
	}
	return c.suits(o)
}

// who finds the customer of an order, or makes them from what was typed. The
// order names them as typed; what is known of them stays as it is.
func (o *Order) who(tx *db.Tx, id *int64, named *customers.Contact) error {
	var c *customers.Customer
	var typed customers.Contact
	var err error
	switch {
	case id != nil:
		c, err = customers.In(tx, *id)
		err = db.Blame(err, "customerId")
	case named != nil:
		c, err = customers.Match(tx, *named)
		err = db.Blame(err, "customer")
	}
	if err != nil || c == nil {
		return err
	}
	if named != nil {
		if typed, err = contact(*named); err != nil {
			return db.Blame(err, "customer")
		}
	}
	o.CustomerID, o.NewBuyer = &c.ID, id == nil && c.Email == ""
	o.CustomerName, o.CustomerEmail, o.CustomerPhone = cmp.Or(typed.Name, c.Name), cmp.Or(typed.Email, c.Email), cmp.Or(typed.Phone, c.Phone)
	o.Customer = &OrderCustomer{ID: &c.ID, Name: o.CustomerName, Email: o.CustomerEmail, Phone: o.CustomerPhone}
	return nil
}

// language checks the one that a customer reads; empty is the shop's.
func language(code string) (string, error) {
	if code != "" && !slices.Contains(settings.Languages, code) {
		return "", db.Refuse("unknown_language", "language", "Choose one of %s.", strings.Join(settings.Languages, ", "))
	}
	return code, nil
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
func (o *Order) what(tx *db.Tx, lines []NewLine) (err error) {
	for i, l := range lines {
		if o.Lines[i], err = newLine(tx, l, fmt.Sprintf("lines[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

// newLine is a line at today's price, standing at a place in the input.
func newLine(tx *db.Tx, in NewLine, at string) (OrderLine, error) {
	v, err := catalog.ForSale(tx, in.VariantID)
	if err != nil {
		return OrderLine{}, db.Blame(err, "%s.variantId", at)
	}
	l := OrderLine{VariantID: v.VariantID, SKU: v.SKU, Name: v.Product, Options: v.Options, Quantity: in.Quantity, UnitPrice: v.Price,
		Cost: v.Cost, TaxRate: v.TaxRate, Tracked: v.Tracked, Backorder: v.Policy == catalog.Backorder, InDiscount: true, At: at}
	l.show(tx.Actor)
	return l, l.ask(in.Discount)
}

// ask gives the whole order a discount by hand, in place of what it had, be it a code's.
func (o *Order) ask(d *NewDiscount) (err error) {
	o.DiscountCode, o.DiscountCodeID = "", nil
	if o.DiscountAmount, o.DiscountPercent, err = d.asked(); err != nil {
		return db.Blame(err, "discount")
	}
	if o.DiscountReason = ""; d != nil {
		o.DiscountReason, err = db.Text("discount.reason", d.Reason, 200)
	}
	return err
}

// allowDiscount asks for approval where the discounts take more of the order than they did and than the actor may give.
func (o *Order) allowDiscount(tx *db.Tx, before money.Rate) error {
	rate := o.discountRate()
	if rate <= before {
		return nil
	}
	return db.Blame(tx.Allow(db.DiscountLimit, int64(rate), o.LocationID), "discount")
}

// discountRate is how much of an order the discounts by hand take, in thousandths of a percent, rounded up: a limit is not
// undercut by a fraction. What a code takes, the shop has promised; what came back takes part in neither side.
func (o *Order) discountRate() money.Rate {
	byHand, goods := o.byHand()
	if byHand == 0 {
		return 0
	}
	whole := new(big.Int).Mul(big.NewInt(int64(byHand)), big.NewInt(100_000))
	rate, rest := whole.QuoRem(whole, big.NewInt(int64(goods)), new(big.Int))
	if rest.Sign() > 0 {
		return money.Rate(rate.Int64() + 1)
	}
	return money.Rate(rate.Int64())
}

// byHand is what discounts by hand take off the goods that have not come back, and what those cost before.
func (o *Order) byHand() (off, goods money.Amount) {
	for i := range o.Lines {
		l := &o.Lines[i]
		goods += l.UnitPrice*money.Amount(l.Quantity) - l.Sealed.gross(l)
		off += l.Discount - l.Sealed.Discount + l.OrderDiscount - l.Sealed.OrderDiscount
		if o.DiscountCodeID != nil {
			off -= l.FromOrder + l.OrderDiscount - l.Sealed.OrderDiscount
		}
	}
	return off, goods
}

func newToken() string {
	var b [18]byte
	rand.Read(b[:]) //nolint:errcheck // crypto/rand.Read never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
