package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/stock"
)

// attempts is how often a commit plans anew when the shop changed between its plan and its write.
const attempts = 3

// CommitOptions say how an import is committed.
type CommitOptions struct {
	// SkipErrors leaves out the rows that have errors, and what belongs to a product that has one.
	SkipErrors bool `json:"skipErrors,omitempty"`
}

// Commit carries an import out as the shop is now: all of it in one write, or none. Repeated it answers the same. It fails with
// has_errors (the preview then shows those of now), too_many_changes, expired, not_found.
func Commit(ctx context.Context, d *db.DB, id int64, o CommitOptions) (*Import, error) {
	var last error
	for range attempts {
		m, f, err := load(ctx, d, id)
		if err != nil || m.Status == Committed {
			return m, err
		}
		p, err := draw(ctx, d, f.data, f.mapping, m.LocationID)
		if err != nil {
			return nil, err
		}
		p.sum(m, p.table)
		if m.ErrorRows > 0 && !o.SkipErrors {
			return nil, errors.Join(refresh(ctx, d, m), hasErrors(m))
		}
		refusal, err := p.carryOut(ctx, d, m)
		switch {
		case err == nil:
			return ByID(ctx, d, id)
		case refusal == nil: // the storage failed, not the import
			return nil, err
		}
		if last = refusal; !isRefusal(refusal) {
			break
		}
	}
	return nil, errors.Join(fail(ctx, d, id, last), last)
}

func hasErrors(m *Import) error {
	return db.Errorf(db.Conflict, "has_errors", "%d rows have errors, so nothing was imported. Correct the file and choose it again, or import the rest without them.", m.ErrorRows).
		With("rows", m.ErrorRows)
}

func isRefusal(err error) bool {
	var e *db.Error
	return errors.As(err, &e)
}

// carryOut writes the plan. The refusal is what a room, or a bug, answered inside the write and undid it with; it is nil when the
// write failed for a reason of its own.
func (p *plan) carryOut(ctx context.Context, d *db.DB, m *Import) (refusal, err error) {
	// A generated SKU must not be one that a later row brings along.
	slices.SortStableFunc(p.changes, func(a, b *change) int { return cmp.Compare(a.generates(), b.generates()) })
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		refusal = p.write(tx, m)
		return refusal
	})
	if !errors.Is(err, refusal) {
		refusal = nil
	}
	return refusal, err
}

func (c *change) generates() int {
	if slices.ContainsFunc(c.product.offers, func(o *offer) bool { return o.sku == "" }) {
		return 1
	}
	return 0
}

func (p *plan) write(tx *db.Tx, m *Import) error {
	if _, err := stock.LocationIn(tx, m.LocationID); err != nil {
		return err
	}
	now, err := byID(tx, m.ID)
	if err != nil || now.Status == Committed {
		return err
	}
	for _, c := range p.changes {
		if err := c.carryOut(tx, m); err != nil {
			return fmt.Errorf("import row %d: %w", c.product.row.number, err)
		}
	}
	m.Status, m.Failure, m.CommittedAt, m.Version = Committed, "", &tx.Now, now.Version+1
	if err := save(tx, m); err != nil {
		return err
	}
	if err := tx.Audit("import", m.ID, nil, m.ImportItem); err != nil {
		return err
	}
	return tx.Emit("imports", m.ID, m.Version, m.LocationID)
}

func (c *change) carryOut(tx *db.Tx, m *Import) error {
	written, err := c.carryCatalog(tx)
	if err != nil {
		return err
	}
	variants := make([]int64, len(written.Variants))
	for i, v := range written.Variants {
		variants[i] = v.ID
	}
	if err := remember(tx, c.product.link, written.ID, nil); err != nil {
		return err
	}
	for i, o := range c.slots {
		if o == nil {
			continue
		}
		if err := remember(tx, o.link, written.ID, &variants[i]); err != nil {
			return err
		}
	}
	return c.carryStock(tx, m, variants)
}

func (c *change) carryCatalog(tx *db.Tx) (*catalog.Product, error) {
	switch {
	case c.create != nil:
		return catalog.CreateIn(tx, *c.create)
	case c.update != nil:
		return catalog.UpdateIn(tx, c.id, *c.update)
	}
	known, err := catalog.ProductIn(tx, c.id)
	if err == nil && known.Version != c.version {
		err = db.Stale(known)
	}
	return known, err
}

// remember keeps under which key something is found again.
func remember(tx *db.Tx, key string, productID int64, variantID *int64) error {
	if key == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO import_links (source, key, product_id, variant_id) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (source, key) DO UPDATE SET product_id = ?3, variant_id = ?4`, source, key, productID, variantID)
	if err != nil {
		return fmt.Errorf("remember the key %s: %w", key, err)
	}
	return nil
}

// refresh shows in the preview what is wrong now.
func refresh(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		now, err := byID(tx, m.ID)
		if err != nil || now.Status == Committed {
			return err
		}
		m.Version = now.Version + 1
		if err := save(tx, m); err != nil {
			return err
		}
		return tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}

// fail notes that an import was tried and nothing of it stands; it may be tried again.
func fail(ctx context.Context, d *db.DB, id int64, why error) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		m, err := byID(tx, id)
		if err != nil || m.Status == Committed {
			return err
		}
		m.Status, m.Version = Failed, m.Version+1
		m.Failure = "Something went wrong on the way, so nothing was imported. Try again; if it happens again, ask for help with the number of this import."
		var e *db.Error
		if errors.As(why, &e) {
			m.Failure = "Nothing was imported, because the shop changed on the way: " + e.Message
		}
		if err := save(tx, m); err != nil {
			return err
		}
		return tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}
