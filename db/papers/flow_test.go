package papers_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onhand/db/papers"
	"onhand/db/sales"
	"onhand/db/settings"
)

// many are so many lines of a parcel, each with its own name.
func many(n int) []sales.OrderLine {
	lines := make([]sales.OrderLine, n)
	for i := range lines {
		lines[i] = mug(int64(i%3 + 1))
		lines[i].Name, lines[i].SKU = fmt.Sprintf("Thing number %d", i+1), fmt.Sprintf("SKU-%d", i+1)
		if i%10 == 0 {
			lines[i].Name += strings.Repeat(" with a long name", 9)
		}
	}
	return lines
}

// paginated checks that each sheet has its number and its head, and that nothing stands too low.
func paginated(t testing.TB, pdf []byte, width, height float64, heads ...string) int {
	t.Helper()
	pages := pagesOf(t, pdf)
	for i, p := range pages {
		all := strings.Join(texts(p), "|")
		for _, want := range append(heads, fmt.Sprintf("Page %d of %d", i+1, len(pages))) {
			if !strings.Contains(all, want) {
				t.Errorf("sheet %d of %d does not say %q", i+1, len(pages), want)
			}
		}
		p.within(t, width, height, 7.5)
		for _, s := range p.texts {
			if s.y > height-19.5 && s.y < height-10 {
				t.Errorf("sheet %d: %+v stands in the foot", i+1, s)
			}
		}
	}
	return len(pages)
}

func slip(t testing.TB, shop settings.Settings, d papers.Paper, o *sales.Order, parcel *sales.Fulfilment) []byte {
	t.Helper()
	return drawn(t, fmt.Sprintf("slip-%s-%s-%d", shop.PaperSize, d.Language, len(o.Lines)), func(w io.Writer) error { return papers.PackingSlip(w, d, &shop, o, parcel) })
}

func TestAPackingSlipSaysWhatLiesInTheParcelAndNoPrice(t *testing.T) {
	t.Parallel()
	o := bought()
	o.Lines[0].Fulfilled = 1
	parcel := &sales.Fulfilment{ID: 7, Status: sales.Packed, Carrier: "DHL", TrackingNumber: "JD01", Lines: []sales.FulfilmentLine{{OrderLineID: 2, Quantity: 1}}}
	pdf := slip(t, office, inLanguage(t, "en"), o, parcel)
	golden(t, "slip.en.txt", outline(t, pdf))
	says(t, pdf, "Packing slip", "Order 1001", "Ordered on 20 November 2026", "Grace Hopper", "DHL JD01", "Bread|BREAD")
	rest := saidOn(t, slip(t, office, inLanguage(t, "de"), o, nil))
	if !strings.Contains(rest, "Lieferschein") || !strings.Contains(rest, "1|Blue mug (L)|MUG-B|") || !strings.Contains(rest, "BREAD") {
		t.Errorf("what is left: %s", rest)
	}
	for _, all := range []string{saidOn(t, pdf), rest} {
		for _, price := range []string{"12.50", "12,50", "3.49", "3,49", "€", "EUR"} {
			if strings.Contains(all, price) {
				t.Errorf("it says %s: %s", price, all)
			}
		}
	}
	for i := range o.Lines {
		o.Lines[i].Fulfilled = o.Lines[i].Quantity
	}
	says(t, slip(t, office, inLanguage(t, "en"), o, nil), "Blue mug", "Bread")
	says(t, slip(t, office, inLanguage(t, "en"), o, &sales.Fulfilment{}), "Nothing of this order is to be packed.")
}

func TestLongPapersHaveSheetsWithHeads(t *testing.T) {
	t.Parallel()
	for size, mm := range map[string][2]float64{"a4": {210, 297}, "letter": {215.9, 279.4}} {
		for _, n := range []int{200, 500} {
			shop := office
			shop.PaperSize = size
			pdf := slip(t, shop, inLanguage(t, "en"), priced("EUR", many(n)...), nil)
			pages := paginated(t, pdf, mm[0], mm[1], "Qty|Item|SKU", "Order 1001")
			if least := n / 45; pages < least || pages > n/20 {
				t.Errorf("%s: %d lines are %d sheets", size, n, pages)
			}
			all := saidOn(t, pdf)
			for i := range n {
				if strings.Count(all, fmt.Sprintf("|SKU-%d|", i+1)) != 1 {
					t.Errorf("%s: line %d is not there once", size, i+1)
				}
			}
		}
	}
}

