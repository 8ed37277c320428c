package catalog

import (
	"bytes"
	"context"
)

// Redrawn is what became of a picture, for tests.
type Redrawn struct {
	Format        string
	Width, Height int
	Files         [][]byte
}

// Redraw shows redraw to tests.
func Redraw(ctx context.Context, data []byte) (*Redrawn, error) {
	p, err := redraw(ctx, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return &Redrawn{p.format, p.width, p.height, p.files}, nil
}

// KeepOnly writes the files of a picture as a process does that dies before it writes the row.
func KeepOnly(ctx context.Context, dir string, data []byte) error {
	p, err := redraw(ctx, bytes.NewReader(data))
	if err != nil {
		return err
	}
	return p.keep(dir)
}

// HoldDecoder lets no picture be decoded until it is released.
func HoldDecoder() (release func()) {
	decoding <- struct{}{}
	return func() { <-decoding }
}
