// Package barcode knows the numbers on things: their forms, their check digits and what they are found under.
package barcode

import "strings"

// Lookup is the form under which a scanned or typed code is found: a GTIN as its 14 digits, so that a UPC-A is the EAN-13
// with a zero before it and spaces and hyphens of a printed one do not matter; any other code in capitals.
func Lookup(code string) string {
	code = strings.TrimSpace(code)
	plain := separators.Replace(code)
	if isGTIN(plain) && (plain == code || checkDigit(plain) == plain[len(plain)-1]) {
		return strings.Repeat("0", 14-len(plain)) + plain
	}
	return strings.ToUpper(code)
}

// separators are what a printed number is written with.
var separators = strings.NewReplacer("-", "", " ", "")

// GS1 is the digits of a number of GS1, a GTIN or an SSCC, without the separators it may be written with; ok is false where the
// check digit is wrong and for any other code.
func GS1(code string) (digits string, ok bool) {
	digits = separators.Replace(code)
	if !isGTIN(digits) && (len(digits) != 18 || strings.Trim(digits, "0123456789") != "") {
		return "", false
	}
	return digits, checkDigit(digits) == digits[len(digits)-1]
}

// CheckDigit is what the last digit of a code has to be that is written as a GTIN; ok is false for any other code.
func CheckDigit(code string) (digit byte, ok bool) {
	if !isGTIN(code) {
		return 0, false
	}
	return checkDigit(code), true
}

// isGTIN tells whether a code has the form of an EAN-8, UPC-A, EAN-13 or GTIN-14.
func isGTIN(code string) bool {
	switch len(code) {
	case 8, 12, 13, 14:
		return strings.Trim(code, "0123456789") == ""
	}
	return false
}

// checkDigit is what the last digit has to be: the others weigh 3, 1, 3, ... from the right, up to the next ten
// (GS1 General Specifications, 7.9).
func checkDigit(code string) byte {
	sum := 0
	for i, weight := len(code)-2, 3; i >= 0; i, weight = i-1, 4-weight {
		sum += int(code[i]-'0') * weight
	}
	return byte('0' + (10-sum%10)%10)
}
