package papers

import (
	"io"

	"github.com/go-pdf/fpdf"
)

// longestRoll is how long a page of a roll may be, in millimetres: readers of PDF know no pages above 5,080.
const longestRoll = 5000

// roll is a paper without an end. What stands on it is kept until it is known how long that is: the page ends after the last line.
type roll struct {
	page
	voice
	width, margin float64 // of the paper, and what a printer cannot reach at its sides
	size, line    float64 // of its type in points, and from line to line in millimetres
	parts         []part
}

// part is what stands below each other on a paper, and is not torn apart.
type part struct {
	height float64
	draw   func(top float64)
}

// newRoll begins a roll of 80 or 58 mm; 72 or 48 of them can be printed on.
func (d Paper) newRoll(width int, currency string) *roll {
	r := &roll{voice: d.voice(currency), width: 80, margin: 4, size: 9, line: 4}
	if width == 58 {
		r.width, r.margin, r.size, r.line = 58, 5, 8, 3.6
	}
	r.page = d.open(r.width, longestRoll)
	return r
}

func (r *roll) inner() float64 { return r.width - 2*r.margin }

func (r *roll) add(height float64, draw func(top float64)) {
	r.parts = append(r.parts, part{height, draw})
}

func (r *roll) space(height float64) { r.add(height, func(float64) {}) }

// rule is a line across.
func (r *roll) rule() {
	r.add(2.4, func(top float64) { r.Line(r.margin, top+1.2, r.width-r.margin, top+1.2) })
}

// centered puts a text into the middle, on as many lines as it takes.
func (r *roll) centered(text, style string, size float64) {
	if text = printable(text); text == "" {
		return
	}
	height := size * point * 1.3
	r.SetFont(family, style, size)
	for _, s := range r.wrap(text, r.inner(), manyLines) {
		r.add(height, func(top float64) {
			r.SetFont(family, style, size)
			r.put((r.width-r.wide(s))/2, top+height*0.76, s)
		})
	}
}

// pair puts a text to the left and an amount to the right of its first line.
func (r *roll) pair(left, right, style string, size, indent float64) {
	left, right = printable(left), printable(right)
	height := r.line * size / r.size
	r.SetFont(family, style, size)
	room := r.inner() - indent
	if right != "" {
		room -= r.wide(right) + 2
	}
	if room < r.inner()/3 { // an amount that leaves no room stands below
		r.pair(left, "", style, size, indent)
		left, room = "", r.inner()
	}
	for i, s := range r.wrap(left, room, manyLines) {
		r.add(height, func(top float64) {
			r.SetFont(family, style, size)
			r.put(r.margin+indent, top+height*0.76, s)
			if i == 0 {
				r.put(r.width-r.margin-r.wide(right), top+height*0.76, right)
			}
		})
	}
}

// columns puts texts to the right of equal columns, the first to the left or, where it leaves no room for the second, above.
func (r *roll) columns(texts []string, style string, size float64) {
	height := r.line * size / r.size
	first := r.inner() * 0.22
	each := (r.inner() - first) / float64(len(texts)-1)
	r.SetFont(family, style, size)
	if r.wide(printable(texts[0]))+2 > first+each-r.wide(printable(texts[1])) {
		r.pair(texts[0], "", style, size, 0)
		texts = append([]string{""}, texts[1:]...)
	}
	r.add(height, func(top float64) {
		r.SetFont(family, style, size)
		r.put(r.margin, top+height*0.76, printable(texts[0]))
		for i, s := range texts[1:] {
			s = printable(s)
			r.put(r.margin+first+each*float64(i+1)-r.wide(s), top+height*0.76, s)
		}
	})
}

// barcode puts a code into the middle as Code 128; nothing when it is too long for the width.
func (r *roll) barcode(code string) {
	f := format{width: r.width, padX: r.margin, dot: 0.125, modules: []float64{0.375}, finer: []float64{0.25, 0.19}}
	s, ok := symbolOf("", code)
	module := 0.0
	if ok {
		module = s.fit(f)
	}
	if module > 0 {
		r.space(2)
		r.add(14, func(top float64) { s.draw(r.page, f, 0, top, 14, module) })
	}
}

// output cuts the roll after its last line, and where it would be too long for a page.
func (r *roll) output(w io.Writer) error {
	for len(r.parts) > 0 {
		height := 2 * r.margin
		n := 0
		for n < len(r.parts) && height+r.parts[n].height <= longestRoll {
			height += r.parts[n].height
			n++
		}
		r.AddPageFormat("P", fpdf.SizeType{Wd: r.width, Ht: max(height, r.width)}) // a wider one than long would be turned round
		r.SetLineWidth(0.25)
		top := r.margin
		for _, p := range r.parts[:n] {
			p.draw(top)
			top += p.height
		}
		r.parts = r.parts[n:]
	}
	return r.Output(w)
}
