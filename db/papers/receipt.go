package papers

import (
	"io"

	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
)

// Receipt writes what a customer takes along from the counter: what was bought, what came back, and how it was paid. It is as wide
// as the shop's printer and ends after its last line.
func Receipt(w io.Writer, d Paper, shop *settings.Settings, o *sales.Order) error {
	r := d.newRoll(shop.ReceiptWidth, o.Currency)
	r.centered(shop.Name, bold, r.size+4)
	for _, s := range lines(shop.Address) {
		r.centered(s, "", r.size)
	}
	if shop.TaxNumber != "" {
		r.centered(r.say("tax_number", "number", shop.TaxNumber), "", r.size)
	}
	r.space(2)
	r.pair(r.say("receipt", "number", o.Number), "", bold, r.size, 0)
	at := o.CreatedAt
	if o.PlacedAt != nil {
		at = *o.PlacedAt
	}
	r.pair(r.moment(at), "", "", r.size, 0)
	if o.Actor != "" {
		r.pair(r.say("served_by", "name", o.Actor), "", "", r.size, 0)
	}
	if o.Status == sales.Cancelled || o.Status == sales.Expired {
		r.space(1)
		r.centered(r.say(string(o.Status)), bold, r.size+2)
	}
	r.goods(o)
	r.totals(o)
	r.paid(o)
	if rates := o.TaxesLeft; rates != nil { // of what was kept: the customer takes it to the books
		r.rates(rates)
	} else {
		r.rates(o.Taxes)
	}
	for _, s := range lines(shop.ReceiptNote) {
		r.centered(s, "", r.size)
	}
	r.barcode(o.Number)
	return r.output(w)
}

func (r *roll) goods(o *sales.Order) {
	r.rule()
	r.pair(r.say("item"), o.Currency, bold, r.size, 0)
	for _, l := range o.Lines {
		gross := l.UnitPrice * money.Amount(l.Quantity) // checked when priced
		r.pair(named(l.Name, l.Options), r.sum(gross), "", r.size, 0)
		if l.Quantity != 1 {
			r.pair(r.count(l.Quantity)+" × "+r.sum(l.UnitPrice), "", "", r.size-1, 2)
		}
		if l.Discount > 0 {
			r.pair(r.say("discount"), r.sum(-l.Discount), "", r.size-1, 2)
		}
	}
	r.rule()
}

func (r *roll) totals(o *sales.Order) {
	var shared, own money.Amount
	for _, l := range o.Lines {
		shared, own = shared+l.OrderDiscount, own+l.Discount
	}
	if o.Discount > 0 || o.Shipping > 0 || !o.PricesIncludeTax {
		r.pair(r.say("subtotal"), r.sum(o.Subtotal-own), "", r.size, 0)
	}
	if shared > 0 {
		r.pair(r.discounted(o), r.sum(-shared), "", r.size, 0)
	}
	if o.Shipping > 0 {
		r.pair(r.say("shipping"), r.sum(o.Shipping), "", r.size, 0)
	}
	if !o.PricesIncludeTax {
		for _, t := range o.Taxes {
			if t.Rate > 0 {
				r.pair(r.taxed(t), r.sum(t.Tax), "", r.size, 0)
			}
		}
	}
	r.pair(r.say("total"), r.money(o.Total), bold, r.size+3, 0)
	if o.ReturnedTotal > 0 {
		r.pair(r.say("returned"), r.sum(-o.ReturnedTotal), "", r.size, 0)
	}
	if o.Allowances > 0 {
		r.pair(r.say("allowance"), r.sum(-o.Allowances), "", r.size, 0)
	}
}

func (r *roll) paid(o *sales.Order) {
	var change money.Amount
	for _, p := range o.Payments {
		method := r.say(string(p.Method))
		switch {
		case p.Kind == "refund":
			r.pair(r.say("refund", "method", method), r.sum(-p.Amount), "", r.size, 0)
			continue
		case p.Tendered != nil:
			change += *p.Tendered - p.Amount
			r.pair(method, r.sum(*p.Tendered), "", r.size, 0)
		default:
			r.pair(method, r.sum(p.Amount), "", r.size, 0)
		}
	}
	if change > 0 {
		r.pair(r.say("change"), r.sum(change), "", r.size, 0)
	}
	if o.Due > 0 {
		r.pair(r.say("due"), r.sum(o.Due), bold, r.size, 0)
	}
	if o.DueBack > 0 {
		r.pair(r.say("due_back"), r.sum(o.DueBack), bold, r.size, 0)
	}
}

// rates sums the taxes up, as whoever deducts them needs it.
func (r *roll) rates(taxes []sales.TaxSum) {
	if len(taxes) > 1 || len(taxes) == 1 && taxes[0].Rate > 0 {
		r.rule()
		r.columns([]string{r.say("tax"), r.say("net"), r.say("tax"), r.say("gross")}, bold, r.size-1)
		for _, t := range taxes {
			r.columns([]string{r.rate(t), r.sum(t.Net), r.sum(t.Tax), r.sum(t.Net + t.Tax)}, "", r.size-1)
		}
	}
	r.space(2)
}
