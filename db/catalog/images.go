package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"onhand/db"
	"onhand/db/picture"
)

// keepRemoved is how long an image that was removed can be brought back, and how long a file that no row names lies about: a page
// that shows it may still be open.
const keepRemoved = 24 * time.Hour

// Picture is an image as a list shows it.
type Picture struct {
	URL    string        `json:"url" doc:"of the largest file"`
	Alt    string        `json:"alt" doc:"what is to be seen, for those who cannot see it; may be empty"`
	Width  int           `json:"width" doc:"of the largest file, in pixels"`
	Height int           `json:"height"`
	Sizes  []PictureSize `json:"sizes" doc:"all files, the smallest first"`
}

// PictureSize is one file of a picture.
type PictureSize struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Image is a picture of a product, of one of its variants or of all of them.
type Image struct {
	ID        int64  `json:"id"`
	VariantID *int64 `json:"variantId" doc:"the variant that it shows; null for all of them"`
	Picture
}

// NewImages are pictures to add.
type NewImages struct {
	VariantID int64 // 0 for all of them
	Alt       string
	Files     []io.Reader
}

// ImageChange changes what it carries.
type ImageChange struct {
	Version   *int64  `json:"version,omitempty" doc:"of the product as it was seen; refused as stale when it changed"`
	Alt       *string `json:"alt,omitempty" maxLength:"300"`
	Position  *int64  `json:"position,omitempty" minimum:"0" maximum:"19" doc:"0 is shown first; the others make room"`
	VariantID *int64  `json:"variantId,omitempty" minimum:"0" doc:"0 for all variants"`
}

// AddImages puts pictures behind those that a product has: all of them, or none. They are drawn anew before anything is written. It
// fails with not_found, too_many, required, file_too_large, unknown_picture, heic_picture, too_many_pixels.
func AddImages(ctx context.Context, d *db.DB, productID int64, in NewImages) (*Product, error) {
	alt, err := db.Text("alt", in.Alt, maxAlt)
	if err != nil {
		return nil, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error { return roomFor(tx, productID, in) })
	if err != nil {
		return nil, err
	}
	pictures := make([]*picture.Drawn, len(in.Files))
	sums := make([]string, len(in.Files))
	for i, file := range in.Files {
		if pictures[i], err = redraw(ctx, file); err != nil {
			return nil, blameFile(err, i)
		}
		sums[i] = pictures[i].Sum
	}
	d.Pictures.RLock() // until the rows name the files
	defer d.Pictures.RUnlock()
	for _, p := range pictures {
		if err := keep(p, d.Dir()); err != nil {
			return nil, err
		}
	}
	request := struct {
		VariantID int64
		Alt       string
		Sums      []string
	}{in.VariantID, alt, sums}
	return db.Do(ctx, d, request, func(tx *db.Tx) (*Product, error) {
		if err := roomFor(tx, productID, in); err != nil {
			return nil, err
		}
		for _, p := range pictures {
			if err := insertImage(tx, productID, in.VariantID, alt, p); err != nil {
				return nil, err
			}
		}
		return changedProduct(tx, productID)
	})
}

// blameFile says which of the files is refused.
func blameFile(err error, i int) error {
	var e *db.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Field = fmt.Sprintf("file[%d]", i)
	return &named
}

// roomFor refuses pictures of what is not there, and too many of them.
func roomFor(tx *db.Tx, productID int64, in NewImages) error {
	var n int
	err := tx.Row("SELECT (SELECT count(*) FROM product_images WHERE product_id = p.id AND removed_at IS NULL) FROM products p WHERE p.id = ?1", []any{productID}, &n)
	switch {
	case err != nil:
		return db.Found(err, "product")
	case len(in.Files) == 0:
		return db.Refuse("required", "file", "Choose a picture.")
	case n+len(in.Files) > maxImages:
		return db.Refuse("too_many", "file", "A product has at most %d pictures. Remove some first.", maxImages).With("max", maxImages)
	}
	return variantOf(tx, productID, in.VariantID)
}

// variantOf refuses a variant that the product has not.
func variantOf(tx *db.Tx, productID, variantID int64) error {
	if variantID == 0 {
		return nil
	}
	var there bool
	err := tx.Row("SELECT EXISTS (SELECT 1 FROM variants WHERE id = ?1 AND product_id = ?2 AND dropped = 0)", []any{variantID, productID}, &there)
	if err == nil && !there {
		err = db.Blame(db.NotFound("variant"), "variantId")
	}
	return err
}

func insertImage(tx *db.Tx, productID, variantID int64, alt string, p *picture.Drawn) error {
	id, err := tx.Insert(`INSERT INTO product_images (product_id, variant_id, position, hash, format, width, height, alt, created_at)
		SELECT ?1, nullif(?2, 0), coalesce(max(position) + 1, 0), ?3, ?4, ?5, ?6, ?7, ?8 FROM product_images WHERE product_id = ?1 AND removed_at IS NULL`,
		productID, variantID, p.Hash, p.Format, p.Width, p.Height, alt, tx.Now)
	if err != nil {
		return fmt.Errorf("add a picture to product %d: %w", productID, err)
	}
	r, err := imageByID(tx, id)
	if err != nil {
		return err
	}
	return tx.Audit("image", id, nil, r.state())
}

