package catalog_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onhand/db/catalog"
)

func TestAllFormsOfOneNumberHaveOneLookup(t *testing.T) {
	for code, want := range map[string]string{
		"416000336108": "00416000336108", "0416000336108": "00416000336108", "00416000336108": "00416000336108", "4-16000-33610-8": "00416000336108",
		"73513537": "00000073513537", " 4006381333931 ": "04006381333931", "978-0-471-11709-4": "09780471117094",
		"abc-1": "ABC-1", "0042": "0042", "1234-5678": "1234-5678", "75010313113": "75010313113",
	} {
		if got := catalog.Lookup(code); got != want {
			t.Errorf("%q is found as %q, want %q", code, got, want)
		}
	}
}

func TestACodeIsKeptAsTypedAndFoundInEveryForm(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG", "0416000336108", "0042", "Box-7 a"))
	equal(t, "as typed", p.Variants[0].Barcodes, "0416000336108", "0042", "Box-7 a")
	for _, scanned := range []string{"416000336108", "0416000336108", "00416000336108", "0042", "box-7 A", "mug "} { // the last is the SKU on a label of the shop's own
		equal(t, scanned, s.find(t, catalog.VariantFilter{Barcode: scanned}), "Blue mug")
	}
	for _, scanned := range []string{"42", "004", "416000336109", "%"} {
		equal(t, scanned, s.find(t, catalog.VariantFilter{Barcode: scanned}))
	}
}

func TestCheckDigitsAgreeWithThePublishedOnes(t *testing.T) {
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	f, err := os.Open(filepath.Join(root, "data", "barcodes", "check_digits.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := open(t)
	ran := 0
	for _, row := range rows[1:] {
		code, kind := row[0], row[2]
		if !strings.HasPrefix(kind, "GTIN") && !strings.HasPrefix(kind, "EAN") { // codes of other lengths are free
			continue
		}
		ran++
		p, err := catalog.Create(s.ctx, s.DB, mug("", code))
		if (err == nil) != (row[1] == "valid") {
			t.Errorf("%s (%s) is %s: %v", code, kind, row[1], err)
		}
		if err != nil {
			continue
		}
		if strings.ContainsAny(code, "- ") && !strings.HasPrefix(catalog.Lookup(code), "0") {
			t.Errorf("%s is not found by its digits: %s", code, catalog.Lookup(code))
		}
		if _, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: p.Variants[0].ID, Barcodes: to([]string{})}}}); err != nil {
			t.Fatal(err)
		}
	}
	if ran == 0 {
		t.Error("no code was checked")
	}
}
