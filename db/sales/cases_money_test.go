package sales_test

import (
	"encoding/json"
	"slices"
	"strings"

	"onhand/db/money"
	"onhand/db/sales"
)

// The sources' words for a rate.
var rates = map[string]money.Rate{"standard": 20_000, "reduced": 10_000, "zero": 0}

// figures are an order's sums by the names of Vendure, where a name alone is without tax.
func figures(o *sales.Order) map[string]money.Amount {
	f := map[string]money.Amount{"total": o.Total - o.Tax, "total_with_tax": o.Total, "subtotal": 0, "subtotal_with_tax": 0}
	for _, l := range o.Lines {
		f["subtotal"] += l.Total - l.Tax
		f["subtotal_with_tax"] += l.Total
	}
	f["shipping_with_tax"] = o.Total - f["subtotal_with_tax"]
	f["shipping"] = f["shipping_with_tax"] - o.ShippingTax
	return f
}

// agrees holds an order to each figure that a case names.
func (s *shop) agrees(o *sales.Order, want map[string]money.Amount) {
	s.t.Helper()
	got := figures(o)
	for name, amount := range want {
		if a, known := got[name]; !known || a != amount {
			s.t.Errorf("%s is %d, want %d", name, a, amount)
		}
	}
}

// asked is the order of a case that Vendure published.
func (s *shop) asked(c publishedCase, changes ...change) sales.NewOrder {
	s.t.Helper()
	var items []item
	for _, l := range c.Given.Lines {
		items = append(items, item{price: l.ListPrice, quantity: l.Qty, rate: rates[l.Tax]})
	}
	in := s.items(strings.Contains(c.Given.Basis, "INCLUDE"), items...)
	for _, change := range changes {
		change(&in)
	}
	return in
}

func totals(changes ...change) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		s.agrees(s.place(s.asked(c, changes...)), then[map[string]money.Amount](s, c))
	}
}

// surcharge is a line of its own, for something that is not kept in stock.
func surcharge(price money.Amount, r money.Rate) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		in := s.asked(c)
		in.Lines = append(in.Lines, line(s.untracked("EXTRA", price, r), 1))
		s.agrees(s.place(in), then[map[string]money.Amount](s, c))
	}
}

func freeShipping(s *shop, c publishedCase) {
	o := s.place(s.asked(c, ships(500)))
	s.agrees(s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{}}), then[map[string]money.Amount](s, c))
}

func ofALine(s *shop, c publishedCase) {
	o := s.place(s.asked(c))
	l := o.Lines[0]
	got := map[string]money.Amount{"unit_price": l.UnitPrice, "unit_price_with_tax": l.Total / money.Amount(l.Quantity), "line_price": l.Total - l.Tax,
		"line_tax": l.Tax, "line_price_with_tax": l.Total, "total": o.Total - o.Tax, "total_with_tax": o.Total}
	for name, want := range then[map[string]money.Amount](s, c) {
		if got[name] != want {
			s.t.Errorf("%s is %d, want %d", name, got[name], want)
		}
	}
}

// thirdUnit takes 10 % off the order, and with a third unit half of its line before that.
func thirdUnit(s *shop, c publishedCase) {
	type sums struct {
		Subtotal     money.Amount
		TotalWithTax money.Amount `json:"total_with_tax"`
	}
	want := then[struct {
		Two   sums `json:"at_qty_2"`
		Three sums `json:"at_qty_3"`
	}](s, c)
	o := s.place(s.asked(c, off(percent(10_000))))
	s.agrees(o, map[string]money.Amount{"subtotal": want.Two.Subtotal, "total_with_tax": want.Two.TotalWithTax})
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 3, Discount: percent(50_000)}}})
	s.agrees(o, map[string]money.Amount{"subtotal": want.Three.Subtotal, "total_with_tax": want.Three.TotalWithTax})
}

func itemThenOrder(s *shop, c publishedCase) {
	want := then[map[string]map[string]money.Amount](s, c)
	o := s.place(s.asked(c, eachOff(10_000)))
	s.agrees(o, want["item_only"])
	s.agrees(s.edit(o.ID, sales.OrderChange{Discount: percent(10_000)}), want["both"])
}

func summary(s *shop, c publishedCase) {
	want := then[struct {
		Summary []struct {
			Rate      json.Number
			Base, Tax money.Amount
		}
	}](s, c)
	got := s.place(s.asked(c)).TaxSums()
	if len(got) != len(want.Summary) {
		s.t.Fatalf("%d rates: %+v", len(got), got)
	}
	for i, w := range want.Summary {
		if got[i] != (sales.TaxSum{Rate: rate(w.Rate), Net: w.Base, Tax: w.Tax, Gross: w.Base + w.Tax}) {
			s.t.Errorf("%+v, want %+v", got[i], w)
		}
	}
}

// inDecimals is the order of a case that Saleor published, without its discounts.
func (s *shop) inDecimals(c publishedCase) sales.NewOrder {
	s.t.Helper()
	var items []item
	for _, l := range c.Given.Lines {
		items = append(items, item{price: cents(l.UnitPrice), quantity: l.Qty, rate: rate(l.Rate)})
	}
	return s.items(false, items...)
}

func decimals(s *shop, c publishedCase) {
	want := then[struct{ Subtotal, Tax, Total json.Number }](s, c)
	if o := s.place(s.inDecimals(c)); o.Subtotal != cents(want.Subtotal) || o.Tax != cents(want.Tax) || o.Total != cents(want.Total) {
		s.t.Errorf("%d and %d of tax are %d, want %+v", o.Subtotal, o.Tax, o.Total, want)
	}
}

