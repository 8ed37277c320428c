package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
)

// ProductFilter narrows the list of products. Names of brand and category and tags match in any case. What is below a category is in it.
type ProductFilter struct {
	db.List
	CategoryID, BrandID int64
	Category, Brand     string
	Tag                 string
	Published           *bool
	// Archived lists the archived products instead of the current ones.
	Archived bool
	// IDs lists these products alone, archived or not.
	IDs []int64
	// Sort is name (the default), -name, newest or oldest.
	Sort string
}

// Products lists products with their variants. It fails with bad_cursor, bad_sort.
func Products(ctx context.Context, d *db.DB, f ProductFilter) (page db.Page[Product], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		q, err := f.query(tx)
		if err != nil {
			return err
		}
		var rows []Product
		if err := tx.Select(&rows, q.String(), q.args...); err != nil {
			return fmt.Errorf("list products: %w", err)
		}
		page = db.PageOf(rows, f.Size(), func(p Product) string {
			if q.byID {
				return db.Cursor(p.ID)
			}
			return db.Cursor(p.NameKey, p.ID)
		})
		if err := withVariants(tx, page.Items, tx.Actor.Can("cost.read")); err != nil {
			return err
		}
		if err := withTags(tx, page.Items); err != nil {
			return err
		}
		return withImages(tx, page.Items)
	})
	return page, err
}

// ProductByID returns a product, archived or not, or not_found.
func ProductByID(ctx context.Context, d *db.DB, id int64) (p *Product, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		p, err = ProductIn(tx, id)
		return err
	})
	return p, err
}

// ProductIn is ProductByID inside a transaction.
func ProductIn(tx *db.Tx, id int64) (*Product, error) {
	p, err := product(tx, id, tx.Actor.Can("cost.read"))
	if err != nil {
		return nil, err
	}
	one := []Product{*p}
	err = withImages(tx, one)
	return &one[0], err
}

// product is one without its images.
func product(tx *db.Tx, id int64, cost bool) (*Product, error) {
	var p Product
	if err := tx.Get(&p, productColumns+" WHERE p.id = ?1", id); err != nil {
		return nil, db.Found(err, "product")
	}
	one := []Product{p}
	if err := withVariants(tx, one, cost); err != nil {
		return nil, err
	}
	err := withTags(tx, one)
	return &one[0], err
}

const productColumns = `SELECT p.id, p.slug, p.name, p.name_key, p.description, coalesce(b.name, '') AS brand, p.brand_id,
	coalesce(c.path, '') AS category, p.category_id, p.tax_rate, p.published, p.archived_at IS NOT NULL AS archived, p.archived_at,
	p.options, p.notes, p.version, p.created_at, p.updated_at
	FROM products p LEFT JOIN brands b ON b.id = p.brand_id LEFT JOIN categories c ON c.id = p.category_id`

// variantColumns has the cost only where it may be seen.
func variantColumns(cost bool) string {
	column := "NULL"
	if cost {
		column = "v.cost"
	}
	return `v.id, v.product_id, v.sku, v.title, v.name, v.words, v.options, v.option_key, v.price, v.compare_at_price, v.sale_price, v.sale_starts, v.sale_ends, ` + column +
		` AS cost, v.reorder_point, v.max_stock, v.tracked, v.tracks_lots, v.policy, v.position, v.dropped, v.archived_at IS NOT NULL AS archived, v.version`
}

// withVariants adds what products are sold as, in two queries however many there are.
func withVariants(tx *db.Tx, products []Product, cost bool) error {
	ids := make([]int64, len(products))
	at := make(map[int64]*Product, len(products))
	for i := range products {
		products[i].Variants = []Variant{}
		ids[i], at[products[i].ID] = products[i].ID, &products[i]
	}
	variants, err := variantsOf(tx, ids, cost, "v.dropped = 0")
	for _, v := range variants {
		p := at[v.ProductID]
		p.Variants = append(p.Variants, v)
	}
	return err
}

