package catalog

import (
	"context"
	"fmt"

	"onhand/db"
)

// RemoveCategory removes a category; what stands below it moves up into its place. Its products, archived ones too, go to another
// category, or to none for 0, in short writes; without a word on them a category that has some is refused. Interrupted, it goes on
// where it was. It fails with not_found, category_in_use, name_taken.
func RemoveCategory(ctx context.Context, d *db.DB, id int64, productsTo *int64) error {
	var raised []int64
	for gone := false; !gone; {
		err := db.Write(ctx, d, func(tx *db.Tx) error {
			c, err := category(tx, id)
			if err != nil {
				return err
			}
			left, err := c.clear(tx, productsTo)
			if err != nil || left {
				return err
			}
			gone = true
			raised, err = c.remove(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, below := range raised {
		if err := rewordBelow(ctx, d, below); err != nil {
			return err
		}
	}
	return nil
}

// clear moves some of a category's products to another one, and says whether there are more.
func (c *Category) clear(tx *db.Tx, to *int64) (left bool, err error) {
	if to == nil {
		n, err := count(tx, "SELECT count(*) FROM products WHERE category_id = ?1", c.ID)
		if err == nil && n > 0 {
			err = db.Errorf(db.Conflict, "category_in_use", "%d products are in %s. Say where they go.", n, c.Name).With("count", n).With("name", c.Name)
		}
		return false, err
	}
	if *to == c.ID {
		return false, db.Refuse("category_loop", "query.productsTo", "The products cannot stay in what is removed. Choose another category.").With("name", c.Name)
	}
	if *to != 0 {
		if _, err := category(tx, *to); err != nil {
			return false, db.Blame(err, "query.productsTo")
		}
	}
	return moveSome(tx, "category_id", c.ID, *to)
}

// remove deletes a category without products. What is right below it takes its place among its siblings, and is answered.
func (c *Category) remove(tx *db.Tx) (raised []int64, err error) {
	if err := tx.Select(&raised, "SELECT id FROM categories WHERE parent_id = ?1", c.ID); err != nil {
		return nil, err
	}
	if err := c.raise(tx); err != nil {
		return nil, err
	}
	if _, err := tx.Exec("DELETE FROM categories WHERE id = ?1", c.ID); err != nil {
		return nil, fmt.Errorf("remove category %d: %w", c.ID, err)
	}
	if err := settle(tx); err != nil {
		return nil, err
	}
	if err := tx.Audit("category", c.ID, named{Name: c.Path}, nil); err != nil {
		return nil, err
	}
	return raised, tx.Emit("categories", c.ID, c.Version+1)
}

// raise puts what stands below a category beside it.
func (c *Category) raise(tx *db.Tx) error {
	var clash string
	err := tx.Row(`SELECT b.name FROM categories b JOIN categories s ON coalesce(s.parent_id, 0) = coalesce(?2, 0) AND s.name_key = b.name_key AND s.id <> ?1
		WHERE b.parent_id = ?1 LIMIT 1`, []any{c.ID, c.ParentID}, &clash)
	if err == nil {
		return db.Errorf(db.Conflict, "name_taken", "%s below it would move up, but there is one of that name already. Rename it first.", clash).With("name", clash)
	}
	if err != db.ErrNoRow {
		return err
	}
	// Its name is free for one below it; its siblings stand so far apart that all of those fit in between.
	_, err = tx.Exec("UPDATE categories SET name_key = char(1) || id WHERE id = ?1", c.ID)
	if err == nil {
		_, err = tx.Exec("UPDATE categories SET position = position * 10000 WHERE parent_id IS ?1", c.ParentID)
	}
	if err == nil {
		_, err = tx.Exec("UPDATE categories SET parent_id = ?2, position = ?3 + position, version = version + 1, updated_at = ?4 WHERE parent_id = ?1",
			c.ID, c.ParentID, c.Position*10_000, tx.Now)
	}
	if err != nil {
		return fmt.Errorf("raise what is below category %d: %w", c.ID, err)
	}
	return nil
}

// How much one write moves: so many products, or those of so many variants.
const (
	moveProducts = 200
	moveVariants = 500
)

// moveSome gives some of the products of a brand or category, archived ones too, another one, or none for 0, and says whether there
// are more.
func moveSome(tx *db.Tx, column string, from, to int64) (left bool, err error) {
	var rows []struct{ ID, Version, Variants int64 }
	err = tx.Select(&rows, `SELECT p.id, p.version, (SELECT count(*) FROM variants v WHERE v.product_id = p.id) AS variants
		FROM products p WHERE p.`+column+` = ?1 LIMIT ?2`, from, moveProducts+1)
	if err != nil {
		return false, fmt.Errorf("find what is to move: %w", err)
	}
	n, variants := 0, int64(0)
	for n < min(len(rows), moveProducts) && (n == 0 || variants+rows[n].Variants <= moveVariants) {
		variants += rows[n].Variants
		n++
	}
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = rows[i].ID
		if err := tx.Emit("products", rows[i].ID, rows[i].Version+1); err != nil {
			return false, err
		}
	}
	_, err = tx.Exec("UPDATE products SET "+column+" = nullif(?2, 0), version = version + 1, updated_at = ?3 WHERE id IN (SELECT value FROM json_each(?1))",
		list(ids), to, tx.Now)
	if err == nil {
		_, err = tx.Exec("UPDATE variants SET words = ("+wordsOfVariant+") WHERE product_id IN (SELECT value FROM json_each(?1))", list(ids))
	}
	if err != nil {
		return false, fmt.Errorf("move products: %w", err)
	}
	return n < len(rows), nil
}
