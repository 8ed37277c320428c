package imports

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"onhand/db"
)

// The sizes of a file.
const (
	maxBytes   = 32 << 20
	maxRows    = 50_000
	maxColumns = 1_000
)

// table is a file as a spreadsheet shows it.
type table struct {
	header []string
	lines  []line
}

// line is one row with something in it. Its number is the spreadsheet's: the header is 1, empty rows count, and line breaks
// within a cell do not.
type line struct {
	number int
	cells  []string
	width  int    // how many cells the file has in this row
	quote  string // what is wrong with its quotes: bad_quote, open_quote or nothing
}

// readTable reads a file of values separated by comma, semicolon or tab. It fails with what is wrong with the file as a
// whole: unknown_file, unknown_encoding, too_many_rows, too_many_columns.
func readTable(data []byte) (*table, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	s := &scanner{text: text, separator: separatorOf(text)}
	t := &table{}
	for number := 1; !s.done(); number++ {
		limit := maxColumns
		if t.header != nil {
			limit = len(t.header)
		}
		l := s.line(limit)
		l.number = number
		switch {
		case l.blank():
		case t.header == nil && (l.width > maxColumns || l.quote != ""):
			return nil, unknownFile("Its first row is no header row.")
		case t.header == nil:
			t.header = l.cells
		case len(t.lines) == maxRows:
			return nil, db.Refuse("too_many_rows", "file", "This file has more than %d rows. Split it and import one part after the other.", maxRows).With("max", maxRows)
		default:
			t.lines = append(t.lines, l)
		}
	}
	if t.header == nil {
		return nil, unknownFile("It is empty.")
	}
	return t, nil
}

// blank says whether a row has nothing in it; a broken or wider one has.
func (l line) blank() bool {
	return l.quote == "" && l.width <= len(l.cells) && strings.TrimSpace(strings.Join(l.cells, "")) == ""
}

// decode makes UTF-8 text of UTF-8 or, by its byte order mark, UTF-16. Any other encoding would be a guess.
func decode(data []byte) (string, error) {
	unknown := db.Refuse("unknown_encoding", "file", `This file is not written in UTF-8. Save it as "CSV UTF-8" and choose it again.`)
	text, ok := "", true
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "", unknownFile(`It is a workbook. Save it as "CSV UTF-8" and choose that file.`)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		text, ok = decode16(data[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		text, ok = decode16(data[2:], func(b []byte) uint16 { return uint16(b[0])<<8 | uint16(b[1]) })
	default:
		text = string(bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf}))
	}
	if !ok || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", unknown
	}
	return text, nil
}

func decode16(data []byte, unit func([]byte) uint16) (string, bool) {
	if len(data)%2 != 0 {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(data))
	for ; len(data) > 0; data = data[2:] {
		r := rune(unit(data))
		if utf16.IsSurrogate(r) {
			if len(data) < 4 {
				return "", false
			}
			data = data[2:]
			if r = utf16.DecodeRune(r, rune(unit(data))); r == utf8.RuneError {
				return "", false
			}
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// separatorOf is the separator that makes the most of the header row.
func separatorOf(text string) byte {
	best, most := byte(','), 0
	for _, separator := range []byte{',', ';', '\t'} {
		s := scanner{text: strings.TrimLeft(text, "\r\n"), separator: separator}
		if n := s.line(0).width; n > most {
			best, most = separator, n
		}
	}
	return best
}

// scanner goes through the cells of a text (RFC 4180, with any separator and line end).
type scanner struct {
	text      string
	at        int
	separator byte
}

func (s *scanner) done() bool { return s.at >= len(s.text) }

// line reads to the end of a row and keeps at most limit cells.
func (s *scanner) line(limit int) line {
	l := line{}
	for {
		cell, wrong := s.cell()
		if l.width++; l.width <= limit {
			l.cells = append(l.cells, cell)
		}
		if wrong != "" {
			l.quote = wrong
		}
		if s.done() {
			return l
		}
		end := s.text[s.at]
		s.at++
		switch end {
		case '\n':
			return l
		case '\r':
			if !s.done() && s.text[s.at] == '\n' {
				s.at++
			}
			return l
		}
	}
}

// cell reads one cell and stops at what ends it.
func (s *scanner) cell() (cell, wrong string) {
	if s.done() || s.text[s.at] != '"' {
		return s.plain(), ""
	}
	s.at++
	var b strings.Builder
	for {
		n := strings.IndexByte(s.text[s.at:], '"')
		if n < 0 {
			b.WriteString(s.text[s.at:])
			s.at = len(s.text)
			return b.String(), "open_quote"
		}
		b.WriteString(s.text[s.at : s.at+n])
		s.at += n + 1
		switch {
		case !s.done() && s.text[s.at] == '"':
			b.WriteByte('"')
			s.at++
		case s.done() || s.ends(s.text[s.at]):
			return b.String(), ""
		default:
			b.WriteString(s.plain())
			return b.String(), "bad_quote"
		}
	}
}

func (s *scanner) plain() string {
	start := s.at
	for !s.done() && !s.ends(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}

func (s *scanner) ends(c byte) bool { return c == s.separator || c == '\n' || c == '\r' }
