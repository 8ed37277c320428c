package catalog_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onhand/db/barcode"
	"onhand/db/catalog"
)

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
		code, kind, valid := row[0], row[2], row[1] == "valid"
		ran++
		digits, ok := barcode.GS1(code)
		if ok != valid {
			t.Errorf("%q (%s) is %s: %q %t", code, kind, row[1], digits, ok)
		}
		product := strings.HasPrefix(kind, "GTIN") || strings.HasPrefix(kind, "EAN")
		if lookup := barcode.Lookup(code); product && valid && (lookup != strings.Repeat("0", 14-len(digits))+digits || lookup != barcode.Lookup(digits)) {
			t.Errorf("%q is found under %q", code, lookup)
		}
		p, err := catalog.Create(s.ctx, s.DB, mug("", code))
		// What is no number of a product (an SSCC, 11 digits, letters) may be any code of the shop's own.
		if accepted := valid || !product && code != ""; (err == nil) != accepted {
			t.Errorf("%q (%s) is %s: %v", code, kind, row[1], err)
		}
		if err != nil {
			continue
		}
		if kept := p.Variants[0].Barcodes[0]; kept != strings.TrimSpace(code) {
			t.Errorf("%q was kept as %q", code, kept)
		}
		equal(t, code, s.find(t, catalog.VariantFilter{Barcode: code}), "Blue mug")
		s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: p.Variants[0].ID, Barcodes: to([]string{})}}})
	}
	if ran < 30 {
		t.Errorf("only %d codes were checked", ran)
	}
}
