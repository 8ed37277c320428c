package table

import "strings"

// Figure says what the figures of a column are.
type Figure int

// What a column may hold: no figures, amounts of money, percentages or whole numbers.
const (
	NoFigure Figure = iota
	Money
	Rate
	Count
)

// mark is what a figure says of how decimals are written.
type mark int

const (
	noMark mark = iota // digits alone, or no figure
	pointMark
	commaMark
	eitherMark // 1,250 may be a thousand or one and a quarter
)

// markOf reads a figure as far as its marks go; decimals are those of the currency.
func markOf(s string, kind Figure, decimals int) mark {
	s = strings.TrimPrefix(s, "-")
	if strings.Trim(s, "0123456789., '’\u00a0\u202f%") != "" {
		return noMark
	}
	s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	separator, at := byte('.'), point
	if comma > point {
		separator, at = ',', comma
	}
	if at < 0 {
		return noMark
	}
	single := point < 0 || comma < 0
	switch {
	case single && strings.Count(s, string(separator)) > 1: // 1.234.567 has no decimals
		separator = '.' + ',' - separator
	case kind == Rate: // no tax is 19,000%
	case single && len(s)-at-1 == 3 && groups(s[:at]) && !(kind == Money && decimals == 3 && separator == '.'):
		return eitherMark
	}
	if separator == ',' {
		return commaMark
	}
	return pointMark
}

// groups says whether what stands before a mark can be thousands: 1 to 999.
func groups(whole string) bool {
	return len(whole) >= 1 && len(whole) <= 3 && whole[0] != '0'
}

// Evidence is what the figures of a file say of its decimals together.
type Evidence struct {
	point, comma bool
	either       string // the first figure that can be read in two ways
}

// Hear adds a figure; decimals are those of the currency.
func (e *Evidence) Hear(s string, kind Figure, decimals int) {
	switch markOf(s, kind, decimals) {
	case pointMark:
		e.point = true
	case commaMark:
		e.comma = true
	case eitherMark:
		if e.either == "" {
			e.either = s
		}
	}
}

// Decimal is what stands before the decimals where a figure leaves it open: what all others say. Where none says it, it comes with
// a question. It is empty where they contradict each other: such a figure is then refused in its row.
func (e *Evidence) Decimal() (string, *FileQuestion) {
	switch {
	case e.point && e.comma:
		return "", nil
	case e.comma:
		return DecimalComma, nil
	case e.point || e.either == "":
		return DecimalPoint, nil
	}
	digits := strings.NewReplacer(".", "", ",", "").Replace(e.either)
	at := strings.IndexAny(e.either, ".,")
	whole, parted := digits, e.either[:at]+"."+e.either[at+1:]
	q := &FileQuestion{About: "decimal", Choices: []FileChoice{{DecimalPoint, parted}, {DecimalComma, whole}}}
	if e.either[at] == ',' {
		q.Choices[0].Sample, q.Choices[1].Sample = whole, parted
	}
	for i := range q.Choices {
		q.Choices[i].Sample = e.either + " = " + q.Choices[i].Sample
	}
	return DecimalPoint, q
}

// Point is what stands before the decimals of one figure, in a file whose other figures say decimal; ok is false where that is open.
func Point(s string, kind Figure, decimals int, decimal string) (point rune, ok bool) {
	switch m := markOf(s, kind, decimals); {
	case m == commaMark, m == eitherMark && decimal == DecimalComma:
		return ',', true
	case m == eitherMark && decimal == "":
		return 0, false
	}
	return '.', true
}
