package papers

import (
	"math"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
)

// symbol is a barcode before it has a size: its modules from the first bar to the last, and what is printed below.
type symbol struct {
	dark        []bool
	left, right int      // modules of the quiet zones
	guards      [][2]int // modules, from and up to, whose bars reach between the digits
	texts       []caption
	free        bool // Code 128, whose modules may shrink further
}

// caption is a text below some modules, from and up to; they may lie in a quiet zone.
type caption struct {
	from, to int
	text     string
}

// symbolOf draws a code as what scanners at a till expect: an EAN-13, EAN-8 or UPC-A where its digits are one, else Code 128.
// ok is false for what has letters that no barcode of these has.
func symbolOf(digits, code string) (s symbol, ok bool) {
	switch len(digits) {
	case 8:
		drawn, err := ean.Encode(digits)
		return symbol{dark: modules(drawn), left: 7, right: 7, guards: [][2]int{{0, 3}, {31, 36}, {64, 67}},
			texts: []caption{{3, 31, digits[:4]}, {36, 64, digits[4:]}}}, err == nil
	case 12:
		drawn, err := ean.Encode("0" + digits)
		return symbol{dark: modules(drawn), left: 9, right: 9, guards: [][2]int{{0, 10}, {45, 50}, {85, 95}},
			texts: []caption{{-9, -1, digits[:1]}, {10, 45, digits[1:6]}, {50, 85, digits[6:11]}, {96, 104, digits[11:]}}}, err == nil
	case 13:
		drawn, err := ean.Encode(digits)
		return symbol{dark: modules(drawn), left: 11, right: 7, guards: [][2]int{{0, 3}, {45, 50}, {92, 95}},
			texts: []caption{{-10, -1, digits[:1]}, {3, 45, digits[1:7]}, {50, 92, digits[7:]}}}, err == nil
	}
	return code128Of(code)
}

func code128Of(code string) (symbol, bool) {
	if code == "" || strings.ContainsFunc(code, func(r rune) bool { return r < ' ' || r > '~' }) { // ñ and its like are commands to the encoder
		return symbol{}, false
	}
	drawn, err := code128.Encode(code)
	if err != nil {
		return symbol{}, false
	}
	dark := modules(drawn)
	return symbol{dark: dark, left: 10, right: 10, texts: []caption{{0, len(dark), code}}, free: true}, true
}

func modules(drawn barcode.Barcode) []bool {
	if drawn == nil {
		return nil
	}
	box := drawn.Bounds()
	dark := make([]bool, box.Dx())
	for x := range dark {
		r, _, _, _ := drawn.At(box.Min.X+x, box.Min.Y).RGBA()
		dark[x] = r == 0
	}
	return dark
}

// fit is the widest module, in millimetres, with which the bars fit into one width and the bars with their quiet zones into
// another; 0 when none that can be read does. The steps are whole dots of the printer meant; the last of Code 128 is the least
// that GS1 allows at a till.
func (s symbol) fit(f format) float64 {
	steps := f.modules
	if s.free {
		steps = append(append([]float64{}, steps...), f.finer...)
	}
	n := float64(len(s.dark))
	quiet := 2 * float64(max(s.left, s.right))
	for _, x := range steps {
		if n*x <= f.inner() && (n+quiet)*x <= f.width {
			return x
		}
	}
	return 0
}

// draw puts the bars into the middle of a width, with modules of a size, and the text below, as high as given in all.
func (s symbol) draw(p page, f format, left, top, height, module float64) {
	const text = 2.4 // millimetres for the digits
	x0 := left + (f.width-float64(len(s.dark))*module)/2
	x0 = left + math.Round((x0-left)/f.dot)*f.dot
	bars := height - text
	for from := 0; from < len(s.dark); {
		to := from
		for to < len(s.dark) && s.dark[to] == s.dark[from] {
			to++
		}
		if s.dark[from] {
			h := bars
			if s.guards != nil && s.guard(from) {
				h += 5 * module // as much as GS1 draws
			}
			p.Rect(x0+float64(from)*module, top, float64(to-from)*module, min(h, height), "F")
		}
		from = to
	}
	p.SetFont(family, "", 7.5)
	for _, c := range s.texts {
		from, width := x0+float64(c.from)*module, float64(c.to-c.from)*module
		if s.free { // it may be longer than its bars
			from, width = left+f.padX, f.inner()
		}
		t := p.cut(printable(c.text), width)
		p.Text(from+(width-p.wide(t))/2, top+height-0.1, t)
	}
}

func (s symbol) guard(module int) bool {
	for _, g := range s.guards {
		if module >= g[0] && module < g[1] {
			return true
		}
	}
	return false
}
