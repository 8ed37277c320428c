package papers

import (
	"fmt"
	"io"
)

// The formats of labels.
const (
	Roll  = "roll" // 57 x 32 mm, one to a page
	Sheet = "a4"   // 24 labels of 70 x 37 mm in 3 columns
)

// SheetLabels is how many labels a sheet has.
const SheetLabels = 24

// ShelfLabel is what one label says.
type ShelfLabel struct {
	Name, Options, SKU string
	// Codes are what may be drawn as bars: the first that fits is.
	Codes []LabelCode
	// Price and the price before, which is struck through, as they are to be read.
	Price, Was string
	Copies     int
}

// LabelCode is a code as it is scanned; where it is an EAN-8, UPC-A or EAN-13, its digits too.
type LabelCode struct{ Code, Digits string }

// format is a paper with labels on it, in millimetres.
type format struct {
	width, height float64 // of a label
	padX, padY    float64 // kept free inside it: what a printer cannot reach, and what a cutter may miss
	columns, rows int
	top           float64 // above the first row
	dot           float64 // bars begin on whole dots of the printer
	modules       []float64
	finer         []float64
}

var formats = map[string]format{
	// Label printers have 203 dots to the inch, 0.125 mm each: 3 of them are 114 % of the nominal size of an EAN, 2 are 76 %,
	// which only Code 128 may use.
	Roll: {width: 57, height: 32, padX: 2, padY: 1.6, columns: 1, rows: 1, dot: 0.125, modules: []float64{0.375}, finer: []float64{0.25, 0.19}},
	// 24 of 37 mm are 296 mm: half a millimetre is left at either end of the sheet.
	Sheet: {width: 70, height: 37, padX: 5, padY: 4.5, columns: 3, rows: 8, top: 0.5, dot: 0.01, modules: []float64{0.33}, finer: []float64{0.3, 0.25, 0.22, 0.19}},
}

func (f format) inner() float64 { return f.width - 2*f.padX }

// Labels writes labels as a PDF. On a sheet the first start-1 places are left free. It answers how many of the given labels
// have no bars, because no code of theirs fits.
func Labels(w io.Writer, d Paper, kind string, start int, labels []ShelfLabel) (barless int, err error) {
	f, ok := formats[kind]
	if !ok {
		return 0, fmt.Errorf("there are no labels of the format %q", kind)
	}
	p := d.open(f.width*float64(f.columns), map[bool]float64{true: f.height, false: 297}[f.rows == 1])
	p.SetLineWidth(0.25)
	places, at := f.columns*f.rows, 0
	if places > 1 {
		at = start - 1
	}
	blank := true
	for _, l := range labels {
		drawn := l.layOut(p, f)
		if drawn.module == 0 {
			barless++
		}
		for range l.Copies {
			if blank || at%places == 0 {
				p.AddPage()
				blank = false
			}
			place := at % places
			drawn.print(p, f, float64(place%f.columns)*f.width, f.top+float64(place/f.columns)*f.height)
			at++
		}
	}
	return barless, p.Output(w)
}

// laidOut is a label whose texts are cut to their room, to be printed as often as one likes.
type laidOut struct {
	name         []string
	options, sku string
	price, was   string
	priceSize    float64
	above        bool // the price before has no room beside the price
	symbol       symbol
	module       float64
}

const (
	nameSize, smallSize, wasSize = 9.5, 7, 8
	nameLine                     = 3.8
	smallLine                    = 3
	barsHeight                   = 10.8
	gap                          = 1.5
)

func (l ShelfLabel) layOut(p page, f format) laidOut {
	inner := f.inner()
	o := laidOut{price: printable(l.Price), was: printable(l.Was)}
	p.SetFont(family, bold, nameSize)
	o.name = p.wrap(printable(l.Name), inner, 2)
	p.SetFont(family, "", smallSize)
	o.options = printable(l.Options)
	room := inner
	if o.options != "" {
		room = max(inner/2, inner-gap-p.wide(o.options))
	}
	o.sku = p.cut(printable(l.SKU), room)
	o.options = p.cut(o.options, inner-gap-p.wide(o.sku))
	p.SetFont(family, "", wasSize)
	room = inner
	if o.was != "" {
		room -= p.wide(o.was) + gap
	}
	if o.priceSize = p.size(o.price, room, 17, 9); o.priceSize == 0 {
		o.priceSize, o.above = max(p.size(o.price, inner, 9, 6), 6), o.was != ""
	}
	for _, c := range l.Codes {
		if s, ok := symbolOf(c.Digits, c.Code); ok {
			if o.symbol, o.module = s, s.fit(f); o.module > 0 {
				break
			}
		}
	}
	return o
}

// size is the largest size, bold, in which a text fits a width, 0 when it does in none.
func (p page) size(s string, width, most, least float64) float64 {
	for size := most; size >= least; size -= 0.5 {
		if p.SetFont(family, bold, size); p.wide(s) <= width {
			return size
		}
	}
	return 0
}

// print puts a label where its upper left corner is.
func (o laidOut) print(p page, f format, left, top float64) {
	x, y := left+f.padX, top+f.padY
	right, bottom := left+f.width-f.padX, top+f.height-f.padY
	p.SetFont(family, bold, nameSize)
	for _, line := range o.name {
		y += nameLine
		p.Text(x, y-0.8, line)
	}
	p.SetFont(family, "", smallSize)
	y += smallLine
	if o.options != "" {
		p.Text(x, y-0.6, o.options)
		p.Text(right-p.wide(o.sku), y-0.6, o.sku)
	} else {
		p.Text(x, y-0.6, o.sku)
	}
	base := bottom - barsHeight - 1.9
	if o.module == 0 { // the price may have the room of the bars
		base = bottom - 4
	}
	p.SetFont(family, bold, o.priceSize)
	width := p.wide(o.price)
	p.Text(right-width, base, o.price)
	if o.was != "" {
		p.SetFont(family, "", wasSize)
		end := right - width - gap
		if o.above {
			end, base = right, base-3.3
		}
		from := end - p.wide(o.was)
		p.Text(from, base, o.was)
		p.Line(from-0.3, base-wasSize*point*0.33, end+0.3, base-wasSize*point*0.33)
	}
	if o.module > 0 {
		o.symbol.draw(p, f, left, bottom-barsHeight, barsHeight, o.module)
	}
}
