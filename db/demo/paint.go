package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// side is how many pixels a picture is wide and high; its drawing counts from 0 to 100.
const side = 480

// form is what a thing looks like.
type form int

const (
	bag form = iota
	tin
	box
	jar
	bottle
	wedge
	wheel
	bar
	shaker
	mug
	cloth
	board
	candle
)

// canvas is a picture that is being drawn.
type canvas struct {
	img *image.RGBA
	ink color.RGBA
}

// picture draws a thing of a form, with a label of a hue, as PNG. The same thing is the same picture.
func picture(f form, hue uint32) ([]byte, error) {
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, side, side)), ink: rgb(hue)}
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(mix(c.ink, paper, 0.86)), image.Point{}, draw.Src)
	c.ellipse(mix(c.ink, paper, 0.74), 50, 50, 40, 40)
	c.ellipse(mix(c.ink, night, 0.35), 50, 86, 27, 3.2)
	drawings[f](c)
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, c.img)
	return b.Bytes(), err
}

var (
	paper = color.RGBA{0xff, 0xfd, 0xf8, 0xff}
	night = color.RGBA{0x1d, 0x20, 0x2b, 0xff}
	glass = color.RGBA{0xe9, 0xf1, 0xf2, 0xff}
	metal = color.RGBA{0xc8, 0xcc, 0xd2, 0xff}
	kraft = color.RGBA{0xd9, 0xb9, 0x8c, 0xff}
	wood  = color.RGBA{0xc1, 0x92, 0x5f, 0xff}
)

func rgb(hue uint32) color.RGBA {
	return color.RGBA{uint8(hue >> 16), uint8(hue >> 8), uint8(hue), 0xff}
}

// mix is so much of the second colour in the first.
func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*(1-part) + float64(y)*part)) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xff}
}

