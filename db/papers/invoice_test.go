package papers_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/papers"
	"onhand/db/sales"
)

// billed is the invoice of an order as it would be issued.
func billed(language string, o *sales.Order) *sales.Invoice {
	f := sales.InvoiceFacts{Shop: office.Name, Address: office.Address, TaxNumber: office.TaxNumber, Recipient: []string{"Grace Hopper", "Arlington Road 1", "22201 Arlington", "US"},
		Order: o.Number, OrderedOn: ptr(db.Date("2026-11-19")), Supplied: &[2]db.Date{"2026-11-20", "2026-11-21"}, Language: language, Currency: o.Currency, TaxIn: o.PricesIncludeTax,
		Taxes: o.Taxes, Tax: o.Tax, Total: o.Total, Paid: o.Paid - o.Refunded, Due: o.Due}
	for _, l := range o.Lines {
		f.Lines = append(f.Lines, sales.InvoiceLine{LineID: l.ID, Name: l.Name, Options: l.Options, SKU: l.SKU, Quantity: l.Quantity, UnitPrice: l.UnitPrice,
			Gross: l.UnitPrice * money.Amount(l.Quantity), Discount: l.Discount + l.OrderDiscount, TaxRate: l.TaxRate, Tax: l.Tax, Total: l.Total})
	}
	if o.Shipping > 0 {
		f.Lines = append(f.Lines, sales.InvoiceLine{Gross: o.Shipping, TaxRate: o.ShippingTaxRate, Tax: o.ShippingTax, Total: o.Shipping})
	}
	return &sales.Invoice{Kind: sales.PlainInvoice, Number: "INV-0007", BusinessDate: "2026-11-20", IssuedAt: at, Tax: o.Tax, Total: o.Total, Facts: f}
}

func invoice(t testing.TB, size string, inv *sales.Invoice) []byte {
	t.Helper()
	return drawn(t, fmt.Sprintf("%s-%s-%s-%s-%d", inv.Kind, size, inv.Facts.Language, inv.Facts.Currency, len(inv.Facts.Lines)), func(w io.Writer) error {
		return papers.Invoice(w, inLanguage(t, "en"), size, inv)
	})
}

func TestAnInvoiceSaysAllThatTheLawAsksFor(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de"} {
		pdf := invoice(t, "a4", billed(language, bought()))
		golden(t, "invoice."+language+".txt", outline(t, pdf))
		pagesOf(t, pdf)[0].within(t, 210, 297, 7.5)
	}
	says(t, invoice(t, "a4", billed("de", bought())), "Müller & Söhne", "Hauptstraße 1", "Grace Hopper|Arlington Road 1|22201 Arlington|US", "Rechnung INV-0007", "Datum|20. November 2026", "Bestellung|1001",
		"Lieferdatum|20. November 2026|– 21. November 2026", "Steuernummer|DE123456789", "Blue mug (L)|MUG-B|2|12,50|19 %|25,00", "BREAD · Rabatt −0,49|1|3,49|7 %|3,00", "Versand|19 %|5,00",
		"Summe|39,20 €", "Bezahlt|26,70", "19 %|30,42|5,78|36,20|7 %|2,80|0,20|3,00", "Alle Beträge enthalten die Mehrwertsteuer.", "Seite 1 von 1")
}

func TestPapersNameTheRatesAsTheShopDoes(t *testing.T) {
	t.Parallel()
	o := bought()
	o.Taxes[0].Name, o.Taxes[1].Name = "Regelsatz", "Ermäßigter Satz für Lebensmittel"
	says(t, invoice(t, "a4", billed("de", o)), "Regelsatz 19 %|30,42|5,78|36,20", "Ermäßigter Satz für Lebensmittel|2,80|0,20|3,00|7 %")
	for _, width := range []int{80, 58} {
		pdf := receipt(t, inLanguage(t, "de"), width, o)
		says(t, pdf, "Regelsatz 19 %|30,42|5,78|36,20", "Ermäßigter Satz für Lebensmittel 7 %|2,80|0,20|3,00")
		where := map[string]float64{}
		for _, s := range pagesOf(t, pdf)[0].texts {
			where[s.text] = s.y
		}
		if (where["Regelsatz 19 %"] == where["30,42"]) != (width == 80) || where["Ermäßigter Satz für Lebensmittel 7 %"] == where["2,80"] {
			t.Errorf("%d mm: a rate stands beside its sums where there is room, and above them elsewhere: %v", width, where)
		}
	}
	o.PricesIncludeTax = false
	says(t, receipt(t, inLanguage(t, "en"), 80, o), "Tax 19% (Regelsatz)|5.78")
}

