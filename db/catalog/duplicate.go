package catalog

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/picture"
)

// NewCopy says how a copy of a product is to differ.
type NewCopy struct {
	Name   string `json:"name,omitempty" maxLength:"200" doc:"Copy of the other one's name when left out"`
	Images bool   `json:"images,omitempty" doc:"whether it shows the same pictures"`
}

// Duplicate makes a product like another one, not yet published: with its texts, tags, options and prices. What is one product's alone
// stays with it: address, SKUs, barcodes, stock, a sale. Costs are copied for who may see them. It fails with not_found, too_long.
func Duplicate(ctx context.Context, d *db.DB, id int64, in NewCopy) (*Product, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Product, error) {
		from, err := product(tx, id, tx.Actor.Can("cost.read"))
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(in.Name) == "" {
			in.Name = shortened("Copy of "+from.Name, maxName)
		}
		made, err := CreateIn(tx, from.like(in.Name))
		if err != nil || !in.Images {
			return made, err
		}
		if err := copyImages(tx, from, made); err != nil {
			return nil, err
		}
		return ProductIn(tx, made.ID)
	})
}

// like is a new product with all of this one that two products may have.
func (p *Product) like(name string) NewProduct {
	hidden := false
	n := NewProduct{Name: name, Description: p.Description, Brand: p.Brand, Category: p.Category, TaxRate: &p.TaxRate, Published: &hidden,
		Options: p.Options, Tags: p.Tags, Notes: p.Notes}
	for i := range p.Variants {
		v := &p.Variants[i]
		n.Variants = append(n.Variants, NewVariant{Options: v.Options, Price: v.Price, CompareAtPrice: v.CompareAtPrice, Cost: v.Cost,
			ReorderPoint: &v.ReorderPoint, MaxStock: &v.MaxStock, Tracked: &v.Tracked, TracksLots: &v.TracksLots, Policy: v.Policy})
	}
	return n
}

// copyImages shows the pictures of a product for its copy too, each for the variant in the same place.
func copyImages(tx *db.Tx, from, to *Product) error {
	of := make(map[int64]int64, len(from.Variants))
	for i, v := range from.Variants {
		of[v.ID] = to.Variants[i].ID
	}
	var rows []imageRow
	err := tx.Select(&rows, "SELECT "+imageColumns+" FROM product_images i WHERE i.product_id = ?1 AND i.removed_at IS NULL ORDER BY i.position", from.ID)
	if err != nil {
		return fmt.Errorf("read the pictures of product %d: %w", from.ID, err)
	}
	for _, r := range rows {
		var variantID int64
		if r.VariantID != nil {
			variantID = of[*r.VariantID]
		}
		if err := insertImage(tx, to.ID, variantID, r.Alt, &picture.Drawn{Hash: r.Hash, Format: r.Format, Width: r.Width, Height: r.Height}); err != nil {
			return err
		}
	}
	return nil
}

// shortened is the beginning of a text that has at most so many letters.
func shortened(s string, most int) string {
	letters := []rune(s)
	return strings.TrimSpace(string(letters[:min(len(letters), most)]))
}