// discountedLater gives a line its discount by an edit, so that the tax before it can be seen.
func discountedLater(s *shop, c publishedCase) {
	want := then[struct {
		Subtotal, Tax, Total json.Number
		Discount             json.Number `json:"discount_subtotal"`
		DiscountTax          json.Number `json:"discount_tax"`
		OriginalTax          json.Number `json:"original_tax"`
	}](s, c)
	full := s.place(s.inDecimals(c))
	o := s.edit(full.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: full.Lines[0].ID, Quantity: full.Lines[0].Quantity, Discount: amount(cents(c.Given.Lines[0].OffNet))}}})
	got := []money.Amount{o.Subtotal, o.Tax, o.Total, o.Discount, full.Tax - o.Tax, full.Tax}
	for i, n := range []json.Number{want.Subtotal, want.Tax, want.Total, want.Discount, want.DiscountTax, want.OriginalTax} {
		if got[i] != cents(n) {
			s.t.Errorf("%v, want %+v", got, want)
		}
	}
}

func onePrice(s *shop, c publishedCase) {
	want := then[struct{ Tax, Net, Gross json.Number }](s, c)
	o := s.place(s.items(c.Given.Included || c.Given.EnteredWithTax, item{price: cents(c.Given.Price), quantity: 1, rate: rate(c.Given.RatePercent)}))
	if want.Tax != "" && o.Tax != cents(want.Tax) || want.Net != "" && o.Total-o.Tax != cents(want.Net) || want.Gross != "" && o.Total != cents(want.Gross) {
		s.t.Errorf("%d with %d of tax, want %+v", o.Total, o.Tax, want)
	}
}

func taxOfShipping(s *shop, c publishedCase) {
	in := s.items(c.Given.Included, item{quantity: 1})
	in.Shipping = &sales.NewShipping{Price: cents(c.Given.Price), TaxRate: ptr(rate(c.Given.RatePercent))}
	if o := s.place(in); o.ShippingTax != cents(then[struct{ Tax json.Number }](s, c).Tax) || o.Tax != o.ShippingTax {
		s.t.Errorf("a tax of %d, of %d in all", o.ShippingTax, o.Tax)
	}
}

// sameRate is of orders whose lines are taxed at one rate, or at none in another category.
func sameRate(s *shop, c publishedCase) {
	var items []item
	for _, l := range c.Given.Lines {
		it := item{price: cents(l.Price), quantity: l.Qty, rate: rate(c.Given.RatePercent)}
		if l.Category == "other" {
			it.rate = 0
		}
		if l.Off != "" {
			it.off = amount(cents(l.Off))
		}
		items = append(items, it)
	}
	want := cents(then[struct{ Tax json.Number }](s, c).Tax)
	if o := s.place(s.items(c.Given.Included, items...)); o.Tax != want {
		s.t.Errorf("a tax of %d, want %d", o.Tax, want)
	}
}

func percentEach(s *shop, c publishedCase) {
	var items []item
	for _, p := range c.Given.UnitPrices {
		items = append(items, item{price: cents(p), quantity: 1, off: percent(rate(c.Given.DiscountPercent))})
	}
	want := then[struct {
		LineDiscounts []json.Number `json:"line_discounts"`
		Sum           json.Number
	}](s, c)
	o := s.place(s.items(true, items...))
	for i, l := range o.Lines {
		if l.Discount != cents(want.LineDiscounts[i]) {
			s.t.Errorf("line %d: %d, want %s", i, l.Discount, want.LineDiscounts[i])
		}
	}
	if o.Discount != cents(want.Sum) {
		s.t.Errorf("%d in all, want %s", o.Discount, want.Sum)
	}
}

// shared shares an amount over lines, as a discount of the order where it can be one.
func shared(s *shop, c publishedCase) {
	expected := then[struct {
		Shares   []caseAmount
		AnyOrder []caseAmount `json:"shares_any_order"`
	}](s, c)
	var want, weights []money.Amount
	for _, a := range append(expected.Shares, expected.AnyOrder...) {
		want = append(want, a.Amount)
	}
	for _, a := range c.Given.Weights {
		weights = append(weights, a.Amount)
	}
	same := func(got []money.Amount) {
		if expected.AnyOrder != nil {
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			s.t.Errorf("shares %v, want %v", got, want)
		}
	}
	total := c.Given.Total.Amount
	shares, err := money.Prorate(total, weights)
	same(must(s, shares, err))
	if total < 0 || total > sumOf(weights) {
		return
	}
	var items []item
	for _, w := range weights {
		items = append(items, item{price: w, quantity: 1})
	}
	in := s.items(true, items...)
	in.Discount = amount(total)
	var got []money.Amount
	for _, l := range s.place(in).Lines {
		got = append(got, l.OrderDiscount)
	}
	same(got)
}

// coupons gives the last coupon to the order, and a percentage before it to each line.
func coupons(s *shop, c publishedCase) {
	var items []item
	for _, l := range c.Lines {
		items = append(items, item{price: cents(l.Price), quantity: l.Qty, rate: rate(c.TaxRatePercent)})
	}
	in := s.items(c.PricesIncludeTax, items...)
	for i, coupon := range c.Coupons {
		n := json.Number(coupon.Amount)
		switch last := i == len(c.Coupons)-1; {
		case coupon.Type == "fixed_cart" && last:
			in.Discount = amount(cents(n))
		case coupon.Type == "percent" && last:
			in.Discount = percent(rate(n))
		case coupon.Type == "percent" && i == 0:
			eachOff(rate(n))(&in)
		default:
			s.t.Fatalf("coupon %+v has no place", coupon)
		}
	}
	if o := s.place(in); o.Discount != cents(c.ExpectedDiscount) {
		s.t.Errorf("%d off, want %s", o.Discount, c.ExpectedDiscount)
	}
}
