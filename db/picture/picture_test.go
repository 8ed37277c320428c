package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db/picture"
)

var (
	red   = color.RGBA{0xff, 0, 0, 0xff}
	green = color.RGBA{0, 0xff, 0, 0xff}
	blue  = color.RGBA{0, 0, 0xff, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// quarters is a picture with a colour in each corner: red and green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, [2][2]color.RGBA{{red, green}, {blue, white}}[2*y/h][2*x/w])
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func redraw(t testing.TB, data []byte) *picture.Drawn {
	t.Helper()
	p, err := picture.Draw(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decode(t testing.TB, data []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// isQuarters fails the test unless every corner of a picture has its colour, roughly: JPEG is not exact.
func isQuarters(t *testing.T, what string, m image.Image) {
	t.Helper()
	b := m.Bounds()
	for i, want := range []color.RGBA{red, green, blue, white} {
		x, y := b.Dx()/4+i%2*b.Dx()/2, b.Dy()/4+i/2*b.Dy()/2
		r, g, bl, _ := m.At(x, y).RGBA()
		wr, wg, wb, _ := want.RGBA()
		if far(r, wr) || far(g, wg) || far(bl, wb) {
			t.Errorf("%s: corner %d is %v, want %v", what, i, m.At(x, y), want)
		}
	}
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x2800 }

func TestAPictureIsDrawnInThreeSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h int
		want []string
	}{
		{2000, 1000, []string{"160x80", "640x320", "1600x800"}},
		{500, 2500, []string{"32x160", "128x640", "320x1600"}},
		{700, 350, []string{"160x80", "640x320", "700x350"}},
		{640, 640, []string{"160x160", "640x640"}},
		{40, 20, []string{"40x20"}}, // never made larger
		{1, 1, []string{"1x1"}},
		{3000, 1, []string{"160x1", "640x1", "1600x1"}},
	} {
		p := redraw(t, asPNG(t, quarters(c.w, c.h)))
		var got []string
		for _, f := range p.Files {
			m := decode(t, f)
			got = append(got, fmt.Sprintf("%dx%d", m.Bounds().Dx(), m.Bounds().Dy()))
			if min(c.w, c.h) > 16 {
				isQuarters(t, got[len(got)-1], m)
			}
		}
		if !slices.Equal(got, c.want) || p.Format != "jpg" {
			t.Errorf("%dx%d became %q as %s, want %q as jpg", c.w, c.h, got, p.Format, c.want)
		}
	}
}

func TestWhatIsSeenThroughStaysSo(t *testing.T) {
	t.Parallel()
	m := quarters(400, 400)
	m.Set(0, 0, color.RGBA{})
	p := redraw(t, asPNG(t, m))
	if p.Format != "png" {
		t.Fatalf("it became %s", p.Format)
	}
	large := decode(t, p.Files[1])
	if _, _, _, a := large.At(0, 0).RGBA(); a != 0 {
		t.Errorf("the corner has %x", a)
	}
	isQuarters(t, "png", large)
}

func TestEveryKindOfPictureIsRead(t *testing.T) {
	t.Parallel()
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 40, 20), palette.Plan9)
	for y := range 20 {
		for x := range 40 {
			frame.Set(x, y, quarters(40, 20).At(x, y))
		}
	}
	other := image.NewPaletted(image.Rect(0, 0, 40, 20), palette.Plan9)
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, other}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"PNG": asPNG(t, quarters(40, 20)), "JPEG": asJPEG(t, quarters(40, 20)), "the first frame of a GIF": moving.Bytes(),
		"WebP": fixture(t, "quarters.webp"), "lossy WebP": fixture(t, "quarters-lossy.webp"), "16 bits": asPNG(t, deep(40, 20)),
	} {
		isQuarters(t, name, decode(t, redraw(t, data).Files[0]))
	}
}

// deep is quarters with 16 bits a colour.
func deep(w, h int) image.Image {
	m := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, quarters(w, h).At(x, y))
		}
	}
	return m
}

