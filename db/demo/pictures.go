package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"onhand/db"
	"onhand/db/catalog"
)

// hangPictures draws every product, and some of them once more.
func (b *books) hangPictures(ctx context.Context) error {
	for i := range articles {
		a := &articles[i]
		if err := b.show(ctx, i, 0, a.form, a.hue, a.name); err != nil {
			return err
		}
		for _, v := range views {
			if v.article != a.name.en {
				continue
			}
			if err := b.show(ctx, i, b.sized(a, v.size), v.form, v.hue, v.alt); err != nil {
				return err
			}
		}
		if err := b.tell(ctx, 8+18*i/len(articles)); err != nil {
			return err
		}
	}
	return nil
}

// sized is the variant of a size, 0 for no size.
func (b *books) sized(a *article, size string) int64 {
	for _, w := range b.wares {
		if size != "" && w.article == a && w.size.name.en == size {
			return w.id
		}
	}
	return 0
}

// show draws one picture of a product, for a variant or, with 0, for all.
func (b *books) show(ctx context.Context, article int, variant int64, f form, hue uint32, alt words) error {
	drawing, err := picture(f, hue)
	if err != nil {
		return fmt.Errorf("draw %s: %w", alt.en, err)
	}
	_, err = catalog.AddImages(b.past(ctx, b.begin), b.d, b.products[article],
		catalog.NewImages{VariantID: variant, Alt: alt.in(b.language), Files: []io.Reader{bytes.NewReader(drawing)}})
	if err != nil {
		return fmt.Errorf("show %s: %w", alt.en, err)
	}
	return nil
}

// hangSigns draws every category of the demo.
func (b *books) hangSigns(ctx context.Context) error {
	signs := map[string]func() ([]byte, error){}
	for i := range articles {
		a := articles[i].aisle
		signs[a.hall.in(b.language)] = func() ([]byte, error) { return picture(a.hall.form, a.hall.hue) }
		signs[a.path(b.language)] = func() ([]byte, error) { return picture(a.form, a.hue) }
	}
	all, err := catalog.Categories(ctx, b.d, db.List{Limit: len(signs)})
	if err != nil {
		return err
	}
	for i, c := range all.Items {
		if c.Path == drinks.in(b.language) {
			b.drinks = c.ID
		}
		draw, ok := signs[c.Path]
		if !ok || c.Image != nil { // the shop's own
			continue
		}
		drawing, err := draw()
		if err != nil {
			return fmt.Errorf("draw %s: %w", c.Path, err)
		}
		if _, err := catalog.PictureCategory(b.past(ctx, b.begin), b.d, c.ID, bytes.NewReader(drawing)); err != nil {
			return fmt.Errorf("show %s: %w", c.Path, err)
		}
		if err := b.tell(ctx, 26+4*i/len(all.Items)); err != nil {
			return err
		}
	}
	return nil
}
