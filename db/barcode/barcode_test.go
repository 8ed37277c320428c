package barcode_test

import (
	"strings"
	"testing"

	"onhand/db/barcode"
)

func TestAllFormsOfOneNumberHaveOneLookup(t *testing.T) {
	for code, want := range map[string]string{
		"416000336108": "00416000336108", "0416000336108": "00416000336108", "00416000336108": "00416000336108", "4-16000-33610-8": "00416000336108",
		"73513537": "00000073513537", " 4006381333931 ": "04006381333931", "978-0-471-11709-4": "09780471117094",
		"abc-1": "ABC-1", "0042": "0042", "1234-5678": "1234-5678", "75010313113": "75010313113",
	} {
		if got := barcode.Lookup(code); got != want {
			t.Errorf("%q is found as %q, want %q", code, got, want)
		}
	}
}

// FuzzBarcode holds what a code is found under to its rules: kept as typed, found by itself in any case and padding, and never
// by the code of another thing.
func FuzzBarcode(f *testing.F) {
	for _, seed := range []string{"4006381333931", "416000336108", "0416000336108", "73513537", "978-0-471-11709-4", "10012345678902", "0042", "42", "Box-7 a",
		" 00012 ", "12345678 012345675", "75010313113", "straße", "ABC\u0130", "", "-", "0000-0000", "\x00", "１２３４５６７８"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		lookup := barcode.Lookup(typed)
		if again := barcode.Lookup(lookup); again != lookup {
			t.Errorf("%q is found under %q, and that under %q", typed, lookup, again)
		}
		if padded := barcode.Lookup(" " + typed + "\t"); padded != lookup {
			t.Errorf("with space around it %q is found under %q, not %q", typed, padded, lookup)
		}
		code := strings.TrimSpace(typed)
		digits := strings.NewReplacer("-", "", " ", "").Replace(code)
		number := lookup != strings.ToUpper(code)
		switch {
		case number && (len(lookup) != 14 || strings.TrimLeft(lookup, "0") != strings.TrimLeft(digits, "0")):
			t.Errorf("%q is found under another number, %q", typed, lookup)
		case !number && len(lookup) < len(strings.TrimLeft(lookup, "0")):
			t.Errorf("%q lost its zeros: %q", typed, lookup)
		}
		if n := len(code); (n == 12 || n == 13) && strings.Trim(code, "0123456789") == "" && barcode.Lookup("0"+code) != lookup {
			t.Errorf("%q with a zero before it is found under %q, not %q", code, barcode.Lookup("0"+code), lookup)
		}
	})
}