func variantsOf(tx *db.Tx, productIDs []int64, cost bool, condition string) ([]Variant, error) {
	var variants []Variant
	err := tx.Select(&variants, `SELECT `+variantColumns(cost)+` FROM variants v
		WHERE v.product_id IN (SELECT value FROM json_each(?1)) AND `+condition+` ORDER BY v.product_id, v.position, v.id`, list(productIDs))
	if err != nil {
		return nil, fmt.Errorf("load variants: %w", err)
	}
	ids := make([]int64, len(variants))
	for i, v := range variants {
		ids[i] = v.ID
	}
	codes, err := barcodesOf(tx, ids)
	for i := range variants {
		v := &variants[i]
		v.Barcodes, v.Packs = codes[v.ID].apart()
		v.CurrentPrice = Charged(v.Price, v.SalePrice, v.SaleStarts, v.SaleEnds, tx.Now)
	}
	return variants, err
}

// codes are the barcodes of a variant in their order, of packs with what is in them.
type codes []Pack

// apart are the codes of a single one and those of packs; neither is nil.
func (c codes) apart() ([]string, []Pack) {
	single, packs := []string{}, []Pack{}
	for _, p := range c {
		if p.Quantity == 1 {
			single = append(single, p.Code)
		} else {
			packs = append(packs, p)
		}
	}
	return single, packs
}

func barcodesOf(tx *db.Tx, variantIDs []int64) (map[int64]codes, error) {
	var rows []struct {
		VariantID int64
		Code      string
		Quantity  int64
	}
	err := tx.Select(&rows, `SELECT variant_id, code, quantity FROM barcodes
		WHERE variant_id IN (SELECT value FROM json_each(?1)) ORDER BY variant_id, position`, list(variantIDs))
	if err != nil {
		return nil, fmt.Errorf("load barcodes: %w", err)
	}
	of := make(map[int64]codes, len(rows))
	for _, r := range rows {
		of[r.VariantID] = append(of[r.VariantID], Pack{r.Code, r.Quantity})
	}
	return of, nil
}

// productQuery is a list of products in the making: conditions with their arguments.
type productQuery struct {
	conditions []string
	args       []any
	byID       bool
	order      string
}

func (q *productQuery) where(condition string, args ...any) {
	q.conditions = append(q.conditions, condition)
	q.args = append(q.args, args...)
}

// String finds a page in indexes alone, and reads its rows only then.
func (q *productQuery) String() string {
	return productColumns + " WHERE p.id IN (SELECT p.id FROM products p WHERE " + strings.Join(q.conditions, " AND ") + q.order + " LIMIT ?)" + q.order
}

func (f ProductFilter) query(tx *db.Tx) (*productQuery, error) {
	q := &productQuery{}
	if len(f.IDs) > 0 {
		q.where("p.id IN (SELECT value FROM json_each(?))", list(f.IDs))
	} else {
		q.where(map[bool]string{false: "p.archived_at IS NULL", true: "p.archived_at IS NOT NULL"}[f.Archived])
	}
	if f.Published != nil { // literal, so that the index of what is not published serves
		q.where(map[bool]string{false: "p.published = 0", true: "p.published = 1"}[*f.Published])
	}
	if f.BrandID != 0 {
		q.where("p.brand_id = ?", f.BrandID)
	}
	if f.Brand != "" {
		q.where("p.brand_id = (SELECT id FROM brands WHERE name_key = ?)", fold(strings.TrimSpace(f.Brand)))
	}
	if err := f.inCategory(tx, q); err != nil {
		return nil, err
	}
	if f.Tag != "" {
		q.where("p.id IN (SELECT product_id FROM product_tags WHERE tag_key = ?)", fold(strings.TrimSpace(f.Tag)))
	}
	if err := f.search(tx, q); err != nil {
		return nil, err
	}
	return q, f.page(q)
}

