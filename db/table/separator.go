package table

import "strings"

// judgedRows is how many rows say which separator is theirs.
const judgedRows = 1_000

var separators = map[string]byte{SeparatorComma: ',', SeparatorSemicolon: ';', SeparatorTab: '\t'}

// said takes off the line "sep=;" with which a file may tell a spreadsheet its separator.
func said(text string) (separator, rest string) {
	first := text[:max(0, strings.IndexAny(text, "\r\n"))]
	for name, c := range separators {
		if strings.EqualFold(first, "sep="+string(c)) {
			return name, text[len(first):]
		}
	}
	return "", text
}

// cut is what one separator makes of the first rows of a file.
type cut struct {
	separator string
	header    []string
	even      bool // all rows are as wide as the header
}

// separatorOf is the one separator that makes columns of the header row; of several, the one that makes every row as wide as the
// header, or else the one that makes a header row that is recognised. Where that leaves a doubt, it comes with a question.
func separatorOf(text string, known func(header []string) bool) (string, *FileQuestion) {
	var cuts []cut
	for _, name := range []string{SeparatorComma, SeparatorSemicolon, SeparatorTab} {
		if c, ok := cutBy(text, name); ok {
			cuts = append(cuts, c)
		}
	}
	for _, better := range []func(cut) bool{func(c cut) bool { return c.even }, func(c cut) bool { return known(c.header) }} {
		if len(cuts) > 1 {
			if some := only(cuts, better); len(some) > 0 {
				cuts = some
			}
		}
	}
	if len(cuts) == 0 {
		return SeparatorComma, nil // one column, however it is cut
	}
	if len(cuts) == 1 {
		return cuts[0].separator, nil
	}
	q := &FileQuestion{About: "separator"}
	for _, c := range cuts {
		q.Choices = append(q.Choices, FileChoice{c.separator, strings.Join(c.header[:min(len(c.header), 5)], " | ")})
	}
	return cuts[0].separator, q
}

func only(cuts []cut, which func(cut) bool) (some []cut) {
	for _, c := range cuts {
		if which(c) {
			some = append(some, c)
		}
	}
	return some
}

// cutBy tries a separator; ok says whether it makes columns of a whole header row.
func cutBy(text, name string) (c cut, ok bool) {
	c = cut{separator: name, even: true}
	s := &scanner{text: text, separator: separators[name]}
	for n := 0; !s.done() && n <= judgedRows; {
		l := s.line(MostColumns)
		switch {
		case l.blank():
			continue
		case c.header == nil && (l.Width < 2 || l.Quote != ""):
			return c, false
		case c.header == nil:
			c.header = l.Cells
		case l.Width != len(c.header) || l.Quote != "":
			c.even = false
		}
		n++
	}
	return c, c.header != nil
}