// drawings are how each form is drawn: from the back to the front.
var drawings = map[form]func(*canvas){
	bag: func(c *canvas) {
		c.polygon(kraft, 28, 20, 72, 20, 75, 86, 25, 86)
		c.polygon(mix(kraft, night, 0.12), 62, 20, 72, 20, 75, 86, 66, 86)
		c.rounded(mix(kraft, night, 0.28), 26, 15, 48, 8, 2)
		c.label(32, 38, 34, 34)
	},
	tin: func(c *canvas) {
		c.rounded(metal, 27, 24, 46, 62, 5)
		c.rounded(c.ink, 27, 33, 46, 44, 0)
		c.rounded(mix(c.ink, night, 0.18), 63, 33, 10, 44, 0)
		c.ellipse(mix(metal, paper, 0.4), 50, 25, 23, 5)
		c.ellipse(mix(metal, night, 0.12), 50, 25, 18, 3.4)
		c.ellipse(paper, 47, 55, 13, 13)
		c.ellipse(c.ink, 47, 55, 8, 8)
	},
	box: func(c *canvas) {
		c.polygon(mix(c.ink, night, 0.25), 68, 22, 80, 30, 80, 80, 68, 86)
		c.polygon(mix(c.ink, paper, 0.35), 22, 22, 68, 22, 80, 30, 34, 30)
		c.rounded(c.ink, 22, 26, 46, 60, 1)
		c.rounded(paper, 28, 36, 34, 22, 2)
		c.rounded(mix(c.ink, paper, 0.55), 32, 42, 26, 3, 1)
		c.rounded(mix(c.ink, paper, 0.7), 32, 48, 18, 3, 1)
		c.ellipse(mix(c.ink, paper, 0.6), 45, 72, 8, 8)
	},
	jar: func(c *canvas) {
		c.rounded(mix(c.ink, glass, 0.25), 26, 30, 48, 56, 9)
		c.rounded(mix(c.ink, night, 0.12), 64, 34, 7, 48, 3)
		c.rounded(mix(c.ink, paper, 0.55), 30, 34, 4, 46, 2)
		c.rounded(mix(c.ink, night, 0.45), 28, 18, 44, 13, 3)
		c.label(31, 46, 38, 26)
	},
	bottle: func(c *canvas) {
		c.rounded(mix(c.ink, night, 0.35), 43, 8, 14, 8, 2)
		c.rounded(mix(c.ink, glass, 0.2), 44, 14, 12, 26, 3)
		c.polygon(mix(c.ink, glass, 0.2), 44, 32, 56, 32, 67, 46, 33, 46)
		c.rounded(mix(c.ink, glass, 0.2), 33, 42, 34, 44, 6)
		c.rounded(mix(c.ink, paper, 0.55), 36, 46, 3, 36, 1.5)
		c.label(33, 52, 34, 24)
	},
	wedge: func(c *canvas) {
		c.polygon(mix(c.ink, paper, 0.35), 18, 60, 70, 34, 82, 48, 82, 54)
		c.polygon(c.ink, 18, 60, 82, 50, 82, 78, 18, 86)
		c.polygon(mix(c.ink, night, 0.2), 18, 80, 82, 72, 82, 78, 18, 86)
		for _, hole := range [][3]float32{{36, 70, 4}, {54, 64, 5.5}, {68, 66, 3}, {46, 76, 2.5}} {
			c.ellipse(mix(c.ink, night, 0.14), hole[0], hole[1], hole[2], hole[2]*0.8)
		}
	},
	wheel: func(c *canvas) {
		c.rounded(mix(c.ink, paper, 0.62), 20, 52, 60, 32, 14)
		c.ellipse(mix(c.ink, paper, 0.8), 50, 52, 30, 14)
		c.ellipse(mix(c.ink, paper, 0.55), 50, 52, 22, 9.5)
		c.rounded(c.ink, 34, 62, 32, 14, 3)
		c.rounded(paper, 39, 67, 22, 3, 1)
	},
	bar: func(c *canvas) {
		c.polygon(mix(c.ink, night, 0.35), 30, 14, 70, 14, 70, 42, 30, 42)
		for i := range 6 {
			x, y := 32+float32(i%3)*12.6, 17+float32(i/3)*12
			c.rounded(mix(c.ink, night, 0.15), x, y, 11, 10, 1.5)
		}
		c.rounded(c.ink, 26, 38, 48, 48, 2)
		c.polygon(mix(metal, paper, 0.3), 26, 34, 34, 38, 42, 34, 50, 38, 58, 34, 66, 38, 74, 34, 74, 42, 26, 42)
		c.label(32, 52, 36, 24)
	},
	shaker: func(c *canvas) {
		c.rounded(mix(glass, c.ink, 0.12), 34, 30, 32, 56, 6)
		c.rounded(c.ink, 36, 46, 28, 38, 4)
		c.rounded(metal, 36, 14, 28, 17, 5)
		for i := range 3 {
			c.ellipse(mix(metal, night, 0.5), 43+float32(i)*7, 20, 1.4, 1.4)
		}
		c.label(36, 54, 28, 20)
	},
	mug: func(c *canvas) {
		c.ring(c.ink, 70, 54, 14, 8.5)
		c.rounded(c.ink, 26, 32, 46, 54, 8)
		c.rounded(mix(c.ink, night, 0.14), 60, 34, 12, 50, 6)
		c.ellipse(mix(c.ink, paper, 0.55), 49, 34, 23, 6)
		c.ellipse(mix(c.ink, night, 0.45), 49, 35, 19, 4)
		c.rounded(mix(c.ink, paper, 0.3), 31, 44, 4, 34, 2)
	},
	cloth: func(c *canvas) {
		c.rounded(mix(c.ink, paper, 0.9), 24, 18, 52, 66, 2)
		for _, x := range []float32{29, 34, 66, 71} {
			c.rounded(c.ink, x, 18, 2.6, 66, 0)
		}
		c.polygon(mix(c.ink, paper, 0.72), 24, 58, 76, 46, 76, 84, 24, 84)
		c.rounded(c.ink, 29, 60, 2.6, 24, 0)
		c.rounded(c.ink, 71, 52, 2.6, 32, 0)
	},
	board: func(c *canvas) {
		c.rounded(mix(wood, night, 0.16), 42, 8, 16, 26, 7)
		c.rounded(wood, 26, 24, 48, 62, 8)
		c.ellipse(mix(c.ink, paper, 0.8), 50, 16, 3.4, 3.4)
		for i, x := range []float32{33, 41, 52, 60, 67} {
			c.rounded(mix(wood, night, 0.1), x, 30+float32(i%2)*4, 1.2, 48, 0.6)
		}
	},
	candle: func(c *canvas) {
		for _, at := range []struct{ x, top float32 }{{34, 34}, {54, 26}} {
			c.rounded(c.ink, at.x, at.top, 14, 86-at.top, 3)
			c.rounded(mix(c.ink, paper, 0.4), at.x+2, at.top+4, 3, 76-at.top, 1.5)
			c.rounded(night, at.x+6.4, at.top-5, 1.2, 6, 0.5)
			c.ellipse(color.RGBA{0xff, 0xb7, 0x03, 0xff}, at.x+7, at.top-10, 3.2, 6)
			c.ellipse(color.RGBA{0xff, 0xf3, 0xb0, 0xff}, at.x+7, at.top-8.4, 1.5, 3.4)
		}
	},
}

