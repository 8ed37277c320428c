package papers_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"onhand/db/money"
	"onhand/db/papers"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	keep   = flag.String("keep", "", "a folder to leave the documents in, to look at")
)

var paper = papers.Paper{Title: "Labels", Language: "en", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Plain: true}

func code(digits string) papers.LabelCode { return papers.LabelCode{Code: digits, Digits: digits} }

func free(text string) papers.LabelCode { return papers.LabelCode{Code: text} }

func label(copies int, codes ...papers.LabelCode) papers.ShelfLabel {
	return papers.ShelfLabel{Name: "Blue mug", SKU: "MUG-B", Price: "€12.50", Copies: copies, Codes: codes}
}

var shelf = []papers.ShelfLabel{
	{Name: "Blue mug", SKU: "MUG-B", Price: "€12.50", Was: "€15.00", Copies: 1, Codes: []papers.LabelCode{code("4006381333931")}},
	{Name: "Organic cotton hoodie with a very long name that nobody would fit on any label of this size", Options: "XXL / Midnight blue", SKU: "HOODIE-XXL-MIDNIGHT", Price: "€1,249.00",
		Was: "€1,499.00", Copies: 1, Codes: []papers.LabelCode{free("HOODIE-XXL-MIDNIGHT")}},
	{Name: "Größe Äpfel süß, ẞ – ½ Brötchen", Options: "Größe M", SKU: "ÄPFEL", Price: "1.250,00 €", Copies: 1, Codes: []papers.LabelCode{code("416000336108")}},
	{Name: "Чашка синяя", Options: "Большая", SKU: "CUP-RU", Price: "KWD 1,234.500", Copies: 1, Codes: []papers.LabelCode{code("73513537")}},
	{Name: "Κούπα μπλε", SKU: "CUP-GR", Price: "¥1,250", Copies: 1, Codes: []papers.LabelCode{free("10012345678902")}},
	{Name: "Taza 🍵 茶 mit Zug", SKU: "TEA", Price: "KWD 9,007,199,254,740.991", Was: "KWD 9,007,199,254,740.991", Copies: 1, Codes: []papers.LabelCode{free("ñandú"), free("TEA")}},
	{Name: "Donaudampfschifffahrtsgesellschaftskapitänsmützenbandschleifenfabrik", SKU: "A-SKU-THAT-IS-FAR-TOO-LONG-FOR-ANY-BARCODE-ON-SUCH-A-LABEL", Price: "€3.00", Copies: 1,
		Codes: []papers.LabelCode{free("A-SKU-THAT-IS-FAR-TOO-LONG-FOR-ANY-BARCODE-ON-SUCH-A-LABEL")}},
	{Name: "Bolt (M8) \\ nut", SKU: "0042", Price: "€0.05", Copies: 1, Codes: []papers.LabelCode{free("0042")}},
}

func TestLabelsAreTheSameToTheByteAndAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{papers.Roll, papers.Sheet} {
		first, barless := printed(t, paper, kind, 3, shelf)
		second, _ := printed(t, paper, kind, 3, shelf)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: the same labels are another file", kind)
		}
		if barless != 1 {
			t.Errorf("%s: %d labels have no bars, want the one whose SKU is too long", kind, barless)
		}
		golden(t, kind+".txt", outline(t, first)+"sha256 "+sum(first)+"\n")
		if *keep != "" {
			packed := paper
			packed.Plain = false
			small, _ := printed(t, packed, kind, 3, shelf)
			if err := os.WriteFile(filepath.Join(*keep, kind+".pdf"), small, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestBarsAreThoseOfTheCodeWithRoomAroundThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		codes []papers.LabelCode
		want  barcode.Barcode
		quiet int // modules left and right
		least float64
		text  string
	}{
		{[]papers.LabelCode{code("4006381333931")}, mustEAN(t, "4006381333931"), 11, 0.264, "4|006381|333931"},
		{[]papers.LabelCode{code("416000336108")}, mustEAN(t, "0416000336108"), 9, 0.264, "4|16000|33610|8"},
		{[]papers.LabelCode{code("73513537")}, mustEAN(t, "73513537"), 7, 0.264, "7351|3537"},
		{[]papers.LabelCode{free("MUG-B")}, must128(t, "MUG-B"), 10, 0.25, "MUG-B"},
		{[]papers.LabelCode{free("0042")}, must128(t, "0042"), 10, 0.25, "0042"},
		{[]papers.LabelCode{code("10012345678902")}, must128(t, "10012345678902"), 10, 0.25, "10012345678902"},
		{[]papers.LabelCode{code("123456789012345675")}, must128(t, "123456789012345675"), 10, 0.25, "123456789012345675"},
		{[]papers.LabelCode{free("HOODIE-XXL-NAVY-1")}, must128(t, "HOODIE-XXL-NAVY-1"), 10, 0.19, "HOODIE-XXL-NAVY-1"},
		{[]papers.LabelCode{free("Ж-1"), free("ñ-1"), free(strings.Repeat("LONG", 16)), free("MUG-B")}, must128(t, "MUG-B"), 10, 0.25, "MUG-B"},
	} {
		for kind, width := range map[string]float64{papers.Roll: 57, papers.Sheet: 70} {
			pdf, barless := printed(t, paper, kind, 1, []papers.ShelfLabel{label(1, c.codes...)})
			bars := pagesOf(t, pdf)[0].bars
			module, got := decoded(t, bars)
			if want := modulesOf(c.want); got != want || barless != 0 {
				t.Errorf("%s %s: drawn %s\nwant %s", kind, c.text, got, want)
			}
			if module < c.least-0.002 {
				t.Errorf("%s %s: modules of %.3f mm, want at least %.3f", kind, c.text, module, c.least)
			}
			left, right := bars[0].x, width-bars[len(bars)-1].x-bars[len(bars)-1].w
			if quiet := float64(c.quiet) * module; left < quiet-0.01 || right < quiet-0.01 {
				t.Errorf("%s %s: %.2f mm left and %.2f mm right, want %.2f", kind, c.text, left, right, quiet)
			}
			if low := slices.MinFunc(bars, func(a, b rect) int { return int(1000 * (a.h - b.h)) }); low.h < 8 {
				t.Errorf("%s %s: the bars are %.1f mm high", kind, c.text, low.h)
			}
			all := strings.Join(texts(pagesOf(t, pdf)[0]), "|")
			if !strings.HasSuffix(all, c.text) {
				t.Errorf("%s: below the bars of %s: %s", kind, c.text, all)
			}
		}
	}
}

func TestASheetBeginsWhereItIsToldAndGoesOnOverPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, copies, pages int
		x, y                 float64 // of the first label's name, in millimetres
	}{{1, 24, 1, 5, 0.5 + 4.5}, {1, 25, 2, 5, 5}, {2, 1, 1, 75, 5}, {24, 1, 1, 145, 0.5 + 7*37 + 4.5}, {24, 2, 2, 145, 264}, {5, 200, 9, 75, 42}} {
		pdf, _ := printed(t, paper, papers.Sheet, c.start, []papers.ShelfLabel{label(c.copies-1, code("4006381333931")), label(1, free("MUG-B"))})
		pages := pagesOf(t, pdf)
		if len(pages) != c.pages {
			t.Errorf("%d labels from %d on are %d pages, want %d", c.copies, c.start, len(pages), c.pages)
		}
		first := pages[0].texts[0]
		if first.text != "Blue mug" || math.Abs(first.x-c.x) > 0.1 || first.y < c.y || first.y > c.y+4 {
			t.Errorf("from %d on it begins with %+v, want it below %.1f,%.1f", c.start, first, c.x, c.y)
		}
		names := 0
		for _, p := range pages {
			for _, s := range p.texts {
				if s.text == "Blue mug" {
					names++
				}
			}
			p.within(t, 210, 297, 4.9)
		}
		if names != c.copies {
			t.Errorf("%d labels are there, want %d", names, c.copies)
		}
	}
	pdf, _ := printed(t, paper, papers.Roll, 7, []papers.ShelfLabel{label(3, code("4006381333931"))})
	if n := len(pagesOf(t, pdf)); n != 3 {
		t.Errorf("three labels of a roll are %d pages", n)
	}
}

