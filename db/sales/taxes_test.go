package sales_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
)

func (s *shop) rates(in settings.Change) {
	s.t.Helper()
	if _, err := settings.Save(s.Ctx, s.DB, in); err != nil {
		s.t.Fatal(err)
	}
}

// shipsFor is shipping for a price, taxed as the shop does.
func shipsFor(price money.Amount) *sales.NewShipping { return &sales.NewShipping{Price: price} }

func TestAnOrderSaysItsTaxByRate(t *testing.T) {
	t.Parallel()
	for _, excluded := range []bool{false, true} {
		s := open(t)
		s.keepBooks("EUR", !excluded)
		s.rates(settings.Change{TaxRates: &settings.TaxRates{{Name: "Standard", Rate: 19_000}, {Name: "None"}}})
		in := s.web("cash", line(s.untracked("BREAD", 349, 7_000), 3), line(s.untracked("MUG", 1250, 19_000), 1), line(s.untracked("BOOK", 999, 0), 1), line(s.untracked("CUP", 333, 19_000), 1))
		in.Discount, in.Shipping = amount(77), &sales.NewShipping{Price: 490, TaxRate: ptr(money.Rate(19_000))}
		placed := s.place(in)
		o := s.order(placed.ID)
		if diff := cmp.Diff(placed.Taxes, o.Taxes); diff != "" {
			t.Errorf("as it was placed and as it is read:\n%s", diff)
		}
		var names []string
		var net, tax, gross money.Amount
		for _, sum := range o.Taxes {
			names = append(names, sum.Name)
			net, tax, gross = net+sum.Net, tax+sum.Tax, gross+sum.Gross
		}
		if !cmp.Equal(names, []string{"Standard", "", "None"}) || tax != o.Tax || gross != o.Total || net != o.Total-o.Tax {
			t.Errorf("%v: %d net, %d tax and %d gross of %d with %d", names, net, tax, gross, o.Total, o.Tax)
		}
		tracked, err := sales.Track(s.Ctx, s.DB, o.Token)
		if diff := cmp.Diff(o.Taxes, must(s, tracked, err).Taxes); diff != "" {
			t.Errorf("behind its link:\n%s", diff)
		}
		s.rates(settings.Change{TaxRates: &settings.TaxRates{{Name: "Full", Rate: 19_000}}})
		if got := s.order(o.ID); got.Taxes[0].Name != "Full" || got.Version != o.Version || got.Total != o.Total {
			t.Errorf("another name makes %+v", got.Taxes[0])
		}
	}
}

// A receipt's tax is of what was kept: what came back and what was given for goodwill is in it no more.
func TestWhatIsLeftOfATaxIsOfWhatWasKept(t *testing.T) {
	t.Parallel()
	for _, included := range []bool{true, false} {
		s := open(t)
		s.keepBooks("EUR", included)
		s.rates(settings.Change{TaxRates: &settings.TaxRates{{Name: "Reduced", Rate: 7_000}}})
		in := s.counter(line(s.untracked("BREAD", 349, 7_000), 3), line(s.untracked("MUG", 1250, 19_000), 1))
		in.Shipping, in.Fulfil = &sales.NewShipping{Price: 490, TaxRate: ptr(money.Rate(19_000))}, true
		o := s.place(in)
		o = s.pay(o.ID, o.Due)
		if o.TaxesLeft != nil {
			t.Errorf("before anything came back %+v", o.TaxesLeft)
		}
		o = s.returned(o, 2)
		left := s.order(o.ID).TaxesLeft
		if sum := left[1]; sum.Name != "Reduced" || sum.Rate != 7_000 || sum.Tax != o.Lines[0].Tax-o.Returns[0].Lines[0].Tax || sum.Gross != o.Lines[0].Total-o.ReturnedTotal {
			t.Errorf("of the bread %+v", sum)
		}
		if diff := cmp.Diff(o.Taxes[:1], left[:1]); diff != "" {
			t.Errorf("of the others:\n%s", diff)
		}
		s.refund(o.ID, sales.NewRefund{Amount: 300, Allowance: true})
		var gross, tax, books money.Amount
		left = s.order(o.ID).TaxesLeft
		if len(left) != len(o.Taxes) {
			t.Errorf("after goodwill there are %d rates of %d", len(left), len(o.Taxes))
		}
		for _, sum := range left {
			gross, tax = gross+sum.Gross, tax+sum.Tax
		}
		for _, e := range s.entries(o.ID) {
			books += e.Tax
		}
		if gross != o.Total-o.ReturnedTotal-300 || tax != books {
			t.Errorf("after goodwill %d with %d, the books say %d", gross, tax, books)
		}
	}
}

func TestShippingWithoutARateIsTaxedAsTheShopDoes(t *testing.T) {
	t.Parallel()
	s := open(t)
	bread, mug := s.untracked("BREAD", 349, 7_000), s.untracked("MUG", 1250, 19_000)
	sold := func(lines ...sales.NewLine) *sales.Order {
		in := s.counter(lines...)
		in.Shipping = shipsFor(500)
		return s.place(in)
	}
	if both, food := sold(line(bread, 1), line(mug, 1)), sold(line(bread, 1)); both.ShippingTaxRate != 19_000 || food.ShippingTaxRate != 7_000 {
		t.Errorf("as the goods: %v and %v", both.ShippingTaxRate, food.ShippingTaxRate)
	}
	s.rates(settings.Change{ShippingTaxRate: money.SomeRate(ptr(money.Rate(10_000)))})
	o := sold(line(mug, 1))
	if o.ShippingTaxRate != 10_000 || o.ShippingTax != 45 {
		t.Errorf("its own: %v, %d", o.ShippingTaxRate, o.ShippingTax)
	}
	s.rates(settings.Change{ShippingTaxRate: money.SomeRate(ptr(money.Rate(0)))})
	if free := sold(line(mug, 1)); free.ShippingTax != 0 {
		t.Errorf("a rate of nothing takes %d", free.ShippingTax)
	}
	if dearer := s.edit(o.ID, sales.OrderChange{Shipping: shipsFor(600)}); dearer.ShippingTaxRate != 10_000 {
		t.Errorf("an edit taxes it anew: %v", dearer.ShippingTaxRate)
	}
	in := s.counter(line(mug, 1))
	if added := s.edit(s.place(in).ID, sales.OrderChange{Shipping: shipsFor(600)}); added.ShippingTaxRate != 0 || added.Shipping != 600 {
		t.Errorf("added by an edit: %v", added.ShippingTaxRate)
	}
	s.Doctor(t)
}

// Goodwill on the shipping is taxed as the shipping is: at another rate it is shared anew.
func TestGoodwillFollowsTheRateOfTheShipping(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.counter(line(s.untracked("MUG", 10_000, 19_000), 1))
	in.Channel = sales.Phone
	in.Shipping = &sales.NewShipping{Price: 10_000, TaxRate: ptr(money.Rate(7_000))}
	o := s.place(in)
	o = s.pay(o.ID, o.Due)
	o = s.refund(o.ID, sales.NewRefund{Method: "cash", Amount: 10_000, Allowance: true})
	if len(o.TaxesLeft) != 2 || o.TaxesLeft[1].Gross != 5000 {
		t.Fatalf("%+v", o.TaxesLeft)
	}
	o = s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{Price: 10_000, TaxRate: ptr(money.Rate(19_000))}})
	want := []sales.TaxSum{{Rate: 19_000, Net: 8403, Tax: 1597, Gross: 10_000}}
	if diff := cmp.Diff(want, o.TaxesLeft); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Doctor(t)
}