// stored is how a camera keeps an upright picture under an orientation: which side its first row and column are (CIPA DC-008).
func stored(upright *image.RGBA, orientation int) *image.RGBA {
	w, h := upright.Bounds().Dx(), upright.Bounds().Dy()
	at := [9]func(x, y int) (col, row int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },         // first row top, first column right
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, // bottom, right
		4: func(x, y int) (int, int) { return x, h - 1 - y },         // bottom, left
		5: func(x, y int) (int, int) { return y, x },                 // left, top
		6: func(x, y int) (int, int) { return y, w - 1 - x },         // right, top
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x }, // right, bottom
		8: func(x, y int) (int, int) { return h - 1 - y, x },         // left, bottom
	}[orientation]
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		m = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			col, row := at(x, y)
			m.Set(col, row, upright.At(x, y))
		}
	}
	return m
}

// exif is a TIFF block with an orientation, and where the picture was taken.
func exif(order binary.AppendByteOrder, orientation int) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(order.AppendUint16(b, 0x010f), 2) // maker: text
	b = order.AppendUint32(order.AppendUint32(b, 12), 38)
	b = order.AppendUint16(order.AppendUint16(b, 0x0112), 3)
	b = order.AppendUint16(order.AppendUint16(order.AppendUint32(b, 1), uint16(orientation)), 0)
	return append(order.AppendUint32(b, 0), "GPS48.2,16.37"...)
}

// segment puts a segment behind the first marker of a JPEG.
func segment(data []byte, marker byte, content []byte) []byte {
	s := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return slices.Concat(data[:2], s, content, data[2:])
}

// chunk puts a chunk behind the header of a PNG.
func chunk(data []byte, kind string, content []byte) []byte {
	c := append([]byte(kind), content...)
	c = slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(content))), c, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(c)))
	return slices.Concat(data[:33], c, data[33:])
}

// riff puts a chunk at the end of a WebP.
func riff(data []byte, kind string, content []byte) []byte {
	if len(content)%2 == 1 {
		content = append(content, 0)
	}
	all := slices.Concat(data, []byte(kind), binary.LittleEndian.AppendUint32(nil, uint32(len(content))), content)
	binary.LittleEndian.PutUint32(all[4:], uint32(len(all)-8))
	return all
}

func TestAPictureLiesAsTheCameraHeldIt(t *testing.T) {
	t.Parallel()
	for o := 1; o <= 8; o++ {
		raw := asJPEG(t, stored(quarters(320, 160), o))
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p := redraw(t, segment(segment(raw, 0xe1, append([]byte("Exif\x00\x00"), exif(order, o)...)), 0xe0, []byte("JFIF\x00")))
			if p.Width != 320 || p.Height != 160 {
				t.Errorf("orientation %d, %s: %dx%d", o, order, p.Width, p.Height)
			}
			for i, f := range p.Files {
				isQuarters(t, fmt.Sprintf("orientation %d, %s, file %d", o, order, i), decode(t, f))
			}
		}
		p := redraw(t, chunk(asPNG(t, stored(quarters(40, 20), o)), "eXIf", exif(binary.BigEndian, o)))
		isQuarters(t, fmt.Sprintf("PNG orientation %d", o), decode(t, p.Files[0]))
	}
	// The fixture is upright; told that it lies on its side, it is turned.
	p := redraw(t, riff(fixture(t, "quarters.webp"), "EXIF", exif(binary.LittleEndian, 6)))
	if p.Width != 12 || p.Height != 24 {
		t.Errorf("a WebP on its side is %dx%d", p.Width, p.Height)
	}
	isQuarters(t, "WebP", stored(toRGBA(decode(t, p.Files[0])), 6)) // turned back
}

func toRGBA(m image.Image) *image.RGBA {
	to := image.NewRGBA(m.Bounds())
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			to.Set(x, y, m.At(x, y))
		}
	}
	return to
}

