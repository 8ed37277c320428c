package catalog

import (
	"fmt"
	"strconv"

	"onhand/db"
	"onhand/db/picture"
)

// imageRow is an image as it is stored.
type imageRow struct {
	ID, ProductID int64
	VariantID     *int64
	Position      int
	Hash, Format  string
	Width, Height int
	Alt           string
	Removed       bool
	Product       string
	ShownOf       int64 // the variant that a list shows it for
}

const imageColumns = `i.id, i.product_id, i.variant_id, i.position, i.hash, i.format, i.width, i.height, i.alt`

// picture is the row as a list shows it.
func (r *imageRow) picture() Picture {
	p := Picture{Alt: r.Alt, Width: r.Width, Height: r.Height}
	for _, s := range picture.Sizes(r.Width, r.Height) {
		p.URL = "/images/" + fileName(r.Hash, s.Side, r.Format)
		p.Sizes = append(p.Sizes, PictureSize{p.URL, s.Width, s.Height})
	}
	return p
}

func fileName(hash string, side int, format string) string {
	return hash + "-" + strconv.Itoa(side) + "." + format
}

// imageState is what the audit keeps of an image.
type imageState struct {
	Name      string `json:"name"` // of the product
	Alt       string `json:"alt"`
	Position  int    `json:"position"`
	VariantID int64  `json:"variantId"`
}

func (r *imageRow) state() imageState {
	s := imageState{Name: r.Product, Alt: r.Alt, Position: r.Position}
	if r.VariantID != nil {
		s.VariantID = *r.VariantID
	}
	return s
}

// imageByID is an image, removed or not, or not_found.
func imageByID(tx *db.Tx, id int64) (*imageRow, error) {
	var r imageRow
	err := tx.Get(&r, "SELECT "+imageColumns+", i.removed_at IS NOT NULL AS removed, p.name AS product FROM product_images i JOIN products p ON p.id = i.product_id WHERE i.id = ?1", id)
	return &r, db.Found(err, "image")
}

// withImages adds how products and their variants look, in one query however many there are.
func withImages(tx *db.Tx, products []Product) error {
	ids := make([]int64, len(products))
	at := make(map[int64]*Product, len(products))
	for i := range products {
		products[i].Images = []Image{}
		ids[i], at[products[i].ID] = products[i].ID, &products[i]
	}
	var rows []imageRow
	err := tx.Select(&rows, "SELECT "+imageColumns+` FROM product_images i
		WHERE i.product_id IN (SELECT value FROM json_each(?1)) AND i.removed_at IS NULL ORDER BY i.product_id, i.position`, list(ids))
	if err != nil {
		return fmt.Errorf("load images: %w", err)
	}
	for _, r := range rows {
		p := at[r.ProductID]
		p.Images = append(p.Images, Image{r.ID, r.VariantID, r.picture()})
	}
	for i := range products {
		products[i].showImages()
	}
	return nil
}

// showImages says which of its images stands for a product, and which for each of its variants.
func (p *Product) showImages() {
	own := map[int64]*Picture{}
	var all *Picture
	for i := range p.Images {
		picture, of := &p.Images[i].Picture, p.Images[i].VariantID
		switch {
		case of == nil && all == nil:
			all = picture
		case of != nil && own[*of] == nil:
			own[*of] = picture
		}
	}
	if len(p.Images) > 0 {
		p.Image = &p.Images[0].Picture
	}
	for i := range p.Variants {
		v := &p.Variants[i]
		if v.Image = own[v.ID]; v.Image == nil {
			v.Image = all
		}
	}
}

// ImagesOf is how variants look, of those that have a picture: the first of its own, else of those that show all variants of its
// product. Another variant's never stands for it: a wrong picture is worse than none.
func ImagesOf(tx *db.Tx, variantIDs []int64) (map[int64]*Picture, error) {
	var rows []imageRow
	err := tx.Select(&rows, "SELECT "+imageColumns+`, v.id AS shown_of FROM variants v JOIN product_images i ON i.id = (
			SELECT x.id FROM product_images x WHERE x.product_id = v.product_id AND x.removed_at IS NULL AND (x.variant_id = v.id OR x.variant_id IS NULL)
			ORDER BY x.variant_id IS NULL, x.position LIMIT 1)
		WHERE v.id IN (SELECT value FROM json_each(?1))`, list(variantIDs))
	if err != nil {
		return nil, fmt.Errorf("load images: %w", err)
	}
	images := make(map[int64]*Picture, len(rows))
	for _, r := range rows {
		p := r.picture()
		images[r.ShownOf] = &p
	}
	return images, nil
}
