package sales

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"onhand/db"
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

// fillTaxesLeft fills in what returns and allowances left of the sums by rate, once those are there.
func fillTaxesLeft(tx *db.Tx, orders []Order, at map[int64]*Order, s *settings.Settings) error {
	var ids []int64
	for _, o := range orders {
		if o.ReturnedTotal != 0 || o.Allowances != 0 {
			ids = append(ids, o.ID)
		}
	}
	if ids == nil {
		return nil
	}
	in, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var rows []struct {
		OrderID  int64
		TaxRate  money.Rate
		Tax, Net money.Amount
	}
	err = tx.Select(&rows, `SELECT e.order_id, coalesce(l.tax_rate, o.shipping_tax_rate) AS tax_rate, sum(e.tax) AS tax, sum(e.total - e.tax) AS net
		FROM sale_entries e JOIN orders o ON o.id = e.order_id LEFT JOIN order_lines l ON l.id = e.line_id
		WHERE e.order_id IN (SELECT value FROM json_each(?1)) AND e.kind IN ('return', 'allowance') GROUP BY 1, 2`, string(in))
	if err != nil {
		return fmt.Errorf("read what is left of taxes: %w", err)
	}
	left := map[int64]taxSums{}
	for _, id := range ids {
		left[id] = slices.Clone(at[id].Taxes)
	}
	for _, r := range rows {
		sums := left[r.OrderID]
		sums.add(r.TaxRate, r.Net, r.Tax)
		left[r.OrderID] = sums
	}
	for id, sums := range left {
		at[id].TaxesLeft = sums.sorted()
		nameTaxes(at[id].TaxesLeft, s)
	}
	return nil
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
