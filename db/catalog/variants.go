package catalog

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/money"
)

// VariantFilter finds variants to sell, by a scanned code or by words; without either it lists all by name.
type VariantFilter struct {
	db.List
	Barcode string
}

// VariantItem is a variant as the counter shows it: with what it takes from its product. Its name is the full one.
type VariantItem struct {
	ID             int64             `json:"id"`
	ProductID      int64             `json:"productId"`
	ProductName    string            `json:"productName"`
	Name           string            `json:"name"`
	SKU            string            `json:"sku"`
	Barcodes       []string          `json:"barcodes" bun:"-" doc:"of a single one"`
	Packs          []Pack            `json:"packs" bun:"-" doc:"codes of packs of it"`
	Scanned        int64             `json:"scannedQuantity" bun:"-" doc:"how many the code stands for that it was found by: 1, or what is in the pack that has it"`
	Options        map[string]string `json:"options"`
	Price          money.Amount      `json:"price"`
	CompareAtPrice *money.Amount     `json:"compareAtPrice"`
	SalePrice      *money.Amount     `json:"salePrice" doc:"what is charged from saleStarts and until saleEnds; null for no sale"`
	SaleStarts     *db.Time          `json:"saleStarts" format:"date-time" doc:"null for at once"`
	SaleEnds       *db.Time          `json:"saleEnds" format:"date-time" doc:"null for no end"`
	CurrentPrice   money.Amount      `json:"currentPrice" bun:"-" doc:"what is charged now"`
	TaxRate        money.Rate        `json:"taxRate"`
	Tracked        bool              `json:"tracked"`
	TracksLots     bool              `json:"tracksLots" doc:"whether its stock is kept apart by lot and the day it expires"`
	Policy         Policy            `json:"policy" enum:"deny,backorder"`
	Archived       bool              `json:"archived"`
	Image          *Picture          `json:"image,omitempty" bun:"-" doc:"the first of its own, else of those that show all variants"`
	Version        int64             `json:"version"`
	NameKey        string            `json:"-"`
}

// Variants finds variants that are not archived. A barcode finds the one that has it, or that has it as its SKU.
// Words find, in this order, the variant with that barcode or SKU, SKUs and then names that begin so, and what has all the
// words; these are one page, however many there are. All of them by name are paged.
func Variants(ctx context.Context, d *db.DB, f VariantFilter) (page db.Page[VariantItem], err error) {
	var key string
	var id int64
	if _, err := db.ReadCursor(f.After, &key, &id); err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var rows []VariantItem
		var err error
		switch q := strings.TrimSpace(f.Q); {
		case f.Barcode != "":
			rows, err = items(tx, "v.id = coalesce((SELECT variant_id FROM barcodes WHERE lookup = ?1), (SELECT id FROM variants WHERE sku_key = ?2))",
				barcode.Lookup(f.Barcode), fold(strings.TrimSpace(f.Barcode)))
		case q != "":
			rows, err = find(tx, q, f.Size())
		default:
			rows, err = items(tx, "(v.name_key, v.id) > (?1, ?2) ORDER BY v.name_key, v.id LIMIT ?3", key, id, f.Size()+1)
		}
		if err != nil {
			return fmt.Errorf("find variants: %w", err)
		}
		page = db.PageOf(rows, f.Size(), func(v VariantItem) string { return db.Cursor(v.NameKey, v.ID) })
		return withBarcodesAndImages(tx, page.Items, cmp.Or(f.Barcode, f.Q))
	})
	return page, err
}

func items(tx *db.Tx, condition string, args ...any) (rows []VariantItem, err error) {
	err = tx.Select(&rows, `SELECT v.id, v.product_id, p.name AS product_name, v.name, v.name_key, v.sku, v.options, v.price, v.compare_at_price, v.sale_price, v.sale_starts, v.sale_ends,
		p.tax_rate, v.tracked, v.tracks_lots, v.policy, v.archived_at IS NOT NULL AS archived, v.version
		FROM variants v JOIN products p ON p.id = v.product_id WHERE v.archived_at IS NULL AND `+condition, args...)
	return rows, err
}

// find asks from the most exact to the widest and stops at a full page. Each question reads at most a page of an index,
// so that a common word costs no more than a rare one.
func find(tx *db.Tx, q string, size int) ([]VariantItem, error) {
	sku, name := fold(q), db.SortKey(q)
	questions := []struct {
		condition string
		args      []any
	}{
		{"v.id = (SELECT variant_id FROM barcodes WHERE lookup = ?1)", []any{barcode.Lookup(q)}},
		{"v.sku_key = ?1", []any{sku}},
		{"v.sku_key >= ?1 AND v.sku_key < ?2 ORDER BY v.sku_key LIMIT ?3", []any{sku, db.PrefixEnd(sku), size}},
		{"v.name_key >= ?1 AND v.name_key < ?2 ORDER BY v.name_key, v.id LIMIT ?3", []any{name, db.PrefixEnd(name), size}},
		{`v.id IN (SELECT s.rowid FROM variants_search s JOIN variants n ON n.id = s.rowid AND n.archived_at IS NULL
			WHERE s.variants_search MATCH ?1 ORDER BY s.rowid LIMIT ?2) ORDER BY v.name_key, v.id`, []any{db.MatchAll(q), size}},
	}
	if db.MatchAll(q) == "" {
		return nil, nil // nothing that a name could have
	}
	var found []VariantItem
	seen := map[int64]bool{}
	for _, ask := range questions {
		rows, err := items(tx, ask.condition, ask.args...)
		if err != nil {
			return nil, err
		}
		for _, v := range rows {
			if !seen[v.ID] && len(found) < size {
				seen[v.ID], found = true, append(found, v)
			}
		}
		if len(found) >= size {
			break
		}
	}
	return found, nil
}

func withBarcodesAndImages(tx *db.Tx, rows []VariantItem, asked string) error {
	ids := make([]int64, len(rows))
	for i, v := range rows {
		ids[i] = v.ID
	}
	of, err := barcodesOf(tx, ids)
	if err != nil {
		return err
	}
	images, err := ImagesOf(tx, ids)
	for i := range rows {
		v := &rows[i]
		v.Barcodes, v.Packs = of[v.ID].apart()
		v.Image = images[v.ID]
		v.CurrentPrice = Charged(v.Price, v.SalePrice, v.SaleStarts, v.SaleEnds, tx.Now)
		v.Scanned = 1
		for _, p := range v.Packs {
			if barcode.Lookup(p.Code) == barcode.Lookup(asked) {
				v.Scanned = p.Quantity
			}
		}
	}
	return err
}
