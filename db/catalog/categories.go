package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
)

// Category is where the shop shelves products. It stands in a tree.
type Category struct {
	ID           int64    `json:"id"`
	Name         string   `json:"name"`
	Path         string   `json:"path" doc:"its name after those of all above it: Home > Kitchen"`
	ParentID     *int64   `json:"parentId" doc:"null at the top"`
	Depth        int      `json:"depth" doc:"1 at the top"`
	Position     int64    `json:"position" doc:"among those with the same parent, from 0"`
	ProductCount int64    `json:"productCount" doc:"products in it and in all below it, without archived ones"`
	OwnProducts  int64    `json:"ownProductCount" doc:"those in it itself"`
	Version      int64    `json:"version"`
	CreatedAt    db.Time  `json:"createdAt"`
	UpdatedAt    db.Time  `json:"updatedAt"`
	Image        *Picture `json:"image,omitempty" bun:"-"`

	Place                   string  `json:"-"`
	ImageHash, ImageFormat  *string `json:"-"`
	ImageWidth, ImageHeight *int    `json:"-"`
}

// NewCategory is a new category.
type NewCategory struct {
	Name     string     `json:"name" maxLength:"100"`
	ParentID OptionalID `json:"parentId,omitzero" doc:"null or left out for the top"`
	Position *int64     `json:"position,omitempty" minimum:"0" doc:"among those with the same parent, from 0; last when left out"`
}

// CategoryChange changes what it carries of a category.
type CategoryChange struct {
	Version  *int64     `json:"version,omitempty"`
	Name     *string    `json:"name,omitempty" maxLength:"100"`
	ParentID OptionalID `json:"parentId,omitzero" doc:"null for the top"`
	Position *int64     `json:"position,omitempty" minimum:"0" doc:"among those with the same parent, from 0; last under another parent when left out"`
}

// OptionalID is another record in a change: absent leaves what is there, null clears it, an id sets it.
// Fields of this type carry omitzero.
type OptionalID struct {
	Sent bool
	ID   *int64 // nil when null was sent
}

// SomeID sends an id, or null for nil.
func SomeID(id *int64) OptionalID { return OptionalID{Sent: true, ID: id} }

// UnmarshalJSON reads null or a number.
func (o *OptionalID) UnmarshalJSON(b []byte) error {
	*o = OptionalID{Sent: true}
	return json.Unmarshal(b, &o.ID)
}

// MarshalJSON writes null or a number.
func (o OptionalID) MarshalJSON() ([]byte, error) { return json.Marshal(o.ID) }

const categoryColumns = `SELECT c.id, c.name, c.path, c.parent_id, length(c.place) / 4 AS depth, c.position, c.place, c.version, c.created_at, c.updated_at,
	c.image_hash, c.image_format, c.image_width, c.image_height,
	c.products AS own_products, (SELECT sum(b.products) FROM categories b WHERE b.place >= c.place AND b.place < c.place || ':') AS product_count
	FROM categories c`

// Categories lists categories in the order of the tree, each before those below it; q finds names and paths that begin with it.
func Categories(ctx context.Context, d *db.DB, l db.List) (page db.Page[Category], err error) {
	place := ""
	if _, err := db.ReadCursor(l.After, &place); err != nil {
		return page, err
	}
	name, path := db.SortKey(l.Q), fold(l.Q)
	var rows []Category
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, categoryColumns+` WHERE c.place > ?1
			AND (c.sort_key >= ?2 AND c.sort_key < ?3 OR c.path_key >= ?4 AND c.path_key < ?5) ORDER BY c.place LIMIT ?6`,
			place, name, db.PrefixEnd(name), path, db.PrefixEnd(path), l.Size()+1)
	})
	for i := range rows {
		rows[i].show()
	}
	return db.PageOf(rows, l.Size(), func(c Category) string { return db.Cursor(c.Place) }), err
}

// CategoryByID returns a category, or not_found.
func CategoryByID(ctx context.Context, d *db.DB, id int64) (c *Category, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err = category(tx, id)
		return err
	})
	return c, err
}

