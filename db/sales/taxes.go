package sales

import (
	"cmp"
	"slices"

	"onhand/db/money"
)

// TaxSum is what was sold at one tax rate.
type TaxSum struct {
	Rate money.Rate   `json:"rate" doc:"thousandths of a percent"`
	Net  money.Amount `json:"net"`
	Tax  money.Amount `json:"tax"`
}

// TaxSums are an order's amounts as sold by tax rate, shipping's among them, the highest rate first. They add up to its total.
func (o *Order) TaxSums() []TaxSum {
	var sums taxSums
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

// taxSums are sums in the making.
type taxSums []TaxSum

func (s *taxSums) add(rate money.Rate, net, tax money.Amount) {
	i := slices.IndexFunc(*s, func(t TaxSum) bool { return t.Rate == rate })
	if i < 0 {
		*s = append(*s, TaxSum{Rate: rate, Net: net, Tax: tax})
		return
	}
	(*s)[i].Net += net
	(*s)[i].Tax += tax
}

func (s taxSums) sorted() []TaxSum {
	slices.SortFunc(s, func(a, b TaxSum) int { return cmp.Compare(b.Rate, a.Rate) })
	return s
}
