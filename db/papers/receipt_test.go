package papers_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onhand/db/money"
	"onhand/db/papers"
	"onhand/db/sales"
	"onhand/db/settings"
)

var office = settings.Settings{Name: "Müller & Söhne", Currency: "EUR", Language: "en", Address: "Hauptstraße 1\n10115 Berlin", TaxNumber: "DE123456789",
	ReceiptNote: "Thank you!\nCome again", ReceiptWidth: 80, PaperSize: "a4"}

// inLanguage is a paper of a language, as its clock hangs in Berlin.
func inLanguage(t testing.TB, language string) papers.Paper {
	return papers.Paper{Title: "Müller", Language: language, At: at.Time(), Zone: berlin(t), Plain: true}
}

func ptr[T any](v T) *T { return &v }

// priced is an order of some lines as they would be priced: a tenth of the first line is off, and the order's discount was shared.
func priced(currency string, lines ...sales.OrderLine) *sales.Order {
	o := &sales.Order{ID: 1, Number: "1001", Status: sales.Confirmed, Currency: currency, PricesIncludeTax: true, PlacedAt: ptr(at), CreatedAt: at, Actor: "Ada",
		CustomerName: "Grace Hopper", LocationName: "Main store"}
	for i, l := range lines {
		l.ID, l.VariantID = int64(i+1), int64(i+1)
		gross := l.UnitPrice * money.Amount(l.Quantity)
		t, err := money.Tax(gross-l.Discount-l.OrderDiscount, l.TaxRate, true)
		if err != nil {
			panic(err)
		}
		l.Tax, l.Total = t.Tax, t.Total
		o.Subtotal, o.Discount, o.Tax, o.Total = o.Subtotal+gross, o.Discount+l.Discount+l.OrderDiscount, o.Tax+t.Tax, o.Total+t.Total
		o.Lines = append(o.Lines, l)
	}
	o.Taxes = o.TaxSums()
	return o
}

func mug(quantity int64) sales.OrderLine {
	return sales.OrderLine{Name: "Blue mug", Options: "L", SKU: "MUG-B", Quantity: quantity, UnitPrice: 1250, TaxRate: 19_000}
}

// bought is an order with a bit of everything.
func bought() *sales.Order {
	o := priced("EUR", mug(2), sales.OrderLine{Name: "Bread", SKU: "BREAD", Quantity: 1, UnitPrice: 349, TaxRate: 7_000, Discount: 49},
		sales.OrderLine{Name: "Donaudampfschifffahrtsgesellschaftskapitänsmützenbandschleifenfabrik", SKU: "LONG", Quantity: 1, UnitPrice: 1000, TaxRate: 19_000, OrderDiscount: 380})
	o.DiscountReason = "Regular customer"
	o.Shipping, o.ShippingTaxRate, o.ShippingTax = 500, 19_000, 80
	o.Total, o.Tax = o.Total+500, o.Tax+80
	o.Taxes = o.TaxSums()
	o.Payments = []sales.Payment{{Kind: "payment", Method: "cash", Amount: 3920, Tendered: ptr(money.Amount(5000))}, {Kind: "refund", Method: "card", Amount: 1250}}
	o.Paid, o.Refunded, o.ReturnedTotal = 3920, 1250, 1250
	return o
}

// drawn is a document, kept to be looked at where the tests were told to.
func drawn(t testing.TB, name string, write func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, strings.ReplaceAll(name, "/", "-")+".pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func receipt(t testing.TB, d papers.Paper, width int, o *sales.Order) []byte {
	t.Helper()
	shop := office
	shop.ReceiptWidth = width
	return drawn(t, fmt.Sprintf("receipt-%d-%s-%s-%d", width, d.Language, o.Currency, len(o.Lines)), func(w io.Writer) error { return papers.Receipt(w, d, &shop, o) })
}

// saidOn are all texts of a document, a page after the other.
func saidOn(t testing.TB, pdf []byte) string {
	var all []string
	for _, p := range pagesOf(t, pdf) {
		all = append(all, texts(p)...)
	}
	return strings.Join(all, "|")
}

func says(t testing.TB, pdf []byte, wanted ...string) {
	t.Helper()
	all := saidOn(t, pdf)
	for _, want := range wanted {
		if !strings.Contains(all, want) {
			t.Errorf("it does not say %q:\n%s", want, all)
		}
	}
}

