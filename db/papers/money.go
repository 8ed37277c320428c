package papers

import (
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"onhand/db/money"
)

const (
	noBreak = "\u00a0"
	minus   = "\u2212"
)

// Price is an amount as a paper of a language says it: "€1,250.00" or "1.250,00 €". No float touches it.
func Price(a money.Amount, code, lang string) string {
	sign := ""
	if a < 0 {
		sign, a = minus, -a
	}
	figure := figure(a, code, lang)
	symbol := code
	if unit, err := currency.ParseISO(code); err == nil {
		if s := message.NewPrinter(language.Make(lang)).Sprint(currency.Symbol(unit)); hasAll(s) {
			symbol = s
		}
	}
	switch {
	case !english(lang):
		return sign + figure + noBreak + symbol
	case strings.Trim(symbol[len(symbol)-1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "":
		return sign + symbol + noBreak + figure
	}
	return sign + symbol + figure
}

// figure is an amount without its currency.
func figure(a money.Amount, code, lang string) string {
	group, decimal := separators(lang)
	whole, fraction, has := strings.Cut(strings.TrimPrefix(money.Format(a, code), "-"), ".")
	figure := grouped(whole, group)
	if has {
		figure += decimal + fraction
	}
	if a < 0 {
		return minus + figure
	}
	return figure
}

// grouped puts a sign between thousands.
func grouped(digits, sign string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sign + digits[i:]
	}
	return digits
}

// separators are what a language puts between thousands and before decimals.
func separators(lang string) (group, decimal string) {
	if english(lang) {
		return ",", "."
	}
	return ".", ","
}

func english(lang string) bool { return lang == "en" || strings.HasPrefix(lang, "en-") }
