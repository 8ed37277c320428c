package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Format writes an amount as a plain decimal with all its decimals and a point: "12.50", "-0.05", "1250" for JPY.
// An unknown currency is written in minor units.
func Format(a Amount, currency string) string {
	decimals, _ := Decimals(currency)
	digits := strconv.FormatUint(magnitude(int64(a)), 10)
	if short := decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	if decimals > 0 {
		digits = digits[:len(digits)-decimals] + "." + digits[len(digits)-decimals:]
	}
	if a < 0 {
		return "-" + digits
	}
	return digits
}

// Parse reads a plain decimal such as "12.5" or "-3". It refuses grouping, and decimals other than 0 that the currency does not have.
func Parse(s, currency string) (Amount, error) {
	decimals, ok := Decimals(currency)
	if !ok {
		return 0, fmt.Errorf("%q is not a currency of ISO 4217", currency)
	}
	n, err := parse(s, decimals)
	if err != nil {
		return 0, err
	}
	return Amount(n), nil
}

// ParseLocal reads a decimal as people write it where separator ('.' or ',') comes before the decimals: "1.234,56", "1 234,56" and "1'234.56".
// What groups the thousands has to stand where thousands end, so that "1.25" is never read as 125.
func ParseLocal(s, currency string, separator rune) (Amount, error) {
	whole, fraction, found := strings.Cut(strings.TrimSpace(s), string(separator))
	whole, ok := ungroup(whole, separator)
	if !ok {
		return 0, notAnAmount(s)
	}
	if found {
		whole += "." + fraction
	}
	a, err := Parse(whole, currency)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", s, err)
	}
	return a, nil
}

// ParseRate reads a percentage such as "19", "8.875" or "7.7 %".
func ParseRate(s string) (Rate, error) {
	n, err := parse(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), 3)
	if err != nil {
		return 0, err
	}
	return Rate(n), nil
}

// String writes a rate as a percentage without needless zeros: "19%", "8.875%".
func (r Rate) String() string {
	s := strconv.FormatInt(int64(r)/1000, 10)
	if r < 0 && r > -1000 {
		s = "-0"
	}
	if rest := magnitude(int64(r)) % 1000; rest > 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%03d", rest), "0")
	}
	return s + "%"
}

// parse reads a decimal into units of 10^-decimals, exactly or not at all.
func parse(s string, decimals int) (int64, error) {
	s = strings.TrimSpace(s)
	unsigned := strings.TrimPrefix(s, "-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	if whole+fraction == "" || !digitsOnly(whole) || !digitsOnly(fraction) {
		return 0, notAnAmount(s)
	}
	if len(fraction) > decimals {
		if strings.Trim(fraction[decimals:], "0") != "" {
			return 0, fmt.Errorf("%q has more than %d decimals", s, decimals)
		}
		fraction = fraction[:decimals]
	}
	n, err := strconv.ParseInt("0"+whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil || !Amount(n).In() {
		return 0, ErrTooLarge
	}
	if len(unsigned) < len(s) {
		n = -n
	}
	return n, nil
}

// ungroup removes one kind of grouping from the whole part of a number: the last group has three digits, those before it two (lakh) or three.
func ungroup(whole string, separator rune) (string, bool) {
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", rest
	}
	for _, mark := range []string{".", ",", " ", "\u00a0", "\u202f", "'", "’"} {
		if mark == string(separator) || !strings.Contains(whole, mark) {
			continue
		}
		groups := strings.Split(whole, mark)
		last := len(groups) - 1
		for i, g := range groups {
			if !digitsOnly(g) || i == 0 && (len(g) < 1 || len(g) > 3) || i == last && len(g) != 3 || i > 0 && (len(g) < 2 || len(g) > 3) {
				return "", false
			}
		}
		return sign + strings.Join(groups, ""), true
	}
	return sign + whole, true
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" }

func notAnAmount(s string) error { return fmt.Errorf("%q is not an amount", s) }
