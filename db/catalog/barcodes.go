package catalog

import (
	"slices"
	"strings"
	"unicode"

	"onhand/db"
	"onhand/db/barcode"
)

// maxBarcode is the longest free code; Code 128 labels become unreadable long before.
const maxBarcode = 64

// checkBarcode checks a code as typed and returns it with its lookup, which all forms of the same GTIN share. Digits of the
// lengths of EAN-8, UPC-A, EAN-13 and GTIN-14 need a right check digit; any other printable code is free.
func checkBarcode(field, typed string) (code, lookup string, err error) {
	code, err = db.Required(field, typed, maxBarcode)
	if err != nil {
		return "", "", err
	}
	if digit, ok := barcode.CheckDigit(code); ok {
		if digit != code[len(code)-1] {
			return "", "", db.Refuse("bad_barcode", field, "The check digit of %s is wrong: it should be %c.", code, digit).
				With("barcode", code).With("digit", string(digit))
		}
	} else if strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", "", db.Refuse("bad_barcode", field, "A barcode has only letters, digits and signs. Type %q again.", code).With("barcode", code)
	}
	return code, barcode.Lookup(code), nil
}

// Has tells whether a code is one of a variant's, in whatever form, of a single one or of a pack.
func (v Variant) Has(code string) bool {
	return slices.ContainsFunc(v.codes(), func(c Pack) bool { return barcode.Lookup(c.Code) == barcode.Lookup(code) })
}
