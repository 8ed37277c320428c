// Package table reads files of values as a spreadsheet shows them, in whatever encoding and with whatever separator they come. What a
// file does not show of itself is a question, never a guess. What the values mean is for others to say.
package table

import (
	"errors"
	"iter"
	"slices"
	"strings"
)

// The sizes of a file.
const (
	MostRows    = 50_000
	MostColumns = 1_000
)

// What is wrong with a file as a whole.
var (
	ErrWorkbook    = errors.New("it is a workbook, not a file of values")
	ErrBinary      = errors.New("it is no file of values")
	ErrLetters     = errors.New("its letters cannot be read")
	ErrNoHeader    = errors.New("its first row is no header row")
	ErrEmpty       = errors.New("it is empty")
	ErrTooManyRows = errors.New("it has too many rows")
)

// File is a file as a spreadsheet shows it.
type File struct {
	Header  []string
	Lines   []Line
	Dialect Dialect // how it is written; the decimal is not known yet
	Asks    []FileQuestion
}

// Line is one row with something in it. Its number is the spreadsheet's: the header is 1, empty rows count, and line breaks
// within a cell do not.
type Line struct {
	Number int
	Cells  []string // at most as many as the header has
	Width  int      // how many cells the file has in this row
	Quote  string   // what is wrong with its quotes: bad_quote, open_quote or nothing
	filled bool     // whether any of them, also beyond the header, has something in it
}

// Read reads a file of values separated by comma, semicolon or tab. Known says whether a header row is one that is recognised. It
// fails with what is wrong with the file as a whole.
func Read(data []byte, in Dialect, known func(header []string) bool) (*File, error) {
	text, encoding, ask, err := decode(data, in.Encoding)
	if err != nil {
		return nil, err
	}
	f := &File{Dialect: Dialect{Encoding: encoding, Separator: in.Separator, Decimal: in.Decimal}}
	f.Ask(ask)
	separator, text := said(text)
	if f.Dialect.Separator == "" {
		f.Dialect.Separator = separator
	}
	if f.Dialect.Separator == "" {
		f.Dialect.Separator, ask = separatorOf(text, known)
		f.Ask(ask)
	}
	return f, f.read(&scanner{text: text, separator: separators[f.Dialect.Separator]})
}

// Ask notes a question, if it is one.
func (f *File) Ask(q *FileQuestion) {
	if q != nil {
		f.Asks = append(f.Asks, *q)
	}
}

func (f *File) read(s *scanner) error {
	for l := range s.lines(func() int {
		if f.Header == nil {
			return MostColumns
		}
		return len(f.Header)
	}) {
		switch {
		case f.Header == nil && (l.Width > MostColumns || l.Quote != ""):
			return ErrNoHeader
		case f.Header == nil:
			f.Header = l.Cells
		case len(f.Lines) == MostRows:
			return ErrTooManyRows
		default:
			f.Lines = append(f.Lines, l)
		}
	}
	if f.Header == nil {
		return ErrEmpty
	}
	return nil
}

// Rows are the rows of a file of which all is known, its header first, with all their cells, and what separates them.
func Rows(data []byte, d Dialect) (rows iter.Seq[Line], separator rune, err error) {
	text, _, _, err := decode(data, d.Encoding)
	if err != nil {
		return nil, 0, err
	}
	_, text = said(text)
	s := &scanner{text: text, separator: separators[d.Separator]}
	return s.lines(func() int { return MostColumns }), rune(s.separator), nil
}

// lines are the rows with something in them; each keeps at most limit cells.
func (s *scanner) lines(limit func() int) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for number := 1; !s.done(); number++ {
			l := s.line(limit())
			if l.Number = number; !l.blank() && !yield(l) {
				return
			}
		}
	}
}

// blank says whether a row has nothing in it; a broken one has.
func (l Line) blank() bool { return l.Quote == "" && !l.filled }

// scanner goes through the cells of a text (RFC 4180, with any separator and line end).
type scanner struct {
	text      string
	at        int
	separator byte
	cells     []string // of the row that is read
}

func (s *scanner) done() bool { return s.at >= len(s.text) }

// line reads to the end of a row and keeps at most limit cells.
func (s *scanner) line(limit int) Line {
	l := Line{}
	s.cells = s.cells[:0]
	for ended := false; !ended; ended = s.ended() {
		cell, wrong := s.cell()
		if l.Width++; l.Width <= limit {
			s.cells = append(s.cells, cell)
		}
		l.filled = l.filled || strings.TrimSpace(cell) != ""
		if wrong != "" {
			l.Quote = wrong
		}
	}
	l.Cells = slices.Clone(s.cells) // with no room for more: a file is held whole until it is understood
	return l
}

// ended goes past what ends a cell and says whether the row ends with it.
func (s *scanner) ended() bool {
	if s.done() {
		return true
	}
	end := s.text[s.at]
	s.at++
	if end == '\r' && !s.done() && s.text[s.at] == '\n' {
		s.at++
	}
	return end == '\n' || end == '\r'
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
