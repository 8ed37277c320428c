package sales

import (
	"cmp"
	"slices"

	"onhand/db/money"
	"onhand/db/settings"
)

// TaxSum is what was sold at one tax rate.
type TaxSum struct {
	Rate  money.Rate   `json:"rate" doc:"thousandths of a percent"`
	Name  string       `json:"name,omitempty" doc:"what the shop calls this rate now, on a document when it was issued; absent where it has no name for it, or several"`
	Net   money.Amount `json:"net"`
	Tax   money.Amount `json:"tax"`
	Gross money.Amount `json:"gross"`
}

// TaxSums are an order's amounts as sold by tax rate, shipping's among them, the highest rate first. They add up to its total.
func (o *Order) TaxSums() []TaxSum {
	sums := taxSums{}
	rest := o.Total
	for _, l := range o.Lines {
		sums.add(l.TaxRate, l.Total-l.Tax, l.Tax)
		rest -= l.Total
	}
	if o.Shipping > 0 {
		sums.add(o.ShippingTaxRate, rest-o.ShippingTax, o.ShippingTax)
	}
	return sums.sorted()
}

// sumTaxes fills in the sums by rate, with the names that the shop has for them.
func (o *Order) sumTaxes(s *settings.Settings) {
	o.Taxes = o.TaxSums()
	nameTaxes(o.Taxes, s)
}

func nameTaxes(sums []TaxSum, s *settings.Settings) {
	for i := range sums {
		sums[i].Name = s.TaxRates.NameOf(sums[i].Rate)
	}
}

// taxSums are sums in the making.
type taxSums []TaxSum

func (s *taxSums) add(rate money.Rate, net, tax money.Amount) {
	i := slices.IndexFunc(*s, func(t TaxSum) bool { return t.Rate == rate })
	if i < 0 {
		*s = append(*s, TaxSum{Rate: rate, Net: net, Tax: tax, Gross: net + tax})
		return
	}
	(*s)[i].Net += net
	(*s)[i].Tax += tax
	(*s)[i].Gross += net + tax
}

func (s taxSums) sorted() []TaxSum {
	slices.SortFunc(s, func(a, b TaxSum) int { return cmp.Compare(b.Rate, a.Rate) })
	return s
}
