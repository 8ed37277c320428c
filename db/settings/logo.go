package settings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // the forms in which shops keep their pictures
	_ "image/jpeg" // likewise
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // likewise

	"onhand/db"
)

const (
	mostPixels = 40_000_000
	mostLogo   = 10 << 20
	// A logo is shown 40 pixels high; screens may be twice as fine, and wide ones are cut down.
	logoWidth, logoHeight = 480, 120
)

// Logo is the shop's picture for the head of mails as PNG, nil without one.
func Logo(ctx context.Context, d *db.DB) (picture []byte, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		err := tx.Row("SELECT png FROM shop_logo", nil, &picture)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		return err
	})
	return picture, err
}

// SaveLogo keeps a picture for the head of mails, small and without what cameras write into it. It fails with
// file_too_large, unknown_file and too_many_pixels.
func SaveLogo(ctx context.Context, d *db.DB, file io.Reader) (*Settings, error) {
	data, err := io.ReadAll(io.LimitReader(file, mostLogo+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if len(data) > mostLogo {
		e := db.Errorf(db.TooLarge, "file_too_large", "This picture is larger than 10 MB. Choose a smaller one.")
		e.Field = "file"
		return nil, e
	}
	small, err := shrink(data)
	if err != nil {
		return nil, err
	}
	return changeLogo(ctx, d, "INSERT INTO shop_logo (id, png) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET png = ?1", small)
}

// RemoveLogo lets mails go without a picture.
func RemoveLogo(ctx context.Context, d *db.DB) (*Settings, error) {
	return changeLogo(ctx, d, "DELETE FROM shop_logo")
}

func changeLogo(ctx context.Context, d *db.DB, query string, args ...any) (s *Settings, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		before, err := load(tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(query, args...); err != nil {
			return fmt.Errorf("change the logo: %w", err)
		}
		after := *before
		after.Logo = len(args) > 0
		s = &after
		return write(tx, before, s)
	})
	return s, err
}

func shrink(data []byte) ([]byte, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, notAPicture()
	}
	if c.Width*c.Height > mostPixels {
		return nil, db.Refuse("too_many_pixels", "file", "This picture has more than 40 million pixels. Choose a smaller one.")
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, notAPicture()
	}
	w, h := c.Width, c.Height
	if h > logoHeight {
		w, h = max(1, w*logoHeight/h), logoHeight
	}
	if w > logoWidth {
		w, h = logoWidth, max(1, h*logoWidth/w)
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := png.Encode(&b, small); err != nil {
		return nil, fmt.Errorf("keep the picture: %w", err)
	}
	return b.Bytes(), nil
}

func notAPicture() error {
	return db.Refuse("unknown_file", "file", "This is no picture that can be read. Choose a PNG or JPEG file.")
}
