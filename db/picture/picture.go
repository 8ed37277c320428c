// Package picture makes pictures anew: upright, in three sizes, with nothing in them but what is seen. It knows files, and nothing of the shop.
package picture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// What a file is refused for.
var (
	ErrTooLarge      = errors.New("the file is too large")
	ErrUnknown       = errors.New("it is no picture that can be read")
	ErrHEIC          = errors.New("it is a HEIC picture")
	ErrTooManyPixels = errors.New("it has too many pixels")
)

// How large a picture may come, and how its files are made.
const (
	MostPixels = 40_000_000
	MostBytes  = 32 << 20 // of one picture, as it comes
	quality    = 82       // of JPEG: what compresses well and shows no blocks
)

// sides are how large the files of a picture are: their longer side in pixels. For a row, a tile and a page; screens may be twice as
// fine. What is smaller is not made larger.
var sides = [...]int{160, 640, 1600}

// Drawn is a picture made anew, in all its sizes.
type Drawn struct {
	Hash          string   // of its files, which are named by it
	Format        string   // jpg, or png where one sees through it
	Width, Height int      // of the largest file
	Files         [][]byte // as Sizes has them
	Sum           string   // of what was sent
}

type kind struct {
	name   string
	is     func([]byte) bool
	decode func(io.Reader) (image.Image, error)
	config func(io.Reader) (image.Config, error)
}

// kinds are the forms that a picture comes in, told by how they begin. The packages' own registry would take whatever another
// library of the program has added.
var kinds = []kind{
	{"jpeg", begins("\xff\xd8\xff"), jpeg.Decode, jpeg.DecodeConfig},
	{"png", begins("\x89PNG\r\n\x1a\n"), png.Decode, png.DecodeConfig},
	{"webp", func(b []byte) bool { return len(b) > 12 && string(b[:4])+string(b[8:12]) == "RIFFWEBP" }, webp.Decode, webp.DecodeConfig},
	{"gif", func(b []byte) bool { return begins("GIF87a")(b) || begins("GIF89a")(b) }, gif.Decode, gif.DecodeConfig}, // its first frame
}

func begins(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

// heic tells what an iPhone's camera saves, which nothing here decodes.
func heic(b []byte) bool {
	return len(b) >= 12 && string(b[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "mif1"}, string(b[8:12]))
}

// decoding is held by the one picture that is being decoded: 40 million pixels take up to half a gigabyte.
var decoding = make(chan struct{}, 1)

// Draw makes a picture anew. It fails with ErrTooLarge, ErrUnknown, ErrHEIC, ErrTooManyPixels, and with what ended ctx while it waited.
func Draw(ctx context.Context, file io.Reader) (*Drawn, error) {
	data, err := io.ReadAll(io.LimitReader(file, MostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if len(data) > MostBytes {
		return nil, ErrTooLarge
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	full, err := upright(data)
	if err != nil {
		return nil, err
	}
	p, err := encode(full)
	if err != nil {
		return nil, fmt.Errorf("draw the picture: %w", err)
	}
	sum := sha256.Sum256(data)
	p.Sum = hex.EncodeToString(sum[:])
	return p, nil
}

// upright decodes a picture and answers it as it is meant to be seen, no larger than the largest file.
func upright(data []byte) (*image.RGBA, error) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.is(data) })
	switch {
	case i < 0 && heic(data):
		return nil, ErrHEIC
	case i < 0:
		return nil, ErrUnknown
	}
	k := kinds[i]
	c, err := k.config(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, ErrUnknown
	}
	if int64(c.Width)*int64(c.Height) > MostPixels {
		return nil, ErrTooManyPixels
	}
	full, err := k.decode(bytes.NewReader(data))
	if err != nil || full.Bounds().Empty() {
		return nil, ErrUnknown
	}
	w, h := fit(full.Bounds().Dx(), full.Bounds().Dy(), sides[len(sides)-1])
	return turn(scale(full, w, h), orientationOf(k.name, data)), nil
}

// fit is the size of a picture whose longer side is at most this.
func fit(w, h, side int) (int, int) {
	long := max(w, h)
	if long <= side {
		return w, h
	}
	return max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
}

func scale(from image.Image, w, h int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if from.Bounds().Size() == to.Bounds().Size() {
		draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
	}
	return to
}

// turn lays a picture as its orientation says: 2 mirrored, 3 upside down, 4 both, 5 to 8 on its side.
func turn(from *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var at [2]int
			switch orientation {
			case 2:
				at = [2]int{w - 1 - x, y}
			case 3:
				at = [2]int{w - 1 - x, h - 1 - y}
			case 4:
				at = [2]int{x, h - 1 - y}
			case 5:
				at = [2]int{y, x}
			case 6:
				at = [2]int{h - 1 - y, x}
			case 7:
				at = [2]int{h - 1 - y, w - 1 - x}
			case 8:
				at = [2]int{y, w - 1 - x}
			}
			copy(to.Pix[to.PixOffset(at[0], at[1]):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

// encode makes the files of an upright picture: JPEG, or PNG where one sees through it.
func encode(large *image.RGBA) (*Drawn, error) {
	p := &Drawn{Format: "jpg", Width: large.Bounds().Dx(), Height: large.Bounds().Dy()}
	if !large.Opaque() {
		p.Format = "png"
	}
	sum := sha256.New()
	for _, s := range Sizes(p.Width, p.Height) {
		var b bytes.Buffer
		var err error
		if small := scale(large, s.Width, s.Height); p.Format == "png" {
			err = png.Encode(&b, small)
		} else {
			err = jpeg.Encode(&b, small, &jpeg.Options{Quality: quality})
		}
		if err != nil {
			return nil, err
		}
		sum.Write(b.Bytes())
		p.Files = append(p.Files, b.Bytes())
	}
	p.Hash = hex.EncodeToString(sum.Sum(nil)[:16])
	return p, nil
}

// Size is one file of a picture: the side it was made for, and what became of it.
type Size struct{ Side, Width, Height int }

// Sizes are the files of a picture whose largest one has this size, the smallest first.
func Sizes(width, height int) (sizes []Size) {
	for i, side := range sides {
		if i > 0 && max(width, height) <= sides[i-1] {
			break
		}
		w, h := fit(width, height, side)
		sizes = append(sizes, Size{side, w, h})
	}
	return sizes
}
