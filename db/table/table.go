package imports

import (
	"strings"

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
	header  []string
	lines   []line
	dialect Dialect // how it is written; the decimal is not known yet
	asks    []ImportQuestion
}

// line is one row with something in it. Its number is the spreadsheet's: the header is 1, empty rows count, and line breaks
// within a cell do not.
type line struct {
	number int
	cells  []string
	width  int    // how many cells the file has in this row
	filled bool   // whether any of them, also beyond the header, has something in it
	quote  string // what is wrong with its quotes: bad_quote, open_quote or nothing
}

// readTable reads a file of values separated by comma, semicolon or tab. Known says whether a header row is one that is
// recognised. It fails with what is wrong with the file as a whole: unknown_file, unknown_encoding, too_many_rows.
func readTable(data []byte, in Dialect, known func(header []string) bool) (*table, error) {
	text, encoding, ask, err := decode(data, in.Encoding)
	if err != nil {
		return nil, err
	}
	t := &table{dialect: Dialect{Encoding: encoding, Separator: in.Separator, Decimal: in.Decimal}}
	t.ask(ask)
	if t.dialect.Separator == "" {
		t.dialect.Separator, text = said(text)
	}
	if t.dialect.Separator == "" {
		t.dialect.Separator, ask = separatorOf(text, known)
		t.ask(ask)
	}
	return t, t.read(&scanner{text: text, separator: separators[t.dialect.Separator]})
}

// ask notes a question, if it is one.
func (t *table) ask(q *ImportQuestion) {
	if q != nil {
		t.asks = append(t.asks, *q)
	}
}

func (t *table) read(s *scanner) error {
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
			return unknownFile("Its first row is no header row.")
		case t.header == nil:
			t.header = l.cells
		case len(t.lines) == maxRows:
			return db.Refuse("too_many_rows", "file", "This file has more than %d rows. Split it and import one part after the other.", maxRows).With("max", maxRows)
		default:
			t.lines = append(t.lines, l)
		}
	}
	if t.header == nil {
		return unknownFile("It is empty.")
	}
	return nil
}

// blank says whether a row has nothing in it; a broken one has.
func (l line) blank() bool { return l.quote == "" && !l.filled }

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
		l.filled = l.filled || strings.TrimSpace(cell) != ""
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
