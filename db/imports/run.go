package imports

import (
	"context"
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// sliceVariants is how many variants one write makes or changes, so that nobody waits longer for it than for an order. A larger
// product is a slice of its own.
const sliceVariants = 40

// carryOut runs a plan: first the catalog, then the stock, each slice with the steps that lead back from it, and in the end the
// word that it is committed. Whatever goes wrong on the way, a panic too, what was done is taken back.
func (p *plan) carryOut(ctx context.Context, d *db.DB, m *Import) (err error) {
	if err := begin(ctx, d, m); err != nil {
		return err
	}
	through := false
	defer func() {
		if !through {
			err = errors.Join(err, fail(context.WithoutCancel(ctx), d, m.ID, reason(err)))
		}
	}()
	products := sliced(p.changes, func(c *change) int { return max(len(c.slots), 1) })
	numbers := sliced(p.changes, (*change).numbers)
	total, done := len(products)+len(numbers), 0
	for _, phase := range []struct {
		slices [][]*change
		write  func(*change, *db.Tx, *Import) error
	}{{products, (*change).carryProduct}, {numbers, (*change).carryStock}} {
		for _, slice := range phase.slices {
			done++
			if err := carrySlice(ctx, d, m, slice, done*100/(total+1), phase.write); err != nil {
				return err
			}
		}
	}
	err = p.finish(ctx, d, m)
	through = err == nil
	return err
}

// sliced divides changes by the variants they write; what writes none is left out.
func sliced(changes []*change, weight func(*change) int) (slices [][]*change) {
	sum := 0
	for _, c := range changes {
		w := weight(c)
		switch {
		case w == 0:
			continue
		case len(slices) == 0 || sum+w > sliceVariants:
			slices, sum = append(slices, nil), 0
		}
		slices[len(slices)-1], sum = append(slices[len(slices)-1], c), sum+w
	}
	return slices
}

func begin(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		if _, err := stock.LocationIn(tx, m.LocationID); err != nil {
			return err
		}
		m.Status, m.Failure, m.Progress, m.Version = Running, "", 0, m.Version+1
		if err := keepRejects(tx, m); err != nil {
			return err
		}
		if err := tasks.StartWork(tx, tasks.ImportWork, m.ID, m.FileName, m.LocationID); err != nil {
			return err
		}
		return publish(tx, m)
	})
}

func carrySlice(ctx context.Context, d *db.DB, m *Import, slice []*change, progress int, write func(*change, *db.Tx, *Import) error) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		for _, c := range slice {
			if err := write(c, tx, m); err != nil {
				return fmt.Errorf("import row %d: %w", c.product.row.number, err)
			}
		}
		m.Progress, m.Version = progress, m.Version+1
		if _, err := tx.Exec("UPDATE imports SET progress = ?2, version = ?3 WHERE id = ?1", m.ID, m.Progress, m.Version); err != nil {
			return fmt.Errorf("note the progress: %w", err)
		}
		if err := tasks.AdvanceWork(tx, tasks.ImportWork, m.ID, m.Progress); err != nil {
			return err
		}
		return tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}

func (p *plan) finish(ctx context.Context, d *db.DB, m *Import) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		m.Status, m.Progress, m.CommittedAt, m.Version = Committed, 100, &tx.Now, m.Version+1
		m.UndoUntil = ref(tx.Now.Add(keepSteps))
		if err := tx.Audit("import", m.ID, nil, m.ImportItem); err != nil {
			return err
		}
		if err := rememberMapping(tx, m.Kind, p.table.header, p.mapping); err != nil {
			return err
		}
		if err := tasks.EndWork(tx, tasks.ImportWork, m.ID, tasks.WorkDone, ""); err != nil {
			return err
		}
		return publish(tx, m)
	})
}

// carryProduct writes what the file says of a product and by which keys it is found again.
func (c *change) carryProduct(tx *db.Tx, m *Import) error {
	written, err := c.carryCatalog(tx, m)
	if err != nil {
		return err
	}
	c.variants = make([]int64, len(written.Variants))
	for i, v := range written.Variants {
		c.variants[i] = v.ID
	}
	if err := keepPictures(tx, m, written.ID, c.product.pictures); err != nil {
		return err
	}
	if err := c.remember(tx, m, c.product.link, link{ProductID: written.ID}); err != nil {
		return err
	}
	for i, o := range c.slots {
		if o == nil {
			continue
		}
		if err := c.remember(tx, m, o.link, link{written.ID, &c.variants[i]}); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) carryCatalog(tx *db.Tx, m *Import) (*catalog.Product, error) {
	if !c.create && c.update == nil {
		known, err := catalog.ProductIn(tx, c.id)
		if err == nil && known.Version != c.version {
			err = db.Stale(known)
		}
		return known, err
	}
	brand, category, err := catalog.LastLabelsIn(tx)
	if err != nil {
		return nil, err
	}
	s := step{Row: c.product.row.number, Kind: stepMade, Weight: len(c.slots)}
	var written *catalog.Product
	if c.create {
		written, err = catalog.CreateIn(tx, *c.product.asNew())
		if c.product.unslug(err) { // another row of the file got it first
			written, err = catalog.CreateIn(tx, *c.product.asNew())
		}
	} else {
		var before *catalog.Product
		if before, err = catalog.ProductIn(tx, c.id); err != nil {
			return nil, err
		}
		back := before.Back()
		s.Kind, s.Was.Back = stepChanged, &back
		written, err = catalog.UpdateIn(tx, c.id, *c.update)
	}
	if err != nil {
		return nil, err
	}
	s.EntityID, s.Was.Version = written.ID, written.Version
	labels, err := madeAfter(tx, brand, category, written)
	if err != nil {
		return nil, err
	}
	for _, l := range labels {
		if err := l.note(tx, m.ID); err != nil { // before the product's own step: undone, the product goes first
			return nil, err
		}
	}
	return written, s.note(tx, m.ID)
}

// madeAfter are the brand and the categories that were made with a product, since these were the last ones.
func madeAfter(tx *db.Tx, brand, category int64, p *catalog.Product) (made []step, err error) {
	if p.BrandID != nil && *p.BrandID > brand {
		made = append(made, step{Kind: stepBrand, EntityID: *p.BrandID})
	}
	categories, err := catalog.CategoriesAfterIn(tx, category)
	for _, id := range categories {
		made = append(made, step{Kind: stepCategory, EntityID: id})
	}
	return made, err
}

// remember keeps under which key something is found again.
func (c *change) remember(tx *db.Tx, m *Import, key string, now link) error {
	if key == "" {
		return nil
	}
	was, err := linkOf(tx, c.source, key)
	if err != nil || was.same(now) {
		return err
	}
	s := step{Row: c.product.row.number, Kind: stepLinked, EntityID: now.ProductID, Was: state{Source: c.source, Key: key}}
	if was.ProductID != 0 {
		s.Was.Link = &was
	}
	if err := keep(tx, c.source, key, now); err != nil {
		return err
	}
	return s.note(tx, m.ID)
}

func keep(tx *db.Tx, source, key string, l link) error {
	_, err := tx.Exec(`INSERT INTO import_links (source, key, product_id, variant_id) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (source, key) DO UPDATE SET product_id = ?3, variant_id = ?4`, source, key, l.ProductID, l.VariantID)
	if err != nil {
		return fmt.Errorf("remember the key %s: %w", key, err)
	}
	return nil
}
