package catalog

import (
	"fmt"
	"strings"

	"onhand/db"
)

// How far a tree of categories grows.
const (
	maxCategories = 2000
	maxDepth      = 8
)

// below is the name of the range of all categories under and including one: those whose place begins with its own.
const below = " place >= ?1 AND place < ?1 || ':'"

// parentOf is the category that another stands below, nil at the top.
func parentOf(tx *db.Tx, id *int64) (*Category, error) {
	if id == nil {
		return nil, nil //nolint:nilnil // the top is no category
	}
	c, err := category(tx, *id)
	if err != nil {
		return nil, db.Blame(err, "parentId")
	}
	return c, nil
}

func (c *Category) id() *int64 {
	if c == nil {
		return nil
	}
	return &c.ID
}

// categoryName checks the name of one category.
func categoryName(field, name string) (string, error) {
	name, err := db.Required(field, name, maxLabel)
	if err == nil && strings.Contains(name, ">") {
		err = db.Refuse("bad_category_name", field, "The name of a category has no >, which stands between it and the one above. Make one below the other.")
	}
	return name, err
}

// freeAmong refuses a name that another category has below the same parent.
func freeAmong(tx *db.Tx, parent *Category, name string, id int64) error {
	other, err := childOf(tx, parent.id(), name)
	if err != nil || other == nil || other.ID == id {
		return err
	}
	return taken("name_taken", "name", "There is already a category called %s here.", other.Name).With("name", other.Name)
}

// childOf is the category of a name below a parent, nil when there is none.
func childOf(tx *db.Tx, parentID *int64, name string) (*Category, error) {
	var all []Category
	err := tx.Select(&all, categoryColumns+" WHERE coalesce(c.parent_id, 0) = coalesce(?1, 0) AND c.name_key = ?2", parentID, fold(name))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

func roomForCategories(tx *db.Tx, field string, more int) error {
	n, err := count(tx, "SELECT count(*) FROM categories")
	if err == nil && n+int64(more) > maxCategories {
		err = db.Refuse("too_many", field, "A shop has at most %d categories. Remove some first.", maxCategories).With("max", maxCategories)
	}
	return err
}

// fitsBelow refuses a parent that is the category itself or below it, and one so deep that not all fits below it.
func (c *Category) fitsBelow(tx *db.Tx, parent *Category) error {
	if parent == nil {
		return nil
	}
	if strings.HasPrefix(parent.Place, c.Place) {
		return db.Refuse("category_loop", "parentId", "%s cannot stand below itself.", c.Name).With("name", c.Name)
	}
	height, err := count(tx, "SELECT max(length(place)) / 4 FROM categories WHERE"+below, c.Place)
	if err != nil {
		return err
	}
	return deepEnough("parentId", parent.Depth+int(height)-c.Depth+1)
}

func deepEnough(field string, depth int) error {
	if depth > maxDepth {
		return db.Refuse("too_deep", field, "Categories stand at most %d deep. Put it further up.", maxDepth).With("max", maxDepth)
	}
	return nil
}

// insertCategory makes a category the last one below its parent; its name is checked and free.
func insertCategory(tx *db.Tx, parent *Category, name string) (*Category, error) {
	place, path, pathKey, depth := "", name, fold(name), 1
	if parent != nil {
		place, path, pathKey, depth = parent.Place, parent.Path+pathMark+name, fold(parent.Path+pathMark+name), parent.Depth+1
	}
	if err := deepEnough("name", depth); err != nil {
		return nil, err
	}
	id, err := tx.Insert(`INSERT INTO categories (name, name_key, sort_key, parent_id, path, path_key, created_at, updated_at, position, place)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, n, ?8 || printf('%04d', n)
		FROM (SELECT coalesce(max(position) + 1, 0) AS n FROM categories WHERE parent_id IS ?4)`,
		name, fold(name), db.SortKey(name), parent.id(), path, pathKey, tx.Now, place)
	if err != nil {
		return nil, fmt.Errorf("make category %q: %w", path, err)
	}
	if err := tx.Audit("category", id, nil, named{Name: path}); err != nil {
		return nil, err
	}
	if err := tx.Emit("categories", id, 1); err != nil {
		return nil, err
	}
	return category(tx, id)
}

// positionBelow is where a category comes to stand below a parent: where it is asked for, else where it is, else last.
func (c *Category) positionBelow(tx *db.Tx, parentID, wanted *int64) (int64, error) {
	if wanted == nil && same(parentID, c.ParentID) {
		return c.Position, nil
	}
	others, err := count(tx, "SELECT count(*) FROM categories WHERE parent_id IS ?1 AND id <> ?2", parentID, c.ID)
	if err != nil || wanted == nil {
		return others, err
	}
	return min(*wanted, others), nil
}

// put makes a category the one at a position below a parent; the others make room.
func (c *Category) put(tx *db.Tx, parentID *int64, position int64) error {
	// The others take the odd positions, so that there is one between any two of them.
	_, err := tx.Exec(`UPDATE categories SET position = 2 * r.n + 1
		FROM (SELECT id, row_number() OVER (ORDER BY position, id) - 1 AS n FROM categories WHERE parent_id IS ?1 AND id <> ?2) r WHERE r.id = categories.id`, parentID, c.ID)
	if err == nil {
		_, err = tx.Exec("UPDATE categories SET position = ?2 WHERE id = ?1", c.ID, 2*position)
	}
	if err != nil {
		return fmt.Errorf("put category %d in its place: %w", c.ID, err)
	}
	return settle(tx)
}

// tree is what place, path and path_key have to be, from the top down.
const tree = `WITH RECURSIVE tree (id, place, path, path_key) AS (
		SELECT id, printf('%04d', position), name, name_key FROM categories WHERE parent_id IS NULL
		UNION ALL
		SELECT c.id, t.place || printf('%04d', c.position), t.path || ' > ' || c.name, t.path_key || ' > ' || c.name_key
		FROM tree t JOIN categories c ON c.parent_id = t.id
	) SELECT id, place, path, path_key FROM tree`

// closeUp settles the tree after a category went, unless it was the last of its siblings, as what was just made is.
func closeUp(tx *db.Tx, gone *Category) error {
	n, err := count(tx, "SELECT EXISTS (SELECT 1 FROM categories WHERE parent_id IS ?1 AND position > ?2)", gone.ParentID, gone.Position)
	if err != nil || n == 0 {
		return err
	}
	return settle(tx)
}

// settle closes the gaps between siblings and tells all categories where they stand now. There are few enough to look at all.
func settle(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE categories SET position = r.n
		FROM (SELECT id, row_number() OVER (PARTITION BY parent_id ORDER BY position, id) - 1 AS n FROM categories) r
		WHERE r.id = categories.id AND r.n <> categories.position`)
	if err == nil {
		_, err = tx.Exec("UPDATE categories SET place = t.place, path = t.path, path_key = t.path_key FROM (" + tree + `) t
			WHERE t.id = categories.id AND (t.place, t.path, t.path_key) IS NOT (categories.place, categories.path, categories.path_key)`)
	}
	if err != nil {
		return fmt.Errorf("put the categories in order: %w", err)
	}
	return nil
}
