package papers_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/papers"
	"onhand/db/stock"
)

func boxed(t testing.TB, language string, tr *stock.Transfer) []byte {
	t.Helper()
	return drawn(t, fmt.Sprintf("box-%s-%d", language, len(tr.Lines)), func(w io.Writer) error { return papers.PackingList(w, inLanguage(t, language), &office, tr) })
}

func TestAPackingListSaysWhatLiesInTheBox(t *testing.T) {
	t.Parallel()
	on := db.Date("2026-12-24")
	tr := &stock.Transfer{Number: "T-1001", FromLocationName: "Main store", ToLocationName: "Harbour", Note: "The mugs are for the window.\nMind the milk.", ShippedAt: ptr(at), Lines: []stock.TransferLine{
		{Name: "Blue mug - L", SKU: "MUG-B", Quantity: 3, Cost: 4711},
		{Name: "Milk", SKU: "MILK", Quantity: 1200, Cost: 4711, Lots: []stock.TransferLot{{Lot: "A", ExpiresOn: &on, Quantity: 200}, {Lot: "B", Quantity: 1000}}},
	}}
	pdf := boxed(t, "en", tr)
	golden(t, "box.en.txt", outline(t, pdf))
	if bars := pagesOf(t, pdf)[0].bars; len(bars) == 0 {
		t.Error("its number cannot be scanned")
	}
	says(t, boxed(t, "de", tr), "Packliste", "Umlagerung T-1001", "Von Main store nach Harbour", "1.203", "200 × A (läuft ab am 24. Dezember 2026) · 1.000 × B")

	// A draft has no number to scan yet.
	tr.Number, tr.ShippedAt = "", nil
	draft := boxed(t, "en", tr)
	says(t, draft, "Draft")
	if bars := pagesOf(t, draft)[0].bars; len(bars) != 0 {
		t.Errorf("a draft has %d bars", len(bars))
	}
}

func TestALongPackingListRepeatsItsHead(t *testing.T) {
	t.Parallel()
	tr := &stock.Transfer{Number: "T-1001", FromLocationName: "Main store", ToLocationName: "Harbour"}
	for i := range 100 {
		tr.Lines = append(tr.Lines, stock.TransferLine{Name: strings.Repeat("Very long name ", 6), SKU: fmt.Sprintf("SKU-%d", i+1), Quantity: 1})
	}
	pdf := boxed(t, "en", tr)
	paginated(t, pdf, 210, 297, "Qty|Item|SKU", "T-1001")
	all := saidOn(t, pdf)
	for i := range 100 {
		if strings.Count(all, fmt.Sprintf("|SKU-%d|", i+1)) != 1 {
			t.Errorf("line %d is not there once", i+1)
		}
	}
}