// fewInCategory is how many products of a category are put in order for a page; where there are more, the page is found sooner by
// going through all products in the order of the list.
const fewInCategory = 2000

// inCategory keeps products of the category asked for and of those below it.
func (f ProductFilter) inCategory(tx *db.Tx, q *productQuery) error {
	if f.Category != "" {
		in, err := knownAs(tx, f.Category)
		if err != nil {
			return err
		}
		q.below(in)
	}
	if f.CategoryID != 0 {
		var in []Category
		if err := tx.Select(&in, categoryColumns+" WHERE c.id = ?1", f.CategoryID); err != nil {
			return fmt.Errorf("look up category: %w", err)
		}
		q.below(in)
	}
	return nil
}

// below keeps products of some categories and of those below them; of no category there are none.
func (q *productQuery) below(in []Category) {
	ranges, args, products := []string{"0"}, []any{}, int64(0)
	for _, c := range in {
		ranges, args, products = append(ranges, "place >= ? AND place < ?"), append(args, c.Place, c.Place+":"), products+c.ProductCount
	}
	column := "p.category_id"
	if products > fewInCategory {
		column = "+p.category_id"
	}
	q.where(column+" IN (SELECT id FROM categories WHERE "+strings.Join(ranges, " OR ")+")", args...)
}

// fewFound is how many variants found are put in order for a page; where there are more, the page is found sooner by going through
// the products in the order of the list, as with fewInCategory.
const fewFound = 2000

// search keeps products with a variant that has all the words.
func (f ProductFilter) search(tx *db.Tx, q *productQuery) error {
	match := db.MatchAll(f.Q)
	if match == "" {
		if strings.TrimSpace(f.Q) != "" { // nothing that a name could have
			q.where("0")
		}
		return nil
	}
	var found []int64
	err := tx.Select(&found, "SELECT rowid FROM variants_search WHERE variants_search MATCH ?1 LIMIT ?2", match, fewFound+1)
	if err != nil {
		return fmt.Errorf("search variants: %w", err)
	}
	if len(found) <= fewFound {
		q.where("p.id IN (SELECT product_id FROM variants WHERE dropped = 0 AND id IN (SELECT value FROM json_each(?)))", list(found))
	} else {
		q.where("+p.id IN (SELECT v.product_id FROM variants_search s CROSS JOIN variants v INDEXED BY variants_kept ON v.id = s.rowid WHERE v.dropped = 0 AND s.variants_search MATCH ?)", match)
	}
	return nil
}

// page sorts and goes on after the cursor.
func (f ProductFilter) page(q *productQuery) error {
	than, direction := ">", ""
	switch f.Sort {
	case "", "name":
	case "-name":
		than, direction = "<", " DESC"
	case "newest":
		q.byID, than, direction = true, "<", " DESC"
	case "oldest":
		q.byID = true
	default:
		return db.Refuse("bad_sort", "query.sort", "Products are sorted by name, -name, newest or oldest.")
	}
	var key string
	var id int64
	if q.byID {
		if more, err := db.ReadCursor(f.After, &id); err != nil {
			return err
		} else if more {
			q.where("p.id "+than+" ?", id)
		}
		q.order = " ORDER BY p.id" + direction
	} else {
		if more, err := db.ReadCursor(f.After, &key, &id); err != nil {
			return err
		} else if more {
			q.where("(p.name_key, p.id) "+than+" (?, ?)", key, id)
		}
		q.order = " ORDER BY p.name_key" + direction + ", p.id" + direction
	}
	q.args = append(q.args, f.Size()+1)
	return nil
}

// list is ids or texts as one parameter for json_each, so that a query has one text however many there are.
func list[T int64 | string](values []T) string {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // numbers and strings always have JSON
	}
	return string(b)
}

// object is a map as JSON text.
func object(m map[string]string) string {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts always have JSON
	}
	return string(b)
}
