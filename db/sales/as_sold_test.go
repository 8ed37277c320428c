package sales_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/sales"
)

// shown is an order in every way that this room shows it, by the name of the way.
func (s *shop) shown(o *sales.Order) map[string]string {
	s.t.Helper()
	page, err := sales.Orders(s.Ctx, s.DB, sales.OrderFilter{})
	list := must(s, page, err)
	moves, err := sales.Timeline(s.Ctx, s.DB, o.ID, db.List{})
	timeline := must(s, moves, err)
	tracked, err := sales.Track(s.Ctx, s.DB, o.Token)
	track := must(s, tracked, err)
	var picked, mails []string
	picks, err := sales.PickListOf(s.Ctx, s.DB, []int64{o.ID})
	for _, p := range must(s, picks, err).Picks {
		picked = append(picked, p.SKU+" "+p.Name)
	}
	err = db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&mails, "SELECT facts FROM outbox WHERE order_id = ?1 ORDER BY id", o.ID)
	})
	now := s.order(o.ID)
	return map[string]string{
		"the order": wire(s.t, now), "the list": wire(s.t, list), "the timeline": wire(s.t, timeline), "tracking": wire(s.t, track),
		"the pick list": wire(s.t, picked), "the mails": wire(s.t, must(s, mails, err)), "a parcel": wire(s.t, now.Contents(nil)), "the tax by rate": wire(s.t, now.TaxSums()),
		"its entries": wire(s.t, s.entries(o.ID)),
	}
}

func TestAnOrderStaysAsSoldWhateverBecomesOfItsProducts(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Blue mug", TaxRate: ptr(money.Rate(19_000)), Category: "Kitchen", Brand: "Acme", Options: []string{"Size"},
		Variants: []catalog.NewVariant{{SKU: "MUG-L", Price: 1250, Cost: ptr(money.Amount(600)), Options: map[string]string{"Size": "L"}}}})
	p = must(s, p, err)
	mug := p.Variants[0].ID
	s.Receive(mug, 50)
	in := s.counter(sales.NewLine{VariantID: mug, Quantity: 4, Discount: percent(10_000)})
	in.Channel, in.Customer = sales.Phone, &customers.Contact{Name: "Grace", Email: "grace@example.com"}
	in.Discount = amount(100)
	o := s.place(in)
	o = s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}})
	first := []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 1}}
	o = s.fulfil(o.ID, sales.NewFulfilment{Lines: first, Ship: true})

	was := s.shown(o)
	change := func(c catalog.ProductChange) func() error {
		return func() error { _, err := catalog.Update(s.Ctx, s.DB, p.ID, c); return err }
	}
	of := func(v catalog.VariantChange) catalog.ProductChange {
		v.ID = mug
		return catalog.ProductChange{Variants: []catalog.VariantChange{v}}
	}
	for _, c := range []struct {
		what string
		do   func() error
	}{
		{"renamed", change(catalog.ProductChange{Name: ptr("Red cup"), Description: ptr("Not blue."), Category: ptr("Garden"), Brand: ptr("Other")})},
		{"repriced", change(of(catalog.VariantChange{Price: ptr(money.Amount(9900)), SalePrice: money.Some(ptr(money.Amount(50)))}))},
		{"taxed otherwise", change(catalog.ProductChange{TaxRate: ptr(money.Rate(7_000))})},
		{"of another cost", change(of(catalog.VariantChange{Cost: money.Some(ptr(money.Amount(1)))}))},
		{"given another SKU and size", change(of(catalog.VariantChange{SKU: ptr("CUP-S"), Options: map[string]string{"Size": "S"}}))},
		{"let wait for stock", change(of(catalog.VariantChange{Policy: ptr(catalog.Backorder)}))},
		{"archived", func() error { _, err := catalog.Archive(s.Ctx, s.DB, p.ID); return err }},
	} {
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if diff := cmp.Diff(was, s.shown(o)); diff != "" {
			t.Errorf("a product that is %s moves its order (-before +after):\n%s", c.what, diff)
		}
	}

	// What is done to the order from here on is of what was sold, too.
	line := o.Lines[0]
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(line, 2)}})
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	o = s.returned(s.pay(o.ID, o.Due), 1)
	if l := o.Lines[0]; l.Name != "Blue mug" || l.SKU != "MUG-L" || l.UnitPrice != 1250 || l.TaxRate != 19_000 || *l.UnitCost != 600 || o.Total != 2*1250-250-100+500 {
		t.Errorf("%+v of an order of %d", l, o.Total)
	}
	if got := o.Returns[0].Total; got != line.UnitPrice-125-50 {
		t.Errorf("what came back is worth %d", got)
	}
	for name, text := range s.shown(o) {
		for _, fresh := range []string{"Red cup", "CUP-S", "9900", "99.00"} {
			if strings.Contains(text, fresh) {
				t.Errorf("%s names %s: %s", name, fresh, text)
			}
		}
	}
	s.Doctor(t)
}