func TestAReceiptSaysWhatWasBoughtAndHowItWasPaid(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 58} {
		for _, language := range []string{"en", "de"} {
			pdf := receipt(t, inLanguage(t, language), width, bought())
			golden(t, fmt.Sprintf("receipt-%d.%s.txt", width, language), outline(t, pdf))
			page := pagesOf(t, pdf)[0]
			_, height := sizeOf(t, pdf)
			page.within(t, float64(width), height, 4)
			last := slices.MaxFunc(page.texts, func(a, b said) int { return int(1000 * (a.y - b.y)) })
			if rest := height - last.y; rest > 7 {
				t.Errorf("%d mm: %.1f mm follow the last line", width, rest)
			}
			if module, got := decoded(t, page.bars); got != modulesOf(must128(t, "1001")) || module < 0.25 {
				t.Errorf("%d mm: the bars are %s, of %.3f mm", width, got, module)
			}
		}
	}
	coded := bought()
	coded.DiscountCode, coded.DiscountReason = "SPRING-10", ""
	says(t, receipt(t, inLanguage(t, "de"), 80, coded), "Rabatt mit SPRING-10|−3,80")
	says(t, receipt(t, inLanguage(t, "de"), 80, bought()), "Steuernummer DE123456789", "Beleg 1001", "20. November 2026, 13:30", "Rabatt: Regular customer|−3,80", "Bar|50,00", "Rückgeld|10,80",
		"Erstattet, Karte|−12,50", "Zurückgegeben|−12,50", "|19 %|30,42|5,78|36,20|7 %|2,80|0,20|3,00", "Come again")
}

// sizeOf is the size of a document's first page in millimetres.
func sizeOf(t testing.TB, pdf []byte) (width, height float64) {
	t.Helper()
	m := media.FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the document has no size")
	}
	return number(string(m[1])) * mm, number(string(m[2])) * mm
}

func TestAReceiptHasTheDecimalsOfItsCurrency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ currency, language, total, line string }{
		{"JPY", "en", "¥2,500", "2,500"}, {"JPY", "de", "2.500 ¥", "2.500"}, {"KWD", "en", "KWD 2.500", "2.500"}, {"KWD", "de", "2,500 KWD", "2,500"},
	} {
		says(t, receipt(t, inLanguage(t, c.language), 80, priced(c.currency, mug(2))), c.total, "|"+c.line+"|")
	}
}

func TestAReceiptOfPricesWithoutTaxAddsIt(t *testing.T) {
	t.Parallel()
	o := priced("EUR", mug(2))
	o.PricesIncludeTax = false
	o.Lines[0].Tax, o.Lines[0].Total = 475, 2975
	o.Tax, o.Total, o.Due = 475, 2975, 2975
	o.Taxes = o.TaxSums()
	says(t, receipt(t, inLanguage(t, "en"), 80, o), "Subtotal|25.00|Tax 19%|4.75|Total|€29.75|Due|29.75")
	o.Status, o.Due = sales.Cancelled, 0
	says(t, receipt(t, inLanguage(t, "en"), 80, o), "|Cancelled|")
}

// Readers of PDF know no pages above five metres; no line is lost where a receipt is cut.
func TestALongReceiptIsWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{200, 500, 1000} {
		o := priced("EUR", slices.Repeat([]sales.OrderLine{mug(3)}, n)...)
		pdf := receipt(t, inLanguage(t, "en"), 58, o)
		if got := strings.Count(saidOn(t, pdf), "Blue mug (L)|37.50"); got != n {
			t.Errorf("%d of %d lines are there", got, n)
		}
		_, height := sizeOf(t, pdf)
		if pages := len(pagesOf(t, pdf)); height > 5001 || pages != map[int]int{200: 1, 500: 1, 1000: 2}[n] {
			t.Errorf("%d lines are %d pages, the first %.0f mm long", n, pages, height)
		}
	}
}

func TestWhatNoFontHasIsABoxOnAPaper(t *testing.T) {
	t.Parallel()
	o := priced("EUR", sales.OrderLine{Name: "Чашка Κούπα 茶 שלום 🍵", SKU: "X", Quantity: 1, UnitPrice: 1, TaxRate: 0})
	o.Actor = "\u202eeva"
	says(t, receipt(t, inLanguage(t, "en"), 80, o), "Чашка Κούπα □ □□□□ □|0.01", "Served by eva")
	if all := saidOn(t, receipt(t, inLanguage(t, "en"), 80, o)); strings.Contains(all, "|Tax|") {
		t.Errorf("a table of taxes without one: %s", all)
	}
}

func TestTheBarcodeOfALongNumberIsLeftOut(t *testing.T) {
	t.Parallel()
	o := priced("EUR", mug(1))
	for _, number := range []string{strings.Repeat("OLD-SHOP-", 9), "Größe"} {
		o.Number = number
		if bars := pagesOf(t, receipt(t, inLanguage(t, "en"), 58, o))[0].bars; len(bars) != 0 {
			t.Errorf("%s has %d bars", number, len(bars))
		}
	}
}
