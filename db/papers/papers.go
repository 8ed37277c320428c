// Package papers is what the shop prints: PDF documents made of values, without SQL.
package papers

import (
	_ "embed"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// The fonts are Inter (SIL Open Font License, font/OFL.txt): Latin, Greek and Cyrillic.
var (
	//go:embed font/Inter-Regular.ttf
	regular []byte
	//go:embed font/Inter-SemiBold.ttf
	semiBold []byte
)

const (
	family = "inter"
	bold   = "B"
	// missing stands where the fonts have no letter, so that one sees that something is missing.
	missing = '□'
	// manyLines is more than a text has, laid on lines.
	manyLines = 1000
	// point is the size of type in millimetres.
	point = 25.4 / 72
)

// Paper is what all papers of the shop have in common.
type Paper struct {
	Title    string
	Language string    // BCP 47
	At       time.Time // when it was made
	// Zone is where the clock hangs; UTC without one.
	Zone *time.Location
	// Plain leaves the file uncompressed, for tests that read it.
	Plain bool
}

// page is a document in the making; its unit is the millimetre.
type page struct{ *fpdf.Fpdf }

// open begins a document of pages of a size, which printers are told not to scale.
func (d Paper) open(width, height float64) page {
	p := page{fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})}
	p.SetCompression(!d.Plain)
	p.SetCatalogSort(true)
	p.SetCreationDate(d.At.UTC())
	p.SetModificationDate(d.At.UTC())
	p.SetProducer("Onhand", true)
	p.SetTitle(d.Title, true)
	// The library has no word for it: a comment takes the parenthesis that it adds.
	p.SetLang(d.Language + ")/ViewerPreferences<</PrintScaling/None>>%(")
	p.SetMargins(0, 0, 0)
	p.SetAutoPageBreak(false, 0)
	p.AddUTF8FontFromBytes(family, "", regular)
	p.AddUTF8FontFromBytes(family, bold, semiBold)
	p.SetFont(family, "", 9)
	return p
}

// letters is the font, to ask what it has.
var letters = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(regular)
	if err != nil {
		panic(err) // it is compiled in
	}
	return f
})

// printable is text as the fonts can print it on one line: what they lack is a box.
func printable(s string) string {
	var buffer sfnt.Buffer
	font := letters()
	s = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(s, string(missing)))), " ")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r),
			unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1 // nothing to see
		case r < ' ' || r > '\uffff': // beyond it the library cannot print
			return missing
		}
		if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
			return missing
		}
		return r
	}, s)
}

// hasAll tells whether the fonts have every letter of a text.
func hasAll(s string) bool { return printable(s) == s }

// wide is how wide a text is in the present font.
func (p page) wide(s string) float64 { return p.GetStringWidth(s) }

// put writes a text where its base line begins.
func (p page) put(x, y float64, s string) {
	if s != "" { // the library would write an empty one
		p.Text(x, y, s)
	}
}

// cut is the beginning of a text that fits a width, with a sign where something is missing.
func (p page) cut(s string, width float64) string {
	if s == "" || p.wide(s) <= width {
		return s
	}
	runes := []rune(s)
	fits := 0
	for low, high := 0, len(runes); low < high; {
		mid := (low + high + 1) / 2
		if p.wide(string(runes[:mid])+"…") <= width {
			low, fits = mid, mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:fits]), " -/,") + "…"
}

// wrap lays a text on at most so many lines of a width, broken between words where that is possible; the last is cut.
func (p page) wrap(s string, width float64, most int) (lines []string) {
	words := strings.Split(s, " ")
	for len(words) > 0 && len(lines) < most-1 {
		line := words[0]
		n := 1
		for n < len(words) && p.wide(line+" "+words[n]) <= width {
			line += " " + words[n]
			n++
		}
		if p.wide(line) > width { // one word alone
			head := p.head(line, width)
			lines, words = append(lines, head), append([]string{line[len(head):]}, words[n:]...)
			continue
		}
		lines, words = append(lines, line), words[n:]
	}
	if len(words) > 0 {
		lines = append(lines, p.cut(strings.Join(words, " "), width))
	}
	return lines
}

// head is as much of a word as fits a width, at least a letter.
func (p page) head(word string, width float64) string {
	end := 0
	for at, r := range word {
		next := at + len(string(r))
		if end > 0 && p.wide(word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}
