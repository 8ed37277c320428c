package db

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Text checks one line of input: UTF-8 in composed form without control
// characters, trimmed, at most limit characters. Control characters would end a
// statement early (NUL), forge a second line, or turn what follows around; what
// will never be a character no file in XML can hold.
func Text(field, s string, limit int) (string, error) {
	return text(field, s, limit, func(r rune) bool { return unicode.IsControl(r) || turns(r) || r == '\u2028' || r == '\u2029' })
}

// Note checks input of several lines: as Text, but newlines and tabs may stay.
func Note(field, s string, limit int) (string, error) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return text(field, s, limit, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || turns(r) })
}

// turns says whether a character sets the direction of all text after it, which
// nobody types and which makes one name look like another. The marks and joiners
// that some languages are written with do not.
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// Required is Text with something in it to see.
func Required(field, s string, limit int) (string, error) {
	s, err := Text(field, s, limit)
	if err == nil && !strings.ContainsFunc(s, visible) {
		err = Refuse("required", field, "This is needed.")
	}
	return s, err
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

func text(field, s string, limit int, bad func(rune) bool) (string, error) {
	never := func(r rune) bool { return bad(r) || unicode.Is(unicode.Noncharacter_Code_Point, r) }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, never) {
		return "", Refuse("bad_text", field, "This has characters that cannot be written down. Type it again.")
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if n := utf8.RuneCountInString(s); n > limit {
		return "", Refuse("too_long", field, "This is %d characters long; at most %d fit.", n, limit).With("max", limit)
	}
	return s, nil
}

// SortKey makes names sort and be found without regard to case and accents.
func SortKey(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(s))))
}

// Fold makes names that differ only by case equal.
func Fold(s string) string { return norm.NFC.String(cases.Fold().String(s)) }

// PrefixEnd is the end of the range of texts that begin with a prefix: those from the prefix up to, without, this one.
func PrefixEnd(prefix string) string { return prefix + string(utf8.MaxRune) }

// What is searched for ends here: the time FTS5 takes to read a query grows with
// the square of its words, and no deadline interrupts it.
const (
	matchBytes = 400
	matchWords = 16
)

// Match makes an FTS5 trigram query of a person's words: all of them, anywhere,
// in any order. Words under three characters cannot be searched that way and
// are left out; with none left it is "", and the caller searches by prefix.
func Match(q string) string { return match(q, "") }

// MatchAll is Match for a text in which two spaces stand before each word, as
// PostgreSQL's pg_trgm has it: a word under three characters begins one there.
func MatchAll(q string) string { return match(q, "  ") }

func match(q, before string) string {
	q = norm.NFC.String(strings.ToValidUTF8(q[:min(len(q), matchBytes)], " "))
	var words []string
	for _, w := range strings.FieldsFunc(q, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		if utf8.RuneCountInString(w) < 3 {
			w = before + w
		}
		if utf8.RuneCountInString(w) >= 3 && len(words) < matchWords {
			words = append(words, `"`+strings.ReplaceAll(w, `"`, `""`)+`"`)
		}
	}
	return strings.Join(words, " ")
}

// Prefix makes a LIKE pattern, with ESCAPE '\', of a person's words.
func Prefix(q string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.TrimSpace(norm.NFC.String(q))) + "%"
}
