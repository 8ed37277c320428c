package catalog

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
)

// Brand is who makes a product.
type Brand label

// Category is where the shop shelves a product.
type Category label

type label struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Version   int64   `json:"version"`
	CreatedAt db.Time `json:"createdAt"`
	UpdatedAt db.Time `json:"updatedAt"`
}

// NewLabel is a new brand or category.
type NewLabel struct {
	Name string `json:"name" maxLength:"100"`
}

// LabelChange renames a brand or category.
type LabelChange struct {
	Version *int64  `json:"version,omitempty"`
	Name    *string `json:"name,omitempty" maxLength:"100"`
}

// Brands lists brands by name; q finds names that begin with it.
func Brands(ctx context.Context, d *db.DB, l db.List) (db.Page[Brand], error) {
	return labels[Brand](ctx, d, brands, l)
}

// Categories lists categories by name; q finds names that begin with it.
func Categories(ctx context.Context, d *db.DB, l db.List) (db.Page[Category], error) {
	return labels[Category](ctx, d, categories, l)
}

// CreateBrand makes a brand, or fails with name_taken.
func CreateBrand(ctx context.Context, d *db.DB, in NewLabel) (*Brand, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Brand, error) {
		l, err := brands.create(tx, in.Name)
		return (*Brand)(l), err
	})
}

// CreateCategory makes a category, or fails with name_taken.
func CreateCategory(ctx context.Context, d *db.DB, in NewLabel) (*Category, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Category, error) {
		l, err := categories.create(tx, in.Name)
		return (*Category)(l), err
	})
}

// UpdateBrand renames a brand; it fails with not_found, stale, name_taken.
func UpdateBrand(ctx context.Context, d *db.DB, id int64, in LabelChange) (*Brand, error) {
	l, err := brands.rename(ctx, d, id, in)
	return (*Brand)(l), err
}

// UpdateCategory renames a category; it fails with not_found, stale, name_taken.
func UpdateCategory(ctx context.Context, d *db.DB, id int64, in LabelChange) (*Category, error) {
	l, err := categories.rename(ctx, d, id, in)
	return (*Category)(l), err
}

// shelf is a table of labels and the column of products that points to it.
type shelf struct{ table, noun, column string }

var (
	brands     = shelf{"brands", "brand", "brand_id"}
	categories = shelf{"categories", "category", "category_id"}
)

// named is what the audit keeps of a label.
type named struct {
	Name string `json:"name"`
}

const labelColumns = "id, name, version, created_at, updated_at"

func labels[T Brand | Category](ctx context.Context, d *db.DB, s shelf, l db.List) (db.Page[T], error) {
	prefix := db.SortKey(l.Q)
	key, id := prefix, int64(0)
	if _, err := db.ReadCursor(l.After, &key, &id); err != nil {
		return db.Page[T]{}, err
	}
	var rows []T
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+labelColumns+" FROM "+s.table+
			" WHERE (sort_key, id) > (?1, ?2) AND sort_key < ?3 ORDER BY sort_key, id LIMIT ?4", key, id, db.PrefixEnd(prefix), l.Size()+1)
	})
	return db.PageOf(rows, l.Size(), func(t T) string { return db.Cursor(db.SortKey(label(t).Name), label(t).ID) }), err
}

func (s shelf) create(tx *db.Tx, name string) (*label, error) {
	name, err := db.Required("name", name, maxLabel)
	if err != nil {
		return nil, err
	}
	if err := s.free(tx, name, 0); err != nil {
		return nil, err
	}
	id, err := s.insert(tx, name)
	if err != nil {
		return nil, err
	}
	return s.byID(tx, id)
}

// insert makes a label; the name is checked and free.
func (s shelf) insert(tx *db.Tx, name string) (int64, error) {
	id, err := tx.Insert("INSERT INTO "+s.table+" (name, name_key, sort_key, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
		name, fold(name), db.SortKey(name), tx.Now)
	if err != nil {
		return 0, fmt.Errorf("make %s %q: %w", s.noun, name, err)
	}
	if err := tx.Audit(s.noun, id, nil, named{name}); err != nil {
		return 0, err
	}
	return id, tx.Emit(s.table, id, 1)
}

// find returns the label of a name in any case, nil when there is none.
func (s shelf) find(tx *db.Tx, name string) (*label, error) {
	var l label
	err := tx.Get(&l, "SELECT "+labelColumns+" FROM "+s.table+" WHERE name_key = ?1", fold(name))
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // absence is an answer here: the caller makes it
	}
	return &l, err
}

func (s shelf) byID(tx *db.Tx, id int64) (*label, error) {
	var l label
	err := tx.Get(&l, "SELECT "+labelColumns+" FROM "+s.table+" WHERE id = ?1", id)
	return &l, db.Found(err, s.noun)
}

// free refuses a name that another label has.
func (s shelf) free(tx *db.Tx, name string, id int64) error {
	other, err := s.find(tx, name)
	if err != nil || other == nil || other.ID == id {
		return err
	}
	return taken("name_taken", "name", "There is already a %s called %s.", s.noun, other.Name).With("name", other.Name)
}

// rename changes a name, then, in short writes, what its products are found by.
func (s shelf) rename(ctx context.Context, d *db.DB, id int64, in LabelChange) (*label, error) {
	l, err := db.Do(ctx, d, in, func(tx *db.Tx) (*label, error) { return s.change(tx, id, in) })
	if err != nil {
		return nil, err
	}
	for last := int64(0); last >= 0; {
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			last, err = s.reword(tx, id, last)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (s shelf) change(tx *db.Tx, id int64, in LabelChange) (*label, error) {
	l, err := s.byID(tx, id)
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != l.Version {
		return nil, db.Stale(l)
	}
	if in.Name == nil {
		return l, nil
	}
	name, err := db.Required("name", *in.Name, maxLabel)
	if err != nil || name == l.Name {
		return l, err
	}
	if err := s.free(tx, name, id); err != nil {
		return nil, err
	}
	_, err = tx.Exec("UPDATE "+s.table+" SET name = ?2, name_key = ?3, sort_key = ?4, version = version + 1, updated_at = ?5 WHERE id = ?1",
		id, name, fold(name), db.SortKey(name), tx.Now)
	if err != nil {
		return nil, fmt.Errorf("rename %s %d: %w", s.noun, id, err)
	}
	if err := tx.Audit(s.noun, id, named{l.Name}, named{name}); err != nil {
		return nil, err
	}
	if err := tx.Emit(s.table, id, l.Version+1); err != nil {
		return nil, err
	}
	return s.byID(tx, id)
}

// rewordSlice is how many variants one write makes findable under a new name.
const rewordSlice = 500

// reword writes the words of the next variants of a label after one, and returns the last, -1 when there are no more.
func (s shelf) reword(tx *db.Tx, id, last int64) (int64, error) {
	var ids []int64
	err := tx.Select(&ids, `SELECT v.id FROM products p JOIN variants v ON v.product_id = p.id
		WHERE p.`+s.column+` = ?1 AND v.id > ?2 ORDER BY v.id LIMIT ?3`, id, last, rewordSlice)
	if err != nil || len(ids) == 0 {
		return -1, err
	}
	_, err = tx.Exec(`UPDATE variants SET words = (`+wordsOfVariant+`) WHERE id IN (SELECT value FROM json_each(?1))`, list(ids))
	if err != nil {
		return 0, fmt.Errorf("make products of %s %d findable: %w", s.noun, id, err)
	}
	if len(ids) < rewordSlice {
		return -1, nil
	}
	return ids[len(ids)-1], nil
}
