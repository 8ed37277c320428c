package imports

import (
	"context"
	"fmt"

	"onhand/db"
)

// maxPictures is how many addresses are kept of one product, and maxAddress how long one is.
const (
	maxPictures = 20
	maxAddress  = 2_000
)

// ImportPicture is the address of a picture that a file had. It is not fetched: a person looks at it and adds the picture.
type ImportPicture struct {
	ID        int64  `json:"id"`
	ProductID int64  `json:"productId"`
	Product   string `json:"product" doc:"its name"`
	URL       string `json:"url"`
}

// Pictures lists the addresses of an import that nobody has done with, those of a product beside each other.
func Pictures(ctx context.Context, d *db.DB, id int64, l db.List) (page db.Page[ImportPicture], err error) {
	var product, last int64
	if _, err := db.ReadCursor(l.After, &product, &last); err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		if _, err := byID(tx, id); err != nil {
			return err
		}
		var rows []ImportPicture
		err := tx.Select(&rows, `SELECT i.id, i.product_id, p.name AS product, i.url FROM import_pictures i JOIN products p ON p.id = i.product_id
			WHERE i.import_id = ?1 AND i.done_at IS NULL AND (i.product_id, i.id) > (?2, ?3) ORDER BY i.product_id, i.id LIMIT ?4`, id, product, last, l.Size()+1)
		if err != nil {
			return fmt.Errorf("list pictures: %w", err)
		}
		page = db.PageOf(rows, l.Size(), func(p ImportPicture) string { return db.Cursor(p.ProductID, p.ID) })
		return nil
	})
	return page, err
}

// PicturesDone are pictures that a person has added, or does not want.
type PicturesDone struct {
	ProductID int64 `json:"productId" minimum:"1"`
}

// DoneWithPictures takes the addresses of a product off an import's list. Repeated it changes nothing. It fails with not_found.
func DoneWithPictures(ctx context.Context, d *db.DB, id int64, in PicturesDone) (*Import, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Import, error) {
		m, err := byID(tx, id)
		if err != nil {
			return nil, err
		}
		n, err := tx.Exec("UPDATE import_pictures SET done_at = ?3 WHERE import_id = ?1 AND product_id = ?2 AND done_at IS NULL", id, in.ProductID, tx.Now)
		if err != nil {
			return nil, fmt.Errorf("be done with pictures: %w", err)
		}
		if n == 0 {
			return m, nil
		}
		return m, tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}

// picturesIn are the addresses of a product that are kept already.
func picturesIn(tx *db.Tx, productID int64) (urls []string, err error) {
	err = tx.Select(&urls, "SELECT url FROM import_pictures WHERE product_id = ?1", productID)
	if err != nil {
		return nil, fmt.Errorf("read pictures of product %d: %w", productID, err)
	}
	return urls, nil
}

// keepPictures keeps the addresses of a product that are new.
func keepPictures(tx *db.Tx, m *Import, productID int64, urls []string) error {
	for _, url := range urls {
		if _, err := tx.Exec("INSERT OR IGNORE INTO import_pictures (import_id, product_id, url) VALUES (?1, ?2, ?3)", m.ID, productID, url); err != nil {
			return fmt.Errorf("keep a picture of product %d: %w", productID, err)
		}
	}
	return nil
}

// forgetPictures forgets the addresses of an import that is taken back.
func forgetPictures(tx *db.Tx, importID int64) error {
	if _, err := tx.Exec("DELETE FROM import_pictures WHERE import_id = ?1", importID); err != nil {
		return fmt.Errorf("forget the pictures of import %d: %w", importID, err)
	}
	return nil
}
