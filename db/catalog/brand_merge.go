package catalog

import (
	"context"
	"fmt"

	"onhand/db"
)

// BrandMerge is the brand that another one becomes part of.
type BrandMerge struct {
	Into int64 `json:"into" minimum:"1" doc:"the brand that stays"`
}

// MergeBrand gives the products of a brand, archived ones too, to another one in short writes, removes it and returns the one that
// stays. Interrupted, it goes on where it was. It fails with not_found and same_brand.
func MergeBrand(ctx context.Context, d *db.DB, id int64, in BrandMerge) (*Brand, error) {
	// A merge that is sent again finds no products and no brand, and is answered as it was the first time.
	if err := moveFromBrand(ctx, d, id, &in.Into); err != nil && db.CodeOf(err) != "not_found" {
		return nil, err
	}
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Brand, error) {
		if err := removeBrand(tx, id, &in.Into); err != nil {
			return nil, err
		}
		into, err := brand(tx, in.Into)
		if err != nil {
			return nil, err
		}
		return into, tx.Emit("brands", into.ID, into.Version)
	})
}

// RemoveBrand removes a brand. Its products, archived ones too, get another one, or none for 0; without a word on them a brand that
// has some is refused. It fails with not_found, brand_in_use, same_brand.
func RemoveBrand(ctx context.Context, d *db.DB, id int64, productsTo *int64) error {
	if err := moveFromBrand(ctx, d, id, productsTo); err != nil {
		return err
	}
	return db.Write(ctx, d, func(tx *db.Tx) error { return removeBrand(tx, id, productsTo) })
}

// moveFromBrand moves all but the last products of a brand, which removeBrand takes along.
func moveFromBrand(ctx context.Context, d *db.DB, id int64, to *int64) error {
	for left := to != nil; left; {
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			if err := brandsToMove(tx, id, *to); err != nil {
				return err
			}
			left, err = moveSome(tx, "brand_id", id, *to)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// brandsToMove refuses brands that are not there or the same.
func brandsToMove(tx *db.Tx, from, to int64) error {
	if _, err := brand(tx, from); err != nil {
		return err
	}
	if from == to {
		return db.Refuse("same_brand", "into", "This is the brand itself. Choose another one.")
	}
	if to == 0 {
		return nil
	}
	_, err := brand(tx, to)
	return db.Blame(err, "into")
}

// removeBrand deletes a brand with at most the few products that came to it since the others were moved.
func removeBrand(tx *db.Tx, id int64, to *int64) error {
	b, err := brand(tx, id)
	if err != nil {
		return err
	}
	if to == nil {
		n, err := count(tx, "SELECT count(*) FROM products WHERE brand_id = ?1", id)
		if err == nil && n > 0 {
			err = db.Errorf(db.Conflict, "brand_in_use", "%d products are by %s. Say which brand they get.", n, b.Name).With("count", n).With("name", b.Name)
		}
		if err != nil {
			return err
		}
	} else if err := takeLast(tx, id, *to); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM brands WHERE id = ?1", id); err != nil {
		return fmt.Errorf("remove brand %d: %w", id, err)
	}
	type merged struct {
		Name string `json:"name"`
		Into int64  `json:"into,omitempty"`
	}
	was := merged{Name: b.Name}
	if to != nil {
		was.Into = *to
	}
	if err := tx.Audit("brand", id, was, nil); err != nil {
		return err
	}
	return tx.Emit("brands", id, b.Version+1)
}

func takeLast(tx *db.Tx, id, to int64) error {
	if err := brandsToMove(tx, id, to); err != nil {
		return err
	}
	left, err := moveSome(tx, "brand_id", id, to)
	if err == nil && left { // somebody made hundreds in between
		err = db.Errorf(db.Unavailable, "not_saved", "Products came to this brand while it was removed. Try again.")
	}
	return err
}
