package catalog

import (
	"context"
	"fmt"
	"io"

	"onhand/db"
	"onhand/db/picture"
)

// PictureCategory gives a category a picture, in place of the one it has. It is drawn anew before anything is written. It fails with
// not_found, file_too_large, unknown_picture, heic_picture, too_many_pixels.
func PictureCategory(ctx context.Context, d *db.DB, id int64, file io.Reader) (*Category, error) {
	if _, err := CategoryByID(ctx, d, id); err != nil {
		return nil, err
	}
	p, err := redraw(ctx, file)
	if err != nil {
		return nil, err
	}
	d.Pictures.RLock() // until the row names the files
	defer d.Pictures.RUnlock()
	if err := keep(p, d.Dir()); err != nil {
		return nil, err
	}
	return db.Do(ctx, d, p.Sum, func(tx *db.Tx) (*Category, error) { return showCategory(tx, id, p) })
}

// UnpictureCategory takes the picture of a category away. Without one it changes nothing. It fails with not_found.
func UnpictureCategory(ctx context.Context, d *db.DB, id int64) (*Category, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Category, error) { return showCategory(tx, id, nil) })
}

// showCategory sets the picture of a category, none for nil.
func showCategory(tx *db.Tx, id int64, p *picture.Drawn) (*Category, error) {
	c, err := category(tx, id)
	if err != nil {
		return nil, err
	}
	var hash, format *string
	var width, height *int
	if p != nil {
		hash, format, width, height = &p.Hash, &p.Format, &p.Width, &p.Height
	}
	if c.ImageHash == nil && hash == nil || c.ImageHash != nil && hash != nil && *c.ImageHash == *hash {
		return c, nil
	}
	_, err = tx.Exec("UPDATE categories SET image_hash = ?2, image_format = ?3, image_width = ?4, image_height = ?5, version = version + 1, updated_at = ?6 WHERE id = ?1",
		id, hash, format, width, height, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("picture category %d: %w", id, err)
	}
	type pictured struct {
		Name  string  `json:"name"`
		Image *string `json:"image"`
	}
	if err := tx.Audit("category", id, pictured{c.Path, c.ImageHash}, pictured{c.Path, hash}); err != nil {
		return nil, err
	}
	if err := tx.Emit("categories", id, c.Version+1); err != nil {
		return nil, err
	}
	return category(tx, id)
}

// show makes the picture of a category of its columns.
func (c *Category) show() {
	if c.ImageHash == nil {
		return
	}
	p := (&imageRow{Hash: *c.ImageHash, Format: *c.ImageFormat, Width: *c.ImageWidth, Height: *c.ImageHeight}).picture()
	c.Image = &p
}
