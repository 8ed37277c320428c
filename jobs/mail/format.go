package mail

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/width"

	"onhand/db"
	"onhand/db/money"
)

const (
	noBreak = "\u00a0"
	minus   = "\u2212"
)

// money is an amount in a currency: "€1,250.00" or "1.250,00 €". No float touches it.
func (v *voice) money(a money.Amount, code string) string {
	places, ok := money.Decimals(code)
	if !ok {
		v.fail(fmt.Errorf("%.10q is no currency", code))
		return ""
	}
	digits := strconv.FormatUint(magnitude(int64(a)), 10)
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	cut := len(digits) - places
	figure := v.grouped(digits[:cut])
	if places > 0 {
		figure += v.say("decimal_sign") + digits[cut:]
	}
	s := v.say("money", "symbol", v.symbol(code), "figure", figure)
	if a < 0 {
		return minus + s
	}
	return s
}

// symbol is the sign of a currency with what parts it from the figure: none in English, unless it ends in a letter.
func (v *voice) symbol(code string) string {
	symbol := code
	if unit, err := currency.ParseISO(code); err == nil { // the newest codes are not known there
		symbol = message.NewPrinter(language.Make(v.language)).Sprint(currency.Symbol(unit))
	}
	if last, _ := utf8.DecodeLastRuneInString(symbol); v.language == "en" && unicode.IsLetter(last) {
		return symbol + noBreak
	}
	return symbol
}

// number is a whole number: "1,250" or "1.250".
func (v *voice) number(n int64) string {
	s := v.grouped(strconv.FormatUint(magnitude(n), 10))
	if n < 0 {
		return minus + s
	}
	return s
}

func (v *voice) grouped(digits string) string {
	sign := v.say("group_sign")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sign + digits[i:]
	}
	return digits
}

// magnitude is |n|, right for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// date is the day of a moment in the shop's zone.
func (v *voice) date(t db.Time) string { return v.calendar("date", t.Time().In(v.zone)) }

// when is a moment in the shop's zone: "Thu 19 Nov 2026, 14:05".
func (v *voice) when(t db.Time) string {
	return v.say("date_time", "date", v.date(t), "time", t.Time().In(v.zone).Format("15:04"))
}

// day is a business date in a form of the words: "date" with its year, "date_short" without, "date_bare" without the
// day of the week.
func (v *voice) day(form string, d db.Date) string {
	t, ok := v.parsed(d)
	if !ok {
		return ""
	}
	return v.calendar(form, t)
}

func (v *voice) parsed(d db.Date) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		v.fail(fmt.Errorf("%.20q is no date", string(d)))
	}
	return t, err == nil
}

func (v *voice) calendar(form string, t time.Time) string {
	return v.say(form, "weekday", v.split("weekdays_short")[t.Weekday()], "day", int64(t.Day()),
		"month", v.split("months_short")[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// weekday is the day of the week of a date in a list of the words.
func (v *voice) weekday(names string, d db.Date) string {
	t, ok := v.parsed(d)
	if !ok {
		return ""
	}
	return v.split(names)[t.Weekday()]
}

// line is s on one line, without what would turn it around.
func line(s string) string { return strings.Join(strings.Fields(lines(s)), " ") }

// lines is s as it was written, but for control characters and what turns text around.
func lines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", SecretMark, "").Replace(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff', unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, s))
}

// shorten is s in at most so many characters, with a sign where something is missing.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), " ") + "…"
}

// brief is a name where others and figures have to fit beside it.
func brief(name string) string { return shorten(name, 40) }

// loose is s with ordinary spaces, for subjects and plain text, where nothing is gained by others.
func loose(s string) string { return strings.ReplaceAll(s, noBreak, " ") }

// columns is how wide s is where every letter has the same width.
func columns(s string) (n int) {
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		case k == width.EastAsianWide, k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