func TestWhatALabelSaysStaysOnIt(t *testing.T) {
	t.Parallel()
	for i, l := range shelf {
		pdf, _ := printed(t, paper, papers.Roll, 1, []papers.ShelfLabel{l})
		p := pagesOf(t, pdf)[0]
		p.within(t, 57, 32, 1.5)
		all := strings.Join(texts(p), "|")
		if !strings.Contains(all, l.Price) || !strings.Contains(all, l.Was) {
			t.Errorf("label %d does not say its price: %s", i, all)
		}
	}
	for say, want := range map[string]string{"Taza 🍵 茶": "Taza □ □", "\U0001f139azz": "□azz", "שלום": "□□□□", "a\u0301\u00ad\u200bb": "áb", " two\n lines ": "two lines", "\xff": "□"} {
		pdf, _ := printed(t, paper, papers.Roll, 1, []papers.ShelfLabel{{Name: say, SKU: "A", Price: "1", Copies: 1}})
		if got := texts(pagesOf(t, pdf)[0])[0]; got != want {
			t.Errorf("%q is printed as %q, want %q", say, got, want)
		}
	}
	long := strings.Repeat("mug ", 50)
	pdf, _ := printed(t, paper, papers.Roll, 1, []papers.ShelfLabel{{Name: long, SKU: "A", Price: "1", Copies: 1}})
	if got := texts(pagesOf(t, pdf)[0]); strings.HasSuffix(got[0], "…") || !strings.HasSuffix(got[1], "mug…") || got[2] != "A" {
		t.Errorf("a long name is printed as %q", got)
	}
}

// What the fonts lack is a box, never nothing, whatever a thing is called: each letter is drawn by a glyph with an outline.
func TestEveryLetterOfANaughtyNameIsDrawnOrABox(t *testing.T) {
	t.Parallel()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	var names []string
	b, err := os.ReadFile(filepath.Join(root, "data", "naughty_strings", "blns.json"))
	if err == nil {
		err = json.Unmarshal(b, &names)
	}
	if err != nil || len(names) < 500 {
		t.Fatalf("%d names: %v", len(names), err)
	}
	fonts := map[string]*sfnt.Font{"SemiBold": fontOf(t, "SemiBold"), "Regular": fontOf(t, "Regular")}
	boxed := 0
	var labels []papers.ShelfLabel
	for _, name := range names {
		labels = append(labels, papers.ShelfLabel{Name: name, Options: name, SKU: "A", Price: "1", Copies: 1})
	}
	pdf, _ := printed(t, paper, papers.Roll, 1, labels)
	pages := pagesOf(t, pdf)
	if len(pages) != len(names) {
		t.Fatalf("%d names are %d labels", len(names), len(pages))
	}
	for i, name := range names {
		drawn := texts(pages[i])
		drawn = drawn[:len(drawn)-2] // without SKU and price
		want := lettersOf(fonts["SemiBold"], name)
		for font, got := range map[string]string{"SemiBold": strings.Join(drawn[:max(1, len(drawn)-1)], ""), "Regular": drawn[len(drawn)-1]} {
			for _, r := range got {
				if r != ' ' && !outlined(fonts[font], r) {
					t.Errorf("%q has %q, which %s draws as nothing", name, r, font)
				}
			}
			got = strings.ReplaceAll(got, " ", "")
			if whole, cut := strings.CutSuffix(got, "…"); got != want && !(cut && whole != "" && strings.HasPrefix(want, whole)) {
				t.Errorf("%q is printed as %q, want %q", name, got, want)
			}
		}
		boxed += strings.Count(want, "□")
	}
	if boxed < 100 {
		t.Errorf("only %d letters are lacking", boxed)
	}
}

func fontOf(t *testing.T, weight string) *sfnt.Font {
	t.Helper()
	b, err := os.ReadFile("font/Inter-" + weight + ".ttf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := sfnt.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// outlined tells whether a font draws something for a letter.
func outlined(f *sfnt.Font, r rune) bool {
	var b sfnt.Buffer
	glyph, err := f.GlyphIndex(&b, r)
	if err != nil || glyph == 0 {
		return false
	}
	segments, err := f.LoadGlyph(&b, glyph, fixed.I(100), nil)
	return err == nil && len(segments) > 0
}

// lettersOf is what there is to see of a name, without spaces.
func lettersOf(f *sfnt.Font, name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r), unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		case r > '\uffff' || !outlined(f, r):
			return '□'
		}
		return r
	}, norm.NFC.String(name))
}

func TestPricesAreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct {
		amount               int64
		currency, lang, want string
	}{
		{1250, "EUR", "en", "€12.50"}, {1250, "EUR", "de", "12,50\u00a0€"}, {125000, "EUR", "en", "€1,250.00"}, {123456789, "EUR", "de", "1.234.567,89\u00a0€"},
		{1250, "JPY", "en", "¥1,250"}, {1250, "JPY", "de", "1.250\u00a0¥"}, {1250, "KWD", "en", "KWD\u00a01.250"}, {5, "KWD", "de", "0,005\u00a0KWD"}, {0, "USD", "en", "$0.00"},
		{1250, "CHF", "de", "12,50\u00a0CHF"}, {999, "GBP", "en", "£9.99"}, {1, "ZWG", "en", "ZWG\u00a00.01"},
		{-1250, "EUR", "en", "−€12.50"}, {-1250, "EUR", "de", "−12,50\u00a0€"},
	} {
		if got := papers.Price(money.Amount(c.amount), c.currency, c.lang); got != c.want {
			t.Errorf("%d %s in %s is %q, want %q", c.amount, c.currency, c.lang, got, c.want)
		}
	}
}

func TestPrintersAreToldNotToScale(t *testing.T) {
	pdf, _ := printed(t, paper, papers.Sheet, 1, []papers.ShelfLabel{label(1)})
	for _, want := range []string{"/Lang (en)/ViewerPreferences<</PrintScaling/None>>%()\n", "/CreationDate (D:20261120090000)", "/MediaBox [0 0 595.28 841.89]"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the document does not say %s", want)
		}
	}
	if _, err := papers.Labels(&bytes.Buffer{}, paper, "a5", 1, nil); err == nil {
		t.Error("there are labels of any format")
	}
}

// FuzzLabel prints whatever a product may be called.
func FuzzLabel(f *testing.F) {
	for _, seed := range []string{"Blue mug", "", " ", "🍵", "a\x00b", "\xff\xfe", "ñ", "\u202eabc", strings.Repeat("W", 300), "()\\", "א", "\uffff\U0010ffff"} {
		f.Add(seed, seed, seed)
	}
	f.Fuzz(func(t *testing.T, name, options, code string) {
		l := papers.ShelfLabel{Name: name, Options: options, SKU: code, Price: options, Was: code, Copies: 1, Codes: []papers.LabelCode{free(code)}}
		for _, kind := range []string{papers.Roll, papers.Sheet} {
			if _, err := papers.Labels(&bytes.Buffer{}, paper, kind, 1, []papers.ShelfLabel{l}); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
	})
}

func BenchmarkLabels(b *testing.B) {
	packed := paper
	packed.Plain = false
	for b.Loop() {
		if _, err := papers.Labels(&bytes.Buffer{}, packed, papers.Sheet, 1, []papers.ShelfLabel{label(200, code("4006381333931"))}); err != nil {
			b.Fatal(err)
		}
	}
}

func printed(t testing.TB, d papers.Paper, kind string, start int, labels []papers.ShelfLabel) ([]byte, int) {
	t.Helper()
	var out bytes.Buffer
	barless, err := papers.Labels(&out, d, kind, start, labels)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), barless
}

// sheet is what is on a page, in millimetres from its upper left corner.
type sheet struct {
	bars  []rect
	lines []rect
	texts []said
}

type rect struct{ x, y, w, h float64 }

type said struct {
	x, y float64
	text string
}

var (
	streams = regexp.MustCompile(`(?s)<</Length \d+>>\nstream\n(.*?)\nendstream`)
	boxes   = regexp.MustCompile(`(?m)^([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) re f$`)
	strokes = regexp.MustCompile(`(?m)^([\d.-]+) ([\d.-]+) m ([\d.-]+) ([\d.-]+) l S$`)
	spoken  = regexp.MustCompile(`(?s)BT ([\d.-]+) ([\d.-]+) Td \((.*?)\)\s*Tj ET`)
	media   = regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
)

const mm = 25.4 / 72