// ChangeImage changes alt text, place and variant of an image; what changes nothing leaves the product's version. It fails with
// not_found, stale, too_long.
func ChangeImage(ctx context.Context, d *db.DB, id int64, in ImageChange) (*Product, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Product, error) {
		r, err := imageByID(tx, id)
		if err == nil && r.Removed {
			err = db.NotFound("image")
		}
		if err != nil {
			return nil, err
		}
		p, err := ProductIn(tx, r.ProductID)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != p.Version {
			return nil, db.Stale(p)
		}
		before := r.state()
		if err := r.apply(tx, in); err != nil {
			return nil, err
		}
		after, err := imageByID(tx, id)
		if err != nil || after.state() == before {
			return p, err
		}
		if err := tx.Audit("image", id, before, after.state()); err != nil {
			return nil, err
		}
		return changedProduct(tx, r.ProductID)
	})
}

func (r *imageRow) apply(tx *db.Tx, in ImageChange) error {
	if in.Alt != nil {
		alt, err := db.Text("alt", *in.Alt, maxAlt)
		if err != nil {
			return err
		}
		r.Alt = alt
	}
	if in.VariantID != nil {
		if err := variantOf(tx, r.ProductID, *in.VariantID); err != nil {
			return err
		}
		r.VariantID = in.VariantID
	}
	if _, err := tx.Exec("UPDATE product_images SET alt = ?2, variant_id = nullif(?3, 0) WHERE id = ?1", r.ID, r.Alt, r.VariantID); err != nil {
		return fmt.Errorf("change image %d: %w", r.ID, err)
	}
	if in.Position != nil {
		return place(tx, r.ProductID, r.ID, int(*in.Position))
	}
	return nil
}

// place puts an image of a product at a position, 0 or more; the others close up around it. Without an image they only close up.
func place(tx *db.Tx, productID, id int64, position int) error {
	var ids []int64
	err := tx.Select(&ids, "SELECT id FROM product_images WHERE product_id = ?1 AND removed_at IS NULL AND id <> ?2 ORDER BY position", productID, id)
	if err != nil {
		return err
	}
	if id != 0 {
		ids = slices.Insert(ids, min(position, len(ids)), id)
	}
	// First out of each other's way.
	_, err = tx.Exec("UPDATE product_images SET position = position + 1000 WHERE product_id = ?1 AND removed_at IS NULL", productID)
	if err == nil {
		_, err = tx.Exec(`UPDATE product_images SET position = (SELECT key FROM json_each(?2) WHERE value = product_images.id)
			WHERE product_id = ?1 AND removed_at IS NULL`, productID, list(ids))
	}
	if err != nil {
		return fmt.Errorf("put the pictures of product %d in order: %w", productID, err)
	}
	return nil
}

// RemoveImage takes an image away; for a day it can be brought back. Repeated it changes nothing. It fails with not_found.
func RemoveImage(ctx context.Context, d *db.DB, id int64) (*Product, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Product, error) {
		r, err := imageByID(tx, id)
		if err != nil {
			return nil, err
		}
		if r.Removed {
			return ProductIn(tx, r.ProductID)
		}
		if _, err := tx.Exec("UPDATE product_images SET removed_at = ?2 WHERE id = ?1", id, tx.Now); err != nil {
			return nil, fmt.Errorf("remove image %d: %w", id, err)
		}
		if err := place(tx, r.ProductID, 0, 0); err != nil {
			return nil, err
		}
		if err := tx.Audit("image", id, r.state(), nil); err != nil {
			return nil, err
		}
		return changedProduct(tx, r.ProductID)
	})
}

// RestoreImage brings an image back to where it was. Repeated it changes nothing. It fails with not_found, too_many.
func RestoreImage(ctx context.Context, d *db.DB, id int64) (*Product, error) {
	return db.Do(ctx, d, nil, func(tx *db.Tx) (*Product, error) {
		r, err := imageByID(tx, id)
		if err != nil {
			return nil, err
		}
		if !r.Removed {
			return ProductIn(tx, r.ProductID)
		}
		if err := roomFor(tx, r.ProductID, NewImages{Files: make([]io.Reader, 1)}); err != nil {
			return nil, err
		}
		// Out of the way of the others, until it is put where it was.
		_, err = tx.Exec("UPDATE product_images SET removed_at = NULL, position = 2000 WHERE id = ?1", id)
		if err != nil {
			return nil, fmt.Errorf("bring image %d back: %w", id, err)
		}
		if err := place(tx, r.ProductID, id, r.Position); err != nil {
			return nil, err
		}
		if err := tx.Audit("image", id, nil, r.state()); err != nil {
			return nil, err
		}
		return changedProduct(tx, r.ProductID)
	})
}

// changedProduct is a product after a change of its images.
func changedProduct(tx *db.Tx, id int64) (*Product, error) {
	if _, err := tx.Exec("UPDATE products SET version = version + 1, updated_at = ?2 WHERE id = ?1", id, tx.Now); err != nil {
		return nil, fmt.Errorf("change product %d: %w", id, err)
	}
	p, err := ProductIn(tx, id)
	if err != nil {
		return nil, err
	}
	return p, tx.Emit("products", id, p.Version)
}

// releaseImages lets what showed a variant that is no longer there show the product.
func releaseImages(tx *db.Tx, productID int64) error {
	_, err := tx.Exec(`UPDATE product_images SET variant_id = NULL WHERE product_id = ?1 AND variant_id IS NOT NULL
		AND variant_id IN (SELECT id FROM variants WHERE product_id = ?1 AND dropped = 1)`, productID)
	if err != nil {
		return fmt.Errorf("release the pictures of product %d: %w", productID, err)
	}
	return nil
}