func picked(t testing.TB, list *sales.PickList) []byte {
	t.Helper()
	return drawn(t, fmt.Sprintf("picks-%d-%d", len(list.Orders), len(list.Picks)), func(w io.Writer) error { return papers.PickList(w, inLanguage(t, "en"), &office, list) })
}

func TestAPickListGoesFromShelfToShelf(t *testing.T) {
	t.Parallel()
	list := &sales.PickList{At: at, Orders: []sales.Order{{Number: "1001", CustomerName: "Grace Hopper"}, {Number: "1002"}}, Picks: []sales.Pick{
		{LocationName: "Main store", Category: "Home > Kitchen", Name: "Blue mug", Options: "L", SKU: "MUG-B", Quantity: 3, Orders: []sales.PickedFor{{Number: "1001", Quantity: 2}, {Number: "1002", Quantity: 1}}},
		{LocationName: "Main store", Name: "Bread", SKU: "BREAD", Quantity: 1, Orders: []sales.PickedFor{{Number: "1002", Quantity: 1}}}}}
	pdf := picked(t, list)
	golden(t, "picks.en.txt", outline(t, pdf))
	says(t, pdf, "Main store · Home > Kitchen", "Main store · Without category", "1001: 2 · 1002: 1", "Grace Hopper", "Walk-in customer")
	list.Orders = list.Orders[:1]
	says(t, picked(t, list), "Pick list · Order 1001", "Order 1001 · Grace Hopper")
	list.Picks = nil
	says(t, picked(t, list), "Nothing is left to pick.")
}

func TestAPickListOfManyOrdersHasTheirBarcodes(t *testing.T) {
	t.Parallel()
	list := &sales.PickList{At: at}
	for i := range 100 {
		list.Orders = append(list.Orders, sales.Order{Number: fmt.Sprint(1001 + i), CustomerName: strings.Repeat("Grace Hopper ", 5)})
	}
	for i, l := range many(500) {
		list.Picks = append(list.Picks, sales.Pick{LocationName: "Main store", Category: fmt.Sprint(i / 50), Name: l.Name, SKU: l.SKU, Quantity: l.Quantity, Orders: []sales.PickedFor{{Number: "1001", Quantity: l.Quantity}}})
	}
	pdf := picked(t, list)
	paginated(t, pdf, 210, 297, "Pick list")
	all := saidOn(t, pdf)
	for i := range 100 {
		if !strings.Contains(all, fmt.Sprintf("|%d|", 1001+i)) {
			t.Errorf("order %d has no barcode", 1001+i)
		}
	}
}

func TestPapersHaveWordsInEachLanguage(t *testing.T) {
	t.Parallel()
	placeholder := regexp.MustCompile(`\{\w+\}`)
	all := map[string]map[string]string{}
	for _, language := range settings.Languages {
		b, err := os.ReadFile("words/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(b, &words); err != nil {
			t.Fatal(err)
		}
		all[language] = words
	}
	for language, words := range all {
		for _, key := range slices.Sorted(maps.Keys(all["en"])) {
			want := placeholder.FindAllString(all["en"][key], -1)
			got := placeholder.FindAllString(words[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if words[key] == "" || !slices.Equal(got, want) {
				t.Errorf("%s says %q for %s, English %q", language, words[key], key, all["en"][key])
			}
		}
		if len(words) != len(all["en"]) {
			t.Errorf("%s has %d words, English %d", language, len(words), len(all["en"]))
		}
	}
}

func TestThePackingSlipsOfManyOrdersAreEachByThemselves(t *testing.T) {
	t.Parallel()
	long, short := *priced("EUR", many(60)...), *bought()
	short.Number, short.Language = "1002", "de"
	all := saidOn(t, drawn(t, "slips", func(w io.Writer) error {
		return papers.PackingSlips(w, inLanguage(t, "en"), &office, []sales.Order{long, short})
	}))
	for _, want := range []string{"Packing slip · Order 1001", "Page 1 of 2", "Page 2 of 2", "Lieferschein · Bestellung 1002", "Seite 1 von 1", "|SKU-60|", "MUG-B"} {
		if !strings.Contains(all, want) {
			t.Errorf("they do not say %q: %s", want, all)
		}
	}
	if strings.Contains(all, "of 3") || strings.Count(all, "Seite") != 1 {
		t.Errorf("the sheets are numbered through: %s", all)
	}
}