func TestABrokenOrientationIsUpright(t *testing.T) {
	t.Parallel()
	raw := asJPEG(t, quarters(40, 20))
	whole := exif(binary.LittleEndian, 6)
	for n := range 34 { // up to the value
		isQuarters(t, fmt.Sprintf("cut at %d", n), decode(t, redraw(t, segment(raw, 0xe1, append([]byte("Exif\x00\x00"), whole[:n]...))).Files[0]))
	}
	for _, o := range []int{0, 9, 65535} {
		isQuarters(t, fmt.Sprint(o), decode(t, redraw(t, segment(raw, 0xe1, append([]byte("Exif\x00\x00"), exif(binary.LittleEndian, o)...))).Files[0]))
	}
	far := exif(binary.LittleEndian, 6)
	binary.LittleEndian.PutUint32(far[4:], 0xffffffff)
	isQuarters(t, "far away", decode(t, redraw(t, segment(raw, 0xe1, append([]byte("Exif\x00\x00"), far...))).Files[0]))
}

// Whatever else is in a file, none of it is in ours: where it was taken, words of the camera, another file behind it.
func TestNothingButThePictureStays(t *testing.T) {
	t.Parallel()
	const secret = "GPS48.2,16.37"
	html := []byte("<html><script>alert('" + secret + "')</script>")
	seen := quarters(40, 20)
	seen.Set(0, 0, color.RGBA{})
	jpg := segment(asJPEG(t, quarters(40, 20)), 0xe1, append([]byte("Exif\x00\x00"), exif(binary.LittleEndian, 1)...))
	jpg = segment(segment(jpg, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret)), 0xfe, html)
	for name, data := range map[string][]byte{
		"JPEG":               jpg,
		"JPEG with a tail":   append(slices.Clone(jpg), html...),
		"PNG":                chunk(chunk(asPNG(t, seen), "tEXt", append([]byte("Comment\x00"), html...)), "eXIf", exif(binary.BigEndian, 1)),
		"PNG with a tail":    append(asPNG(t, quarters(40, 20)), html...),
		"WebP":               riff(fixture(t, "quarters.webp"), "XMP ", html),
		"a PNG and a Zip":    append(asPNG(t, quarters(40, 20)), "PK\x03\x04"+secret...),
		"a GIF with a tail":  append(aGIF(t), html...),
		"a WebP with a tail": append(fixture(t, "quarters-lossy.webp"), html...),
	} {
		if !bytes.Contains(data, []byte(secret)) && name != "JPEG" {
			t.Fatalf("%s never had it", name)
		}
		for _, f := range redraw(t, data).Files {
			for _, word := range []string{secret, "script", "Exif", "eXIf", "ICC", "http"} {
				if bytes.Contains(f, []byte(word)) {
					t.Errorf("%s leaves %s", name, word)
				}
			}
		}
	}
}

