package papers

import (
	"io"
	"slices"
	"strconv"
)

// The margins of larger papers, in millimetres, and their type.
const (
	sideMargin             = 20
	topMargin, footMargin  = 15, 20
	flowSize, flowLine     = 9, 4.3
	detailSize, detailLine = 7.5, 3.6
)

// flow is a document on sheets, filled from the top down: what does not fit goes onto the next.
type flow struct {
	page
	section
	earlier          []section
	width, height, y float64
	columns          []column
	grows            int // the column that takes what the others leave
}

// section is a paper within a document: its sheets are numbered by themselves.
type section struct {
	voice
	title string // on each sheet but the first
	first int    // its first sheet
}

// column is one of a table. The one without a width takes what the others leave; its texts are wrapped, the others are cut.
type column struct {
	title string
	width float64
	right bool
}

// newFlow begins a document on A4 or Letter.
func (d Paper) newFlow(size, title, currency string) *flow {
	f := &flow{section: section{d.voice(currency), printable(title), 1}, width: 210, height: 297}
	if size == "letter" {
		f.width, f.height = 215.9, 279.4
	}
	f.page = d.open(f.width, f.height)
	f.AddPage()
	f.y = topMargin
	f.SetLineWidth(0.2)
	return f
}

// next begins another paper in the same document.
func (f *flow) next(v voice) {
	f.earlier = append(f.earlier, f.section)
	f.section = section{voice: v, first: f.PageCount() + 1}
	f.AddPage()
	f.y = topMargin
}

func (f *flow) left() float64  { return sideMargin }
func (f *flow) right() float64 { return f.width - sideMargin }
func (f *flow) inner() float64 { return f.width - 2*sideMargin }

// need begins another sheet where a height does not fit on this one any more, with the head of the table that goes on.
func (f *flow) need(height float64) {
	if f.y+height <= f.height-footMargin {
		return
	}
	f.AddPage()
	f.y = topMargin
	f.write(f.title, bold, flowSize)
	f.y += 2
	if f.columns != nil {
		f.header()
	}
}

// write puts a text on as many lines as it takes.
func (f *flow) write(text, style string, size float64) { f.writeIn(text, style, size, f.inner()) }

func (f *flow) writeIn(text, style string, size, width float64) {
	if text == "" {
		return
	}
	f.SetFont(family, style, size)
	line := size * point * 1.35
	for _, s := range f.wrap(printable(text), width, manyLines) {
		f.need(line)
		f.SetFont(family, style, size)
		f.put(f.left(), f.y+line*0.76, s)
		f.y += line
	}
}

// at puts a text to the right of a place, or to the left of it.
func (f *flow) at(x float64, text, style string, size float64, right bool) {
	f.SetFont(family, style, size)
	if text = printable(text); right {
		x -= f.wide(text)
	}
	f.put(x, f.y+flowLine*0.76, text)
}

// rule is a line across.
func (f *flow) rule() { f.Line(f.left(), f.y, f.right(), f.y) }

// table begins one; it goes on until end.
func (f *flow) table(columns ...column) {
	rest := f.inner()
	for i, c := range columns {
		if rest -= c.width; c.width == 0 {
			f.grows = i
		}
	}
	columns[f.grows].width = rest
	f.need(4 * flowLine) // a head alone at the foot would be of no use
	f.columns = columns
	f.header()
}

func (f *flow) header() {
	x := f.left()
	for _, c := range f.columns {
		if c.right {
			f.at(x+c.width, c.title, bold, detailSize, true)
		} else {
			f.at(x, c.title, bold, detailSize, false)
		}
		x += c.width
	}
	f.y += flowLine + 0.6
	f.rule()
	f.y += 0.9
}

// row puts one into the table, with details in small type below the text that is wrapped, and answers where it begins.
// It is not torn apart.
func (f *flow) row(style string, cells []string, details ...string) (top float64) {
	width := f.columns[f.grows].width - 2
	f.SetFont(family, style, flowSize)
	text := f.wrap(printable(cells[f.grows]), width, manyLines)
	f.SetFont(family, "", detailSize)
	var below []string
	for _, d := range details {
		if d = printable(d); d != "" {
			below = append(below, f.wrap(d, width, manyLines)...)
		}
	}
	height := float64(len(text))*flowLine + float64(len(below))*detailLine + 1.4
	f.need(height)
	top = f.y
	x := f.left()
	for i, c := range f.columns {
		switch {
		case i == f.grows:
			for _, s := range text {
				f.at(x, s, style, flowSize, false)
				f.y += flowLine
			}
			for _, s := range below {
				f.at(x, s, "", detailSize, false)
				f.y += detailLine
			}
			f.y = top
		case c.right:
			// A figure is never cut: it gets smaller.
			f.at(x+c.width, cells[i], style, f.size(printable(cells[i]), c.width-1, flowSize, 3), true)
		default:
			f.SetFont(family, style, flowSize)
			f.at(x, f.cut(printable(cells[i]), c.width-2), style, flowSize, false)
		}
		x += c.width
	}
	f.y = top + height
	return top
}

// end ends the table.
func (f *flow) end() {
	f.columns = nil
	f.rule()
	f.y += 2
}

// sums puts names and amounts below each other at the right edge, together on one sheet.
func (f *flow) sums(rows ...[2]string) {
	f.need(float64(len(rows)) * (flowLine + 0.6))
	for _, r := range rows {
		f.at(f.right()-34, r[0], "", flowSize, true)
		f.at(f.right(), r[1], "", flowSize, true)
		f.y += flowLine + 0.6
	}
}

// barcode puts a code between two edges as Code 128; nothing when it is too long.
func (f *flow) barcode(code string, x, width, height float64) {
	form := format{width: width, dot: 0.01, modules: []float64{0.33}, finer: []float64{0.3, 0.25, 0.22, 0.19}}
	if s, ok := symbolOf("", code); ok {
		if module := s.fit(form); module > 0 {
			s.draw(f.page, form, x, f.y, height, module)
		}
	}
}

// output numbers the sheets and writes the document.
func (f *flow) output(w io.Writer) error {
	all := append(slices.Clone(f.earlier), f.section)
	for i, s := range all {
		end := f.PageCount()
		if i+1 < len(all) {
			end = all[i+1].first - 1
		}
		for n := s.first; n <= end; n++ {
			f.SetPage(n)
			f.SetFont(family, bold, detailSize) // the library takes the type of the last page for that of this one
			f.y = f.height - footMargin + 8
			f.at(f.left(), s.title, "", detailSize, false)
			f.at(f.right(), s.say("page", "page", strconv.Itoa(n-s.first+1), "pages", strconv.Itoa(end-s.first+1)), "", detailSize, true)
		}
	}
	return f.Output(w)
}
