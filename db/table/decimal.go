package imports

import (
	"strings"

	"onhand/db"
)

// figureKind says how the figures of a column are written.
type figureKind int

// What a column may hold: no figures, amounts of money, percentages or whole numbers.
const (
	noFigure figureKind = iota
	moneyFigure
	rateFigure
	countFigure
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
func markOf(s string, kind figureKind, decimals int) mark {
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
	case kind == rateFigure: // no tax is 19,000%
	case single && len(s)-at-1 == 3 && groups(s[:at]) && !(kind == moneyFigure && decimals == 3 && separator == '.'):
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

// evidence is what the figures of a file say of its decimals together.
type evidence struct {
	point, comma bool
	either       string // the first figure that can be read in two ways
}

func (e *evidence) hear(s string, kind figureKind, decimals int) {
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

// decimal is what stands before the decimals where a figure leaves it open: what all others say. Where none says it, it comes with
// a question. It is empty where they contradict each other: such a figure is then refused in its row.
func (e *evidence) decimal() (string, *ImportQuestion) {
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
	q := &ImportQuestion{About: "decimal", Choices: []ImportChoice{{DecimalPoint, parted}, {DecimalComma, whole}}}
	if e.either[at] == ',' {
		q.Choices[0].Sample, q.Choices[1].Sample = whole, parted
	}
	for i := range q.Choices {
		q.Choices[i].Sample = e.either + " = " + q.Choices[i].Sample
	}
	return DecimalPoint, q
}

// decimalRune is what stands before the decimals of one figure in a file, or a refusal where that is open.
func decimalRune(s string, kind figureKind, decimals int, decimal string) (rune, *db.Error) {
	switch m := markOf(s, kind, decimals); {
	case m == commaMark, m == eitherMark && decimal == DecimalComma:
		return ',', nil
	case m == eitherMark && decimal == "":
		return 0, db.Refuse("ambiguous_amount", "", "%s can mean two amounts. Write it without a thousands mark and with a point before the decimals.", s).With("value", s)
	}
	return '.', nil
}
