package papers_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/papers"
	"onhand/db/sales"
)

// evening is a till that was closed 0.50 short.
func evening() *sales.TillReport {
	at := func(hour int) db.Time { return db.TimeOf(time.Date(2026, 11, 20, hour, 12, 0, 0, time.UTC)) }
	closed := at(18)
	amount := func(a money.Amount) *money.Amount { return &a }
	sums := func(payments int64, paid money.Amount, refunds int64, refunded money.Amount) sales.TillSums {
		return sales.TillSums{Payments: payments, Paid: paid, Refunds: refunds, Refunded: refunded, Net: paid - refunded}
	}
	return &sales.TillReport{
		Till: sales.Till{ID: 1, Name: "Till 1", LocationName: "Main store", Status: sales.TillClosed, BusinessDate: "2026-11-20", Float: 10_000,
			OpenedAt: at(8), OpenedBy: "Anna", ClosedAt: &closed, ClosedBy: "Eva", Expected: amount(12_050), Counted: amount(12_000), Difference: amount(-50),
			Counts: sales.TillCounts{{Value: 5000, Count: 2}, {Value: 2000, Count: 1}}, Reason: "wrong change", Note: "a busy day"},
		Methods: []sales.TillMethod{{Method: "card", TillSums: sums(1, 1250, 0, 0)}, {Method: "cash", TillSums: sums(1, 1250, 1, 500)}},
		People:  []sales.TillPerson{{Key: "user:9", Name: "Eva", TillSums: sums(2, 2500, 1, 500), Cash: 750}},
		PaidIn:  2000, PaidOut: 700,
	}
}

func printedTill(t *testing.T, language, currency string, r *sales.TillReport) []byte {
	t.Helper()
	shop := papers.TillShop{Name: "Corner Shop", Currency: currency, Zone: time.UTC}
	d := paper
	d.Language = language
	var b bytes.Buffer
	if err := papers.TillReport(&b, d, shop, r); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		d.Plain = false
		var small bytes.Buffer
		if err := papers.TillReport(&small, d, shop, r); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*keep, "till-"+language+".pdf"), small.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestATillsReportSaysWhatWasThereAndWhatWasNot(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][]string{
		"en": {"Corner Shop", "Till report", "Till 1 · Main store", "Opened", "20 Nov 2026 08:12, Anna", "Float", "€100.00", "Cash taken", "€12.50", "Cash given back", "−€5.00",
			"Paid in", "€20.00", "Paid out", "−€7.00", "Should be there", "€120.50", "Counted", "€120.00", "Short", "€0.50", "Reason: wrong change", "Note: a busy day", "By method", "Card", "By person", "Eva", "2 × €50.00"},
		"de": {"Kassenbericht", "20.11.2026 08:12, Anna", "Soll", "120,50\u00a0€", "Es fehlen", "0,50\u00a0€", "Grund: wrong change", "Nach Zahlungsart", "Karte", "davon bar"},
	} {
		pages := pagesOf(t, printedTill(t, language, "EUR", evening()))
		if len(pages) != 1 {
			t.Fatalf("%d pages", len(pages))
		}
		got := texts(pages[0])
		for i := range got {
			got[i] = strings.TrimSpace(got[i])
		}
		for _, w := range want {
			if !slices.Contains(got, w) && !slices.Contains(got, strings.ReplaceAll(w, "\u00a0", " ")) {
				t.Errorf("%s: %q is not in %q", language, w, got)
			}
		}
		for _, s := range pages[0].texts {
			if s.x < 4-0.01 || s.x > 76 {
				t.Errorf("%s: %q stands at %.1f mm", language, s.text, s.x)
			}
		}
	}
}

func TestATillsReportHasRoomForEveryAmountAndNameAndEndsAfterItsLastLine(t *testing.T) {
	t.Parallel()
	r := evening()
	r.Name, r.LocationName = strings.Repeat("Kasse ", 8), strings.Repeat("Standort ", 11)
	r.Reason, r.Note = strings.Repeat("sehr viel zu sagen ", 10), strings.Repeat("noch mehr ", 50)
	*r.Expected, *r.Counted, *r.Difference = -money.Max, 0, money.Max
	r.People[0].Name = strings.Repeat("Wolfeschlegelstein", 5)
	for range 200 {
		r.People = append(r.People, r.People[0])
	}
	for _, currency := range []string{"JPY", "KWD", "EUR"} {
		pdf := printedTill(t, "de", currency, r)
		pages := pagesOf(t, pdf)
		if len(pages) != 1 {
			t.Fatalf("%d pages", len(pages))
		}
		height := number(string(media.FindSubmatch(pdf)[2])) * mm
		// A name and an amount that do not fit beside each other stand under each other.
		for i, said := range pages[0].texts {
			if strings.HasPrefix(said.text, "Wolfe") && pages[0].texts[i+1].y <= said.y {
				t.Errorf("%s: %q and %q stand on one line", currency, said.text, pages[0].texts[i+1].text)
				break
			}
		}
		last := 0.0
		for _, s := range pages[0].texts {
			last = max(last, s.y)
		}
		if end := height - last; end < 3 || end > 8 {
			t.Errorf("%s: %.1f mm are left after the last line", currency, end)
		}
	}
}

func TestATillThatIsCountedBlindShowsNothingToCountBy(t *testing.T) {
	t.Parallel()
	r := evening()
	r.Status, r.Expected, r.Counted, r.Difference, r.ClosedAt, r.Counts = sales.TillOpen, nil, nil, nil, nil, nil
	r.Hidden, r.Methods, r.People = true, nil, nil
	got := texts(pagesOf(t, printedTill(t, "en", "EUR", r))[0])
	if slices.Contains(got, "Should be there") || !slices.Contains(got, "Till report so far") || !slices.Contains(got, "What was taken is shown once the till is closed.") {
		t.Errorf("it says %q", got)
	}
}