// pagesOf reads a plain document as far as these tests need it.
func pagesOf(t testing.TB, pdf []byte) (pages []sheet) {
	t.Helper()
	size := media.FindSubmatch(pdf)
	if size == nil {
		t.Fatal("the document has no size")
	}
	height := number(string(size[2]))
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		content := string(s[1])
		if !strings.Contains(content, "BT ") {
			continue
		}
		var p sheet
		for _, m := range boxes.FindAllStringSubmatch(content, -1) {
			x, y, w, h := number(m[1]), number(m[2]), number(m[3]), -number(m[4])
			p.bars = append(p.bars, rect{x * mm, (height - y) * mm, w * mm, h * mm})
		}
		for _, m := range strokes.FindAllStringSubmatch(content, -1) {
			p.lines = append(p.lines, rect{number(m[1]) * mm, (height - number(m[2])) * mm, (number(m[3]) - number(m[1])) * mm, 0})
		}
		for _, m := range spoken.FindAllStringSubmatch(content, -1) {
			p.texts = append(p.texts, said{x: number(m[1]) * mm, y: (height - number(m[2])) * mm, text: unicoded(m[3])})
		}
		pages = append(pages, p)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n != len(pages) {
		t.Fatalf("the document has %d pages, %d were read", n, len(pages))
	}
	return pages
}

func (p sheet) within(t testing.TB, width, height, margin float64) {
	t.Helper()
	for _, r := range append(slices.Clone(p.bars), p.lines...) {
		if r.x < margin-0.5 || r.x+r.w > width-margin+0.5 || r.y < margin || r.y+r.h > height-margin {
			t.Errorf("%+v is too near to the edge", r)
		}
	}
	for _, s := range p.texts {
		if s.x < margin || s.x > width-margin || s.y < margin || s.y > height-margin {
			t.Errorf("%+v is too near to the edge", s)
		}
	}
}

func texts(p sheet) (all []string) {
	for _, s := range p.texts {
		all = append(all, s.text)
	}
	return all
}

// unicoded is the text of an escaped string of UTF-16.
func unicoded(s string) string {
	plain := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(s)
	units := make([]uint16, len(plain)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16([]byte(plain[2*i:]))
	}
	return string(utf16.Decode(units))
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// decoded measures bars as a scanner does: the narrowest bar or space is near a module, and each is a whole number of them.
func decoded(t *testing.T, bars []rect) (module float64, drawn string) {
	t.Helper()
	narrow := math.Inf(1)
	for _, b := range bars {
		narrow = min(narrow, b.w)
	}
	last := bars[len(bars)-1]
	whole := last.x + last.w - bars[0].x
	module = whole / math.Round(whole/narrow)
	count := func(width float64) int {
		n := math.Round(width / module)
		if math.Abs(width-n*module) > 0.06*module {
			t.Errorf("%.4f mm is no whole number of modules of %.4f mm", width, module)
		}
		return int(n)
	}
	end := bars[0].x
	for _, b := range bars {
		drawn += strings.Repeat("0", count(b.x-end)) + strings.Repeat("1", count(b.w))
		end = b.x + b.w
	}
	return module, drawn
}

func modulesOf(b barcode.Barcode) string {
	var out strings.Builder
	for x := range b.Bounds().Dx() {
		r, _, _, _ := b.At(x, 0).RGBA()
		out.WriteByte("10"[min(r, 1)])
	}
	return out.String()
}

func mustEAN(t *testing.T, digits string) barcode.Barcode {
	t.Helper()
	b, err := ean.Encode(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func must128(t *testing.T, text string) barcode.Barcode {
	t.Helper()
	b, err := code128.Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// outline is what a document shows, a line each.
func outline(t *testing.T, pdf []byte) string {
	var out strings.Builder
	for i, p := range pagesOf(t, pdf) {
		fmt.Fprintf(&out, "page %d\n", i+1)
		for _, s := range p.texts {
			fmt.Fprintf(&out, "  %6.1f %6.1f  %s\n", s.x, s.y, s.text)
		}
		for _, l := range p.lines {
			fmt.Fprintf(&out, "  %6.1f %6.1f  a line of %.1f\n", l.x, l.y, l.w)
		}
		fmt.Fprintf(&out, "  %d bars\n", len(p.bars))
	}
	return out.String()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s\nwant\n%s", name, got, want)
	}
}
