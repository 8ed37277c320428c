package imports

import (
	"errors"
	"html"
	"regexp"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/table"
)

// maxQuantity is the most that one row can have in stock.
const maxQuantity = 1_000_000_000

// amount reads a price. Its own marks say how it is written where they can mean one thing only, the file's decimal otherwise.
func amount(s, currency, decimal string) (money.Amount, *db.Error) {
	decimals, _ := money.Decimals(currency)
	separator, refused := decimalRune(s, table.Money, decimals, decimal)
	if refused != nil {
		return 0, refused
	}
	a, err := money.ParseLocal(s, currency, separator)
	switch {
	case errors.Is(err, money.ErrTooLarge):
		return 0, db.Refuse("too_large", "", "%s is more than the books can hold. Correct it.", s).With("value", s)
	case err != nil:
		return 0, db.Refuse("bad_amount", "", "%q is no amount in %s. Write digits, with a point before the decimals, such as %s.", s, currency, money.Format(1250, currency)).With("value", s)
	case a < 0:
		return 0, db.Refuse("negative_amount", "", "A price cannot be below zero. Correct %s.", s).With("value", s)
	}
	return a, nil
}

// decimalRune is what stands before the decimals of one figure in a file, or a refusal where that is open.
func decimalRune(s string, kind table.Figure, decimals int, decimal string) (rune, *db.Error) {
	point, ok := table.Point(s, kind, decimals, decimal)
	if !ok {
		return 0, db.Refuse("ambiguous_amount", "", "%s can mean two amounts. Write it without a thousands mark and with a point before the decimals.", s).With("value", s)
	}
	return point, nil
}

// quantity reads a stock count: whole, 0 or more. Decimals that are zero do no harm.
func quantity(s, decimal string) (int64, *db.Error) {
	separator, refused := decimalRune(s, table.Count, 0, decimal)
	if refused != nil {
		return 0, refused
	}
	n, err := money.ParseLocal(s, "JPY", separator) // a currency without decimals
	switch {
	case errors.Is(err, money.ErrTooLarge) || err == nil && n > maxQuantity:
		return 0, db.Refuse("too_large", "", "%s is more than one place can hold on the books. Correct it.", s).With("value", s)
	case err != nil:
		return 0, db.Refuse("bad_quantity", "", "%q is no whole number. Correct it, or leave it empty where stock is not counted.", s).With("value", s)
	case n < 0:
		return 0, db.Refuse("negative_quantity", "", "%s is less than nothing. Write how many are there, at least 0.", s).With("value", s)
	}
	return int64(n), nil
}

// shortened is how a spreadsheet spoils a long number: 4.00638E+12.
var shortened = regexp.MustCompile(`^\d+([.,]\d+)?[eE]\+?\d+$`)

// unescape takes off the apostrophe that WooCommerce and our own exports write before what a spreadsheet would take for a formula.
func unescape(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && len(rest) < len(cell) && strings.IndexByte("=+-@\t\r", rest[0]) >= 0 {
		return cell[1:]
	}
	return cell
}

// listed takes a list apart; a comma within an entry is written "\,".
func listed(cell string) []string {
	var all []string
	entry := ""
	for _, part := range strings.Split(cell, ",") {
		if rest, open := strings.CutSuffix(part, `\`); open {
			entry += rest + ","
			continue
		}
		if entry = strings.TrimSpace(entry + part); entry != "" {
			all = append(all, entry)
		}
		entry = ""
	}
	if entry = strings.TrimSpace(entry); entry != "" {
		all = append(all, entry)
	}
	return all
}

// first is the first entry of a list, "" of an empty one.
func first(cell string) string {
	if all := listed(cell); len(all) > 0 {
		return oneLine(all[0])
	}
	return ""
}

// newlines are how WooCommerce writes line breaks of a description.
var newlines = strings.NewReplacer(`\\n`, `\n`, `\n`, "\n")

// plainText makes text of a description in HTML: tags go, paragraphs and list items become lines, entities characters.
func plainText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(newlines.Replace(s), "\r\n", "\n"), "\r", "\n")
	var lines []string
	for l := range strings.SplitSeq(html.UnescapeString(withoutTags(s)), "\n") {
		l = strings.Join(strings.Fields(l), " ")
		if l != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, l)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// oneLine is plain text without line breaks: a name.
func oneLine(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(withoutTags(s))), " ")
}

// breaks are tags after or before which a new line begins, and what stands there.
var breaks = map[string]string{
	"br": "\n", "/p": "\n\n", "/div": "\n", "/h1": "\n\n", "/h2": "\n\n", "/h3": "\n\n", "/h4": "\n\n", "/ul": "\n", "/ol": "\n", "/tr": "\n", "li": "\n- ", "/td": " ",
}

func withoutTags(s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:open])
		s = s[open:]
		tag, rest, ok := cutTag(s)
		if !ok {
			b.WriteByte('<') // "a < b" is no tag
			s = s[1:]
			continue
		}
		b.WriteString(breaks[tag])
		s = rest
		if tag == "script" || tag == "style" {
			if end := strings.Index(strings.ToLower(s), "</"+tag); end >= 0 {
				s = s[end:]
			} else {
				s = ""
			}
		}
	}
}

// cutTag takes a tag or comment off the beginning of s and returns its name in small letters.
func cutTag(s string) (name, rest string, ok bool) {
	if comment, is := strings.CutPrefix(s, "<!--"); is {
		_, rest, ok = strings.Cut(comment, "-->")
		return "", rest, ok
	}
	inside, rest, closed := strings.Cut(s[1:], ">")
	name = strings.ToLower(inside)
	if n := strings.IndexAny(name, " \t\r\n"); n >= 0 {
		name = name[:n]
	}
	name = strings.TrimSuffix(name, "/")
	letter := strings.TrimPrefix(strings.TrimPrefix(name, "/"), "!")
	return name, rest, closed && letter != "" && letter[0] >= 'a' && letter[0] <= 'z'
}