func aGIF(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, quarters(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	t.Parallel()
	good := [][]byte{asPNG(t, quarters(40, 20)), asJPEG(t, quarters(40, 20)), aGIF(t), fixture(t, "quarters.webp"), fixture(t, "quarters-lossy.webp")}
	bad := map[string][]byte{
		"nothing": {}, "text": []byte("Blue mug"), "HTML": []byte("<!doctype html><script>alert(1)</script>"),
		"SVG":                 []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"SVG with a head":     []byte(`<?xml version="1.0"?><svg/>`),
		"a script like a GIF": []byte("GIF89a\x08\x00\x08\x00/*" + strings.Repeat("x", 100) + "*/=1;alert(1)"),
		"a bitmap":            append([]byte("BM"), make([]byte, 100)...), "TIFF": exif(binary.LittleEndian, 1), "PDF": []byte("%PDF-1.7"),
		"a Zip": []byte("PK\x03\x04"), "a picture behind a letter": append([]byte("x"), good[0]...),
		"a size of nothing": tooLargePNG(0, 10),
	}
	for i, g := range good {
		for _, n := range []int{1, 2, 3, 4, 8, 12, 16, 30, len(g) / 2} {
			bad[fmt.Sprintf("the first %d bytes of %d", n, i)] = g[:n]
		}
	}
	for name, data := range bad {
		if _, err := picture.Draw(t.Context(), bytes.NewReader(data)); !errors.Is(err, picture.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, brand := range []string{"heic", "heix", "mif1"} {
		if _, err := picture.Draw(t.Context(), strings.NewReader("\x00\x00\x00\x18ftyp"+brand+"\x00\x00\x00\x00mif1heic")); !errors.Is(err, picture.ErrHEIC) {
			t.Errorf("%s: %v", brand, err)
		}
	}
}

// tooLargePNG is a short PNG that says how large it is.
func tooLargePNG(w, h uint32) []byte {
	head := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0)
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(b, head...), crc32.ChecksumIEEE(head))
}

// Each says that it is larger than may be decoded; the header alone is read.
func TestABombIsNotDecoded(t *testing.T) {
	t.Parallel()
	lossy := fixture(t, "quarters-lossy.webp")
	canvas := slices.Clone(lossy)
	copy(canvas[24:], "\x9f\x86\x01\x9f\x86\x01") // VP8X: 100,000 - 1 by 100,000 - 1 is refused as such
	wide := slices.Clone(lossy)
	copy(wide[24:], "\xff\x3f\x00\xff\x3f\x00") // 16,384 by 16,384
	sized := asJPEG(t, quarters(8, 8))
	at := bytes.Index(sized, []byte{0xff, 0xc0})
	copy(sized[at+5:], "\xff\xff\xff\xff")
	moving := aGIF(t)
	copy(moving[6:], "\xff\xff\xff\xff")
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"PNG": {tooLargePNG(100_000, 100_000), picture.ErrTooManyPixels}, "PNG beyond 2^62": {tooLargePNG(0x7fffffff, 0x7fffffff), nil},
		"a long PNG": {tooLargePNG(40_000_001, 1), picture.ErrTooManyPixels}, "JPEG": {sized, picture.ErrTooManyPixels}, "GIF": {moving, picture.ErrTooManyPixels},
		"WebP": {wide, picture.ErrTooManyPixels}, "WebP beyond its form": {canvas, picture.ErrUnknown},
	} {
		_, err := picture.Draw(t.Context(), bytes.NewReader(c.data))
		if !errors.Is(err, c.want) && (c.want != nil || !refused(err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := picture.Draw(t.Context(), bytes.NewReader(make([]byte, picture.MostBytes+1))); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("a file of more than 32 MB: %v", err)
	}
}

func TestAPictureWaitsNoLongerThanWhoSendsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	data := asPNG(t, quarters(1, 1))
	release := picture.HoldDecoder() // as a large picture does
	defer release()
	waited := make(chan error, 1)
	go func() {
		_, err := picture.Draw(ctx, bytes.NewReader(data))
		waited <- err
	}()
	select {
	case err := <-waited:
		t.Fatalf("two were decoded at once: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	cancel()
	select {
	case err := <-waited:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it still waits")
	}
}

// refused says whether an error is what becomes of a file that is no picture to decode.
func refused(err error) bool {
	return errors.Is(err, picture.ErrUnknown) || errors.Is(err, picture.ErrHEIC) || errors.Is(err, picture.ErrTooManyPixels)
}

// FuzzImage looks for a file that makes the program stop, or that comes out as it went in.
func FuzzImage(f *testing.F) {
	f.Add(asPNG(f, quarters(4, 2)))
	f.Add(asJPEG(f, quarters(8, 8)))
	f.Add(segment(asJPEG(f, quarters(8, 8)), 0xe1, append([]byte("Exif\x00\x00"), exif(binary.BigEndian, 6)...)))
	f.Add(chunk(asPNG(f, quarters(4, 2)), "eXIf", exif(binary.LittleEndian, 8)))
	f.Add(aGIF(f))
	f.Add(fixture(f, "quarters.webp"))
	f.Add(riff(fixture(f, "quarters-lossy.webp"), "EXIF", exif(binary.LittleEndian, 3)))
	f.Add(tooLargePNG(100_000, 100_000))
	f.Add([]byte("<svg/>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if pixels(data) > 4_000_000 {
			t.Skip("allowed, but slow")
		}
		p, err := picture.Draw(t.Context(), bytes.NewReader(data))
		if err != nil {
			if !refused(err) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		for i, file := range p.Files {
			c, format, err := image.DecodeConfig(bytes.NewReader(file))
			if err != nil || max(c.Width, c.Height) > []int{160, 640, 1600}[i] || format != map[string]string{"jpg": "jpeg", "png": "png"}[p.Format] {
				t.Fatalf("file %d is %v %s: %v", i, c, format, err)
			}
		}
	})
}

func pixels(data []byte) int {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0
	}
	return c.Width * c.Height
}