func TestACreditNoteSaysWhatItCorrects(t *testing.T) {
	t.Parallel()
	inv := billed("en", priced("EUR", mug(-1)))
	inv.Kind, inv.Number = sales.CreditNote, "CN-0001"
	inv.Facts.Before = []sales.InvoiceNamed{{Kind: sales.PlainInvoice, Number: "INV-0007", Date: "2026-11-20"}}
	inv.Facts.Lines = append(inv.Facts.Lines, sales.InvoiceLine{LineID: 2, Name: "Bread", SKU: "BREAD", Discount: 100, TaxRate: 7_000, Tax: -7, Total: -100})
	inv.Facts.Supplied = nil
	pdf := invoice(t, "letter", inv)
	golden(t, "credit-note.en.txt", outline(t, pdf))
	says(t, pdf, "Credit note CN-0001", "Corrects Invoice INV-0007 of 20 November 2026", "Blue mug (L)|MUG-B|−1|12.50|19%|−12.50", "Bread|BREAD · Price changed|7%|−1.00", "Total|−€12.50", "Supplied|Delivery to follow")
	if all := saidOn(t, pdf); strings.Contains(all, "Due") || strings.Contains(all, "Paid") {
		t.Errorf("it asks for money: %s", all)
	}
}

func TestAnInvoiceHasTheDecimalsOfItsCurrency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ currency, total, line string }{{"JPY", "¥2,500", "2|1,250|19%|2,500"}, {"KWD", "KWD 2.500", "2|1.250|19%|2.500"}} {
		says(t, invoice(t, "a4", billed("en", priced(c.currency, mug(2)))), "Total|"+c.total, c.line, "19%|"+map[string]string{"JPY": "2,101|399|2,500", "KWD": "2.101|0.399|2.500"}[c.currency])
	}
	o := priced("EUR", mug(2))
	o.PricesIncludeTax, o.Lines[0].Tax, o.Lines[0].Total, o.Tax, o.Total = false, 475, 2975, 475, 2975
	says(t, invoice(t, "a4", billed("en", o)), "2|12.50|19%|25.00", "Net|25.00|Tax|4.75|Total|€29.75", "Amounts of the lines are without tax.")
}

func TestALongInvoiceHasSheetsWithHeads(t *testing.T) {
	t.Parallel()
	for size, mm := range map[string][2]float64{"a4": {210, 297}, "letter": {215.9, 279.4}} {
		for _, n := range []int{200, 500} {
			o := priced("EUR", many(n)...)
			pdf := invoice(t, size, billed("en", o))
			paginated(t, pdf, mm[0], mm[1], "Invoice INV-0007")
			all := saidOn(t, pdf)
			for i := range n {
				if !strings.Contains(all, fmt.Sprintf("|SKU-%d|", i+1)) {
					t.Errorf("%s: line %d is not there", size, i+1)
				}
			}
		}
	}
}

// Names that no font has, that go from right to left or never end stay on their paper.
func TestAnInvoiceTakesAnyName(t *testing.T) {
	t.Parallel()
	o := priced("EUR", mug(1))
	o.Lines[0].Name, o.Lines[0].SKU = "שלום עליכם "+strings.Repeat("W", 200), strings.Repeat("S", 64)
	o.Lines[0].UnitPrice = money.Max
	inv := billed("en", o)
	says(t, invoice(t, "a4", inv), "90,071,992,547,409.91")
	inv.Facts.Recipient = append(slicesOf("Ж", 100), strings.Repeat("Long street ", 16))
	inv.Facts.Address = strings.Repeat("Line\n", 60)
	for _, p := range pagesOf(t, invoice(t, "a4", inv)) {
		p.within(t, 210, 297, 7.5)
	}
}

func slicesOf(s string, n int) []string { return []string{strings.Repeat(s, n)} }

func BenchmarkInvoice(b *testing.B) {
	inv := billed("en", priced("EUR", many(200)...))
	d := inLanguage(b, "en")
	d.Plain = false
	for b.Loop() {
		if err := papers.Invoice(io.Discard, d, "a4", inv); err != nil {
			b.Fatal(err)
		}
	}
}
