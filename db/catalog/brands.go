package catalog

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
)

// Brand is who makes a product.
type Brand struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	ProductCount int64   `json:"productCount" doc:"without archived ones"`
	Version      int64   `json:"version"`
	CreatedAt    db.Time `json:"createdAt"`
	UpdatedAt    db.Time `json:"updatedAt"`
}

// NewBrand is a new brand.
type NewBrand struct {
	Name string `json:"name" maxLength:"100"`
}

// BrandChange renames a brand.
type BrandChange struct {
	Version *int64  `json:"version,omitempty"`
	Name    *string `json:"name,omitempty" maxLength:"100"`
}

// named is what the audit keeps of a brand or category.
type named struct {
	Name     string `json:"name"`
	Position *int64 `json:"position,omitempty"` // where it changed among its siblings
}

const brandColumns = "SELECT id, name, products AS product_count, version, created_at, updated_at FROM brands"

// Brands lists brands by name; q finds names that begin with it.
func Brands(ctx context.Context, d *db.DB, l db.List) (db.Page[Brand], error) {
	prefix := db.SortKey(l.Q)
	key, id := prefix, int64(0)
	if _, err := db.ReadCursor(l.After, &key, &id); err != nil {
		return db.Page[Brand]{}, err
	}
	var rows []Brand
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, brandColumns+" WHERE (sort_key, id) > (?1, ?2) AND sort_key < ?3 ORDER BY sort_key, id LIMIT ?4",
			key, id, db.PrefixEnd(prefix), l.Size()+1)
	})
	return db.PageOf(rows, l.Size(), func(b Brand) string { return db.Cursor(db.SortKey(b.Name), b.ID) }), err
}

// CreateBrand makes a brand, or fails with name_taken.
func CreateBrand(ctx context.Context, d *db.DB, in NewBrand) (*Brand, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Brand, error) {
		name, err := db.Required("name", in.Name, maxLabel)
		if err != nil {
			return nil, err
		}
		if err := freeBrand(tx, name, 0); err != nil {
			return nil, err
		}
		id, err := insertBrand(tx, name)
		if err != nil {
			return nil, err
		}
		return brand(tx, id)
	})
}

// UpdateBrand renames a brand, then, in short writes, what its products are found by. It fails with not_found, stale, name_taken.
func UpdateBrand(ctx context.Context, d *db.DB, id int64, in BrandChange) (*Brand, error) {
	renamed := false
	b, err := db.Do(ctx, d, in, func(tx *db.Tx) (*Brand, error) {
		before, err := brand(tx, id)
		if err != nil {
			return nil, err
		}
		after, err := before.change(tx, in)
		renamed = err == nil && after.Name != before.Name
		return after, err
	})
	if err != nil || !renamed {
		return b, err
	}
	return b, reword(ctx, d, variantsOfBrand, id)
}

func (b *Brand) change(tx *db.Tx, in BrandChange) (*Brand, error) {
	if in.Version != nil && *in.Version != b.Version {
		return nil, db.Stale(b)
	}
	if in.Name == nil {
		return b, nil
	}
	name, err := db.Required("name", *in.Name, maxLabel)
	if err != nil || name == b.Name {
		return b, err
	}
	if err := freeBrand(tx, name, b.ID); err != nil {
		return nil, err
	}
	_, err = tx.Exec("UPDATE brands SET name = ?2, name_key = ?3, sort_key = ?4, version = version + 1, updated_at = ?5 WHERE id = ?1",
		b.ID, name, fold(name), db.SortKey(name), tx.Now)
	if err != nil {
		return nil, fmt.Errorf("rename brand %d: %w", b.ID, err)
	}
	if err := tx.Audit("brand", b.ID, named{Name: b.Name}, named{Name: name}); err != nil {
		return nil, err
	}
	if err := tx.Emit("brands", b.ID, b.Version+1); err != nil {
		return nil, err
	}
	return brand(tx, b.ID)
}

// insertBrand makes a brand; the name is checked and free.
func insertBrand(tx *db.Tx, name string) (int64, error) {
	id, err := tx.Insert("INSERT INTO brands (name, name_key, sort_key, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
		name, fold(name), db.SortKey(name), tx.Now)
	if err != nil {
		return 0, fmt.Errorf("make brand %q: %w", name, err)
	}
	if err := tx.Audit("brand", id, nil, named{Name: name}); err != nil {
		return 0, err
	}
	return id, tx.Emit("brands", id, 1)
}

// brandOf returns the brand of a name in any case, nil when there is none.
func brandOf(tx *db.Tx, name string) (*Brand, error) {
	var b Brand
	err := tx.Get(&b, brandColumns+" WHERE name_key = ?1", fold(name))
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // absence is an answer here: the caller makes it
	}
	return &b, err
}

func brand(tx *db.Tx, id int64) (*Brand, error) {
	var b Brand
	err := tx.Get(&b, brandColumns+" WHERE id = ?1", id)
	return &b, db.Found(err, "brand")
}

// freeBrand refuses a name that another brand has.
func freeBrand(tx *db.Tx, name string, id int64) error {
	other, err := brandOf(tx, name)
	if err != nil || other == nil || other.ID == id {
		return err
	}
	return taken("name_taken", "name", "There is already a brand called %s.", other.Name).With("name", other.Name)
}

// BrandByID returns a brand, or not_found.
func BrandByID(ctx context.Context, d *db.DB, id int64) (b *Brand, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		b, err = brand(tx, id)
		return err
	})
	return b, err
}
