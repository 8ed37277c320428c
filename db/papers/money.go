package papers

import (
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"onhand/db/money"
)

const noBreak = "\u00a0"

// Price is an amount as a paper of a language says it: "€1,250.00" or "1.250,00 €". No float touches it.
func Price(a money.Amount, code, lang string) string {
	english := lang == "en" || strings.HasPrefix(lang, "en-")
	group, decimal := ".", ","
	if english {
		group, decimal = ",", "."
	}
	whole, fraction, has := strings.Cut(strings.TrimPrefix(money.Format(a, code), "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	figure := whole
	if has {
		figure += decimal + fraction
	}
	sign := ""
	if a < 0 {
		sign = "\u2212"
	}
	symbol := code
	if unit, err := currency.ParseISO(code); err == nil {
		if s := message.NewPrinter(language.Make(lang)).Sprint(currency.Symbol(unit)); hasAll(s) {
			symbol = s
		}
	}
	switch {
	case !english:
		return sign + figure + noBreak + symbol
	case strings.Trim(symbol[len(symbol)-1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "":
		return sign + symbol + noBreak + figure
	}
	return sign + symbol + figure
}
