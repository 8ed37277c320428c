package papers_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/papers"
	"onhand/db/purchasing"
)

// placed is an order as its supplier gets it.
func placed(t testing.TB, f *purchasing.PurchaseFacts) []byte {
	t.Helper()
	return drawn(t, fmt.Sprintf("purchase-%s-%d", f.Language, len(f.Lines)), func(w io.Writer) error { return papers.PurchaseOrder(w, inLanguage(t, "en"), f) })
}

func ordering() *purchasing.PurchaseFacts {
	return &purchasing.PurchaseFacts{ID: 1, Number: "P-1001", Shop: office.Name, Address: office.Address, Language: "en", PaperSize: "a4", Currency: "EUR", Supplier: "Brombeck & Torvane",
		Contact: "Ines Brombeck", SupplierAddress: "Töpferweg 3\n01067 Dresden", DeliverTo: "Main store", SentOn: ptr(db.Date("2026-11-20")), ExpectedOn: ptr(db.Date("2026-11-27")),
		Note: "Ring twice.\nThe door sticks.", Lines: []purchasing.PurchaseLineFacts{
			{Code: "BT-1001", SKU: "MUG-B", Name: "Blue mug - L", Quantity: 24, UnitCost: 600, Cost: 14400},
			{SKU: "LAMP", Name: "Brass lamp with a shade of linen that is longer than a line of the paper can hold", Quantity: 1200, UnitCost: 4150, Cost: 4980000},
		}, Total: 4994400}
}

func TestAnOrderSaysWhatTheSupplierShallSend(t *testing.T) {
	t.Parallel()
	pdf := placed(t, ordering())
	golden(t, "purchase.en.txt", outline(t, pdf))
	if bars := pagesOf(t, pdf)[0].bars; len(bars) == 0 {
		t.Error("its number cannot be scanned")
	}
	f := ordering()
	f.Language = "de"
	says(t, placed(t, f), "Bestellung P-1001", "BT-1001", "Unsere Nummer: MUG-B", "1.200", "49.944,00 €", "Lieferung an", "27. November 2026")

	// A draft has no number to scan yet.
	f = ordering()
	f.Number, f.SentOn, f.ExpectedOn = "", nil, nil
	draft := placed(t, f)
	says(t, draft, "Order (draft)")
	if bars := pagesOf(t, draft)[0].bars; len(bars) != 0 {
		t.Errorf("a draft has %d bars", len(bars))
	}
}

func TestALongOrderRepeatsItsHead(t *testing.T) {
	t.Parallel()
	f := ordering()
	f.PaperSize, f.Lines = "letter", nil
	for i := range 100 {
		f.Lines = append(f.Lines, purchasing.PurchaseLineFacts{Code: fmt.Sprintf("C-%d", i+1), SKU: "S", Name: strings.Repeat("Very long name ", 6), Quantity: 1_000_000, UnitCost: money.Max / 1_000_000, Cost: money.Max / 1_000_000 * 1_000_000})
	}
	pdf := placed(t, f)
	paginated(t, pdf, 215.9, 279.4, "Your number|Item|Qty|Unit price|Amount", "P-1001")
	all := saidOn(t, pdf)
	for i := range 100 {
		if strings.Count(all, fmt.Sprintf("|C-%d|", i+1)) != 1 {
			t.Errorf("line %d is not there once", i+1)
		}
	}
}
