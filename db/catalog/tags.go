package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
)

// Tag is a word that the shop groups products by, as it was first spelled.
type Tag struct {
	Name string `json:"name"`
	Key  string `json:"-"`
}

// Tags lists the tags that products have, by name; q finds those that begin with it. It fails with bad_cursor.
func Tags(ctx context.Context, d *db.DB, l db.List) (page db.Page[Tag], err error) {
	prefix := fold(strings.TrimSpace(l.Q))
	last := ""
	if _, err := db.ReadCursor(l.After, &last); err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var rows []Tag
		// From one tag to the next through the index, however many products have each.
		err := tx.Select(&rows, `WITH RECURSIVE known(key) AS (
				SELECT (SELECT tag_key FROM product_tags WHERE tag_key >= ?1 AND tag_key > ?2 AND tag_key < ?3 ORDER BY tag_key LIMIT 1)
				UNION ALL
				SELECT (SELECT tag_key FROM product_tags WHERE tag_key > known.key AND tag_key < ?3 ORDER BY tag_key LIMIT 1) FROM known WHERE known.key IS NOT NULL
				LIMIT ?4
			) SELECT key, (SELECT tag FROM product_tags WHERE tag_key = key ORDER BY product_id LIMIT 1) AS name FROM known WHERE key IS NOT NULL`,
			prefix, last, db.PrefixEnd(prefix), l.Size()+1)
		if err != nil {
			return fmt.Errorf("list tags: %w", err)
		}
		page = db.PageOf(rows, l.Size(), func(t Tag) string { return db.Cursor(t.Key) })
		return nil
	})
	return page, err
}

// withTags adds the tags of products, in one query however many there are.
func withTags(tx *db.Tx, products []Product) error {
	ids := make([]int64, len(products))
	at := make(map[int64]*Product, len(products))
	for i := range products {
		products[i].Tags = []string{}
		ids[i], at[products[i].ID] = products[i].ID, &products[i]
	}
	var rows []struct {
		ProductID int64
		Tag       string
	}
	err := tx.Select(&rows, `SELECT product_id, tag FROM product_tags
		WHERE product_id IN (SELECT value FROM json_each(?1)) ORDER BY product_id, tag_key`, list(ids))
	if err != nil {
		return fmt.Errorf("load tags: %w", err)
	}
	for _, r := range rows {
		p := at[r.ProductID]
		p.Tags = append(p.Tags, r.Tag)
	}
	return nil
}

// applyTags checks the tags of a change. One that is there twice, in whatever case, counts once.
func (p *plan) applyTags(tags []string, wrong *refusals) {
	if len(tags) > maxTags {
		wrong.add(db.Refuse("too_many", "tags", "A product has at most %d tags.", maxTags).With("max", maxTags))
		return
	}
	seen := map[string]bool{}
	p.after.Tags = []string{}
	for i, tag := range tags {
		field := fmt.Sprintf("tags[%d]", i)
		tag, err := db.Required(field, tag, maxTag)
		if err == nil && strings.Contains(tag, ",") {
			err = db.Refuse("bad_tag", field, "A tag has no comma. Write two tags instead.")
		}
		wrong.add(err)
		if err == nil && !seen[fold(tag)] {
			seen[fold(tag)] = true
			p.after.Tags = append(p.after.Tags, tag)
		}
	}
	slices.SortFunc(p.after.Tags, func(a, b string) int { return strings.Compare(fold(a), fold(b)) })
}

// resolveTags spells tags as the shop does already.
func (p *plan) resolveTags(tx *db.Tx) error {
	keys := make([]string, len(p.after.Tags))
	for i, tag := range p.after.Tags {
		keys[i] = fold(tag)
	}
	var known []Tag
	err := tx.Select(&known, `SELECT k.value AS key, (SELECT tag FROM product_tags WHERE tag_key = k.value AND product_id <> ?2 ORDER BY product_id LIMIT 1) AS name
		FROM json_each(?1) k WHERE EXISTS (SELECT 1 FROM product_tags WHERE tag_key = k.value AND product_id <> ?2)`, list(keys), p.after.ID)
	if err != nil {
		return fmt.Errorf("look up tags: %w", err)
	}
	for _, t := range known {
		p.after.Tags[slices.Index(keys, t.Key)] = t.Name
	}
	return nil
}

// writeTags makes the stored tags those of the plan.
func (p *plan) writeTags(tx *db.Tx) error {
	if p.before != nil {
		if slices.Equal(p.before.Tags, p.after.Tags) {
			return nil
		}
		if _, err := tx.Exec("DELETE FROM product_tags WHERE product_id = ?1", p.after.ID); err != nil {
			return fmt.Errorf("take tags from product %d: %w", p.after.ID, err)
		}
	}
	for _, tag := range p.after.Tags {
		if _, err := tx.Exec("INSERT INTO product_tags (product_id, tag_key, tag) VALUES (?1, ?2, ?3)", p.after.ID, fold(tag), tag); err != nil {
			return fmt.Errorf("tag product %d: %w", p.after.ID, err)
		}
	}
	return nil
}