// label is a paper label with the lines of a text nobody reads.
func (c *canvas) label(x, y, w, h float32) {
	c.rounded(paper, x, y, w, h, 2)
	c.rounded(c.ink, x, y, w, h*0.3, 2)
	c.rounded(mix(c.ink, paper, 0.5), x+w*0.14, y+h*0.48, w*0.72, h*0.1, 1)
	c.rounded(mix(c.ink, paper, 0.68), x+w*0.14, y+h*0.7, w*0.46, h*0.1, 1)
}

const scale = side / 100.0

// pen draws on the part of a picture that it sees.
type pen struct {
	*vector.Rasterizer
	left, top float32 // in pixels
}

func (p *pen) to(x, y float32) (px, py float32) { return x*scale - p.left, y*scale - p.top }

func (p *pen) move(x, y float32) { p.MoveTo(p.to(x, y)) }

func (p *pen) line(x, y float32) { p.LineTo(p.to(x, y)) }

func (p *pen) curve(ax, ay, bx, by, x, y float32) {
	ax, ay = p.to(ax, ay)
	bx, by = p.to(bx, by)
	x, y = p.to(x, y)
	p.CubeTo(ax, ay, bx, by, x, y)
}

// fill paints what a path encloses, between two corners. The rest of the picture is not looked at: most things are small.
func (c *canvas) fill(ink color.RGBA, left, top, right, bottom float32, path func(*pen)) {
	box := image.Rect(int(left*scale), int(top*scale), int(right*scale)+1, int(bottom*scale)+1).Intersect(c.img.Bounds())
	p := &pen{vector.NewRasterizer(box.Dx(), box.Dy()), float32(box.Min.X), float32(box.Min.Y)}
	path(p)
	p.Draw(c.img, box, image.NewUniform(ink), image.Point{})
}

func (c *canvas) polygon(ink color.RGBA, points ...float32) {
	left, top, right, bottom := points[0], points[1], points[0], points[1]
	for i := 2; i < len(points); i += 2 {
		left, right = min(left, points[i]), max(right, points[i])
		top, bottom = min(top, points[i+1]), max(bottom, points[i+1])
	}
	c.fill(ink, left, top, right, bottom, func(p *pen) {
		p.move(points[0], points[1])
		for i := 2; i < len(points); i += 2 {
			p.line(points[i], points[i+1])
		}
		p.ClosePath()
	})
}

// bend is how far the handles of a cubic curve lie that looks like a quarter of a circle.
const bend = 0.5522848

func (c *canvas) ellipse(ink color.RGBA, x, y, rx, ry float32) {
	c.fill(ink, x-rx, y-ry, x+rx, y+ry, func(p *pen) { p.around(x, y, rx, ry) })
}

// around draws an ellipse as four curves; with a negative width it goes the other way round.
func (p *pen) around(x, y, rx, ry float32) {
	bx, by := rx*bend, ry*bend
	p.move(x+rx, y)
	p.curve(x+rx, y+by, x+bx, y+ry, x, y+ry)
	p.curve(x-bx, y+ry, x-rx, y+by, x-rx, y)
	p.curve(x-rx, y-by, x-bx, y-ry, x, y-ry)
	p.curve(x+bx, y-ry, x+rx, y-by, x+rx, y)
	p.ClosePath()
}

// ring is a circle with a hole.
func (c *canvas) ring(ink color.RGBA, x, y, outer, inner float32) {
	c.fill(ink, x-outer, y-outer, x+outer, y+outer, func(p *pen) {
		p.around(x, y, outer, outer)
		p.around(x, y, -inner, inner)
	})
}

func (c *canvas) rounded(ink color.RGBA, x, y, w, h, radius float32) {
	right, down, b := x+w, y+h, radius*(1-bend)
	c.fill(ink, x, y, right, down, func(p *pen) {
		p.move(x+radius, y)
		p.line(right-radius, y)
		p.curve(right-b, y, right, y+b, right, y+radius)
		p.line(right, down-radius)
		p.curve(right, down-b, right-b, down, right-radius, down)
		p.line(x+radius, down)
		p.curve(x+b, down, x, down-b, x, down-radius)
		p.line(x, y+radius)
		p.curve(x, y+b, x+b, y, x+radius, y)
		p.ClosePath()
	})
}
