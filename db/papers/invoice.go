package papers

import (
	"io"
	"strings"

	"onhand/db/sales"
)

// Invoice writes an invoice or a credit note as it was issued, on A4 or Letter: in its own language, whatever the paper's is, and of
// nothing but its facts.
func Invoice(w io.Writer, d Paper, size string, inv *sales.Invoice) error {
	facts := &inv.Facts
	d.Language = facts.Language
	f := d.newFlow(size, "", facts.Currency)
	title := f.say(string(inv.Kind), "number", inv.Number)
	f.title = printable(facts.Shop + " · " + title)
	f.letterhead(facts.Shop, facts.Address)
	f.barcodeAtTop(facts.Order)
	f.addressee(facts.Recipient)
	f.invoiceMeta(inv)
	f.write(title, bold, 15)
	f.y += 1
	if len(facts.Before) > 0 {
		f.write(f.before(inv), "", flowSize)
	}
	f.y += 3
	f.table(column{title: f.say("item")}, column{title: f.say("quantity"), width: 16, right: true}, column{title: f.say("unit_price"), width: 26, right: true},
		column{title: f.say("tax"), width: 16, right: true}, column{title: f.say("amount"), width: 28, right: true})
	for _, l := range facts.Lines {
		f.invoiceLine(l)
	}
	f.end()
	f.invoiceSums(inv)
	return f.output(w)
}

// invoiceMeta is what an invoice has to say beside its lines.
func (f *flow) invoiceMeta(inv *sales.Invoice) {
	facts := &inv.Facts
	rows := [][2]string{{f.say("invoice_date"), f.day(inv.BusinessDate)}, {f.say("order_number"), facts.Order}}
	if facts.OrderedOn != nil {
		rows = append(rows, [2]string{f.say("ordered"), f.day(*facts.OrderedOn)})
	}
	switch s := facts.Supplied; {
	case s == nil:
		rows = append(rows, [2]string{f.say("supply"), f.say("supply_open")})
	case s[0] == s[1]:
		rows = append(rows, [2]string{f.say("supply"), f.day(s[0])})
	default:
		rows = append(rows, [2]string{f.say("supply"), f.day(s[0])}, [2]string{"", "– " + f.day(s[1])})
	}
	if facts.TaxNumber != "" {
		rows = append(rows, [2]string{f.say("tax_number_name"), facts.TaxNumber})
	}
	f.meta(rows)
}

// meta puts names and what they say at the right of an addressee.
func (f *flow) meta(rows [][2]string) {
	below := f.y
	f.y = 48
	x := f.right() - 82
	for _, r := range rows {
		f.at(x, r[0], "", flowSize, false)
		f.SetFont(family, "", flowSize)
		for _, s := range f.wrap(printable(r[1]), 82-30, manyLines) {
			f.at(x+30, s, "", flowSize, false)
			f.y += flowLine + 0.6
		}
	}
	f.y = max(f.y+6, below)
}

// before names the documents that this one adds to, or corrects.
func (f *flow) before(inv *sales.Invoice) string {
	var named []string
	for _, b := range inv.Facts.Before {
		named = append(named, f.say("named", "document", f.say(string(b.Kind), "number", b.Number), "date", f.day(b.Date)))
	}
	key := "adds_to"
	if inv.Kind == sales.CreditNote {
		key = "corrects"
	}
	return f.say(key, "documents", strings.Join(named, ", "))
}

func (f *flow) invoiceLine(l sales.InvoiceLine) {
	name := named(l.Name, l.Options)
	if l.LineID == 0 {
		name = f.say("shipping")
	}
	var details []string
	if l.SKU != "" {
		details = append(details, l.SKU)
	}
	quantity, price := "", ""
	switch {
	case l.Quantity != 0 && l.LineID != 0:
		quantity, price = f.count(l.Quantity), f.sum(l.UnitPrice)
	case l.LineID != 0:
		details = append(details, f.say("price_change"))
	}
	if l.Discount != 0 && l.Quantity != 0 {
		details = append(details, f.say("line_discount", "amount", f.sum(-l.Discount)))
	}
	f.row("", []string{name, quantity, price, f.percent(l.TaxRate), f.sum(l.Gross - l.Discount)}, strings.Join(details, " · "))
}

// invoiceSums are what it all comes to, and by tax rate what of it is tax.
func (f *flow) invoiceSums(inv *sales.Invoice) {
	facts := &inv.Facts
	first := inv.Kind == sales.PlainInvoice && len(facts.Before) == 0
	rows := len(facts.Taxes) + 6
	f.need(float64(rows) * (flowLine + 0.6))
	if !facts.TaxIn {
		f.sums([2]string{f.say("net"), f.sum(facts.Total - facts.Tax)}, [2]string{f.say("tax"), f.sum(facts.Tax)})
	}
	total := printable(f.money(facts.Total))
	f.SetFont(family, bold, 11)
	f.at(f.right()-max(34, f.wide(total)+6), f.say("total"), bold, 11, true)
	f.at(f.right(), total, bold, 11, true)
	f.y += flowLine + 2
	if first && facts.Paid != 0 {
		f.sums([2]string{f.say("paid"), f.sum(facts.Paid)})
	}
	if first {
		f.sums([2]string{f.say("due"), f.money(facts.Due)})
	}
	f.y += 3
	key := "without_tax"
	if facts.TaxIn {
		key = "with_tax"
	}
	f.write(f.say(key), "", detailSize)
	f.y += 1.5
	f.rates(facts.Taxes)
}

// rates is the summary of the taxes.
func (f *flow) rates(taxes []sales.TaxSum) {
	const size, first = detailSize + 0.5, 46
	columns := []float64{26, 26, 30}
	put := func(style, rate string, sums ...string) {
		f.SetFont(family, style, size)
		for i, s := range f.wrap(printable(rate), first, manyLines) {
			f.at(f.left(), s, style, size, false)
			x := f.left() + first
			for n, sum := range sums {
				if x += columns[n]; i == 0 {
					f.at(x, sum, style, size, true)
				}
			}
			f.y += flowLine
		}
	}
	put(bold, f.say("tax_rate_name"), f.say("net"), f.say("tax"), f.say("gross"))
	for _, t := range taxes {
		put("", f.rate(t), f.sum(t.Net), f.sum(t.Tax), f.sum(t.Net+t.Tax))
	}
}