func category(tx *db.Tx, id int64) (*Category, error) {
	var c Category
	err := tx.Get(&c, categoryColumns+" WHERE c.id = ?1", id)
	c.show()
	return &c, db.Found(err, "category")
}

// CreateCategory makes a category. It fails with required, too_long, bad_category_name, name_taken, too_deep, too_many and
// not_found for its parent.
func CreateCategory(ctx context.Context, d *db.DB, in NewCategory) (*Category, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Category, error) {
		name, err := categoryName("name", in.Name)
		if err != nil {
			return nil, err
		}
		parent, err := parentOf(tx, in.ParentID.ID)
		if err != nil {
			return nil, err
		}
		if err := freeAmong(tx, parent, name, 0); err != nil {
			return nil, err
		}
		if err := roomForCategories(tx, "name", 1); err != nil {
			return nil, err
		}
		c, err := insertCategory(tx, parent, name)
		if err != nil || in.Position == nil || *in.Position >= c.Position {
			return c, err
		}
		if err := c.put(tx, c.ParentID, *in.Position); err != nil {
			return nil, err
		}
		return category(tx, c.ID)
	})
}

// UpdateCategory renames a category, moves it with all below it, or puts it elsewhere among its siblings; then, in short writes, it
// makes the products findable by the new path. It fails with not_found, stale, category_loop, and as CreateCategory does.
func UpdateCategory(ctx context.Context, d *db.DB, id int64, in CategoryChange) (*Category, error) {
	var before *Category
	c, err := db.Do(ctx, d, in, func(tx *db.Tx) (c *Category, err error) {
		if before, err = category(tx, id); err != nil {
			return nil, err
		}
		return before.change(tx, in)
	})
	if err != nil || before == nil || before.Path == c.Path { // nil when it is answered as it was the first time
		return c, err
	}
	return c, rewordBelow(ctx, d, id)
}

func (c *Category) change(tx *db.Tx, in CategoryChange) (*Category, error) {
	if in.Version != nil && *in.Version != c.Version {
		return nil, db.Stale(c)
	}
	name := c.Name
	if in.Name != nil {
		var err error
		if name, err = categoryName("name", *in.Name); err != nil {
			return nil, err
		}
	}
	parentID := c.ParentID
	if in.ParentID.Sent {
		parentID = in.ParentID.ID
	}
	position, err := c.positionBelow(tx, parentID, in.Position)
	if err != nil {
		return nil, err
	}
	if name == c.Name && same(parentID, c.ParentID) && position == c.Position {
		return c, nil
	}
	if err := c.fits(tx, parentID, name); err != nil {
		return nil, err
	}
	_, err = tx.Exec("UPDATE categories SET name = ?2, name_key = ?3, sort_key = ?4, parent_id = ?5, version = version + 1, updated_at = ?6 WHERE id = ?1",
		c.ID, name, fold(name), db.SortKey(name), parentID, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("change category %d: %w", c.ID, err)
	}
	if err := c.put(tx, parentID, position); err != nil {
		return nil, err
	}
	after, err := category(tx, c.ID)
	if err != nil {
		return nil, err
	}
	return after, after.changedFrom(tx, c)
}

// fits refuses a parent or a name that a category cannot have.
func (c *Category) fits(tx *db.Tx, parentID *int64, name string) error {
	parent, err := parentOf(tx, parentID)
	if err != nil {
		return err
	}
	if !same(parentID, c.ParentID) {
		if err := c.fitsBelow(tx, parent); err != nil {
			return err
		}
	}
	return freeAmong(tx, parent, name, c.ID)
}

// changedFrom records and tells what became of a category.
func (c *Category) changedFrom(tx *db.Tx, before *Category) error {
	was, is := named{Name: before.Path}, named{Name: c.Path}
	if same(before.ParentID, c.ParentID) && before.Position != c.Position {
		was.Position, is.Position = &before.Position, &c.Position
	}
	if err := tx.Audit("category", c.ID, was, is); err != nil {
		return err
	}
	return tx.Emit("categories", c.ID, c.Version)
}
