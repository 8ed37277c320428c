package settings

import (
	"slices"
	"strings"

	"onhand/db"
)

// What the shop prints on, and numbers its invoices with, until the owner decides.
const (
	usualReceiptWidth     = 80
	usualPaperSize        = "a4"
	usualInvoicePrefix    = "INV-"
	usualCreditNotePrefix = "CN-"
)

// PaperSizes are what invoices and slips may be printed on.
var PaperSizes = []string{"a4", "letter"}

func (s *Settings) checkPapers() (err error) {
	if s.ReceiptWidth != 80 && s.ReceiptWidth != 58 {
		return db.Refuse("bad_paper", "receiptWidth", "Receipts are 80 or 58 mm wide.")
	}
	if !slices.Contains(PaperSizes, s.PaperSize) {
		return db.Refuse("bad_paper", "paperSize", "Choose one of %s.", strings.Join(PaperSizes, ", "))
	}
	if s.InvoicePrefix, err = seriesPrefix("invoicePrefix", s.InvoicePrefix); err != nil {
		return err
	}
	s.CreditNotePrefix, err = seriesPrefix("creditNotePrefix", s.CreditNotePrefix)
	return err
}

// seriesPrefix checks what stands before a number. It does not end in a digit: INV-1 with 11 and INV-11 with 1 would be one number.
// A barcode can be made of it, and a file can be called so.
func seriesPrefix(field, prefix string) (string, error) {
	prefix, err := db.Text(field, prefix, 20)
	if err != nil {
		return "", err
	}
	const signs = "-_."
	for i, r := range prefix {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		digit := r >= '0' && r <= '9'
		if !letter && !strings.ContainsRune(signs, r) && (!digit || i == len(prefix)-1) {
			return "", db.Refuse("bad_prefix", field, "Use letters, digits, - _ and . before the number, and no digit at the end.")
		}
	}
	return prefix, nil
}
