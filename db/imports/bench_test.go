package imports_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/imports"
	"onhand/db/sales"
	"onhand/db/stock"
)

// manyProducts is a file of n products of one variant with stock.
func manyProducts(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("S%d,Mug %d,5,%d", i, i, 1+i%9)
	}
	return simple(rows...)
}

// sells makes three variants with stock, and answers what places an order of them.
func (s shop) sells(b *testing.B) func(context.Context, *db.DB) error {
	b.Helper()
	in := sales.NewOrder{Channel: sales.Phone, LocationID: s.main}
	many := int64(1_000_000)
	for i := range 3 {
		p, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: fmt.Sprint("Sold ", i), Variants: []catalog.NewVariant{{Price: 500}}})
		if err != nil {
			b.Fatal(err)
		}
		id := p.Variants[0].ID
		if _, err := stock.Adjust(db.WithKey(s.ctx, "POST /stock/adjustments", fmt.Sprint(i)), s.DB, stock.Adjustment{LocationID: s.main, Reason: stock.Received,
			Lines: []stock.AdjustLine{{VariantID: id, Delta: &many}}}); err != nil {
			b.Fatal(err)
		}
		in.Lines = append(in.Lines, sales.NewLine{VariantID: id, Quantity: 1})
	}
	n := 0
	return func(ctx context.Context, d *db.DB) error {
		n++
		_, err := sales.Place(db.WithKey(ctx, "POST /orders", fmt.Sprint(n)), d, in)
		return err
	}
}

// wholeProducts is a file of n products with all that a shop says of one.
func wholeProducts(n int) string {
	var f strings.Builder
	f.WriteString("name,sku,barcode,price,cost,stock,category,brand\n")
	for i := range n {
		fmt.Fprintf(&f, "Mug %d,S%d,20%08d,5.00,2.50,%d,Kitchen %d,Maker %d\n", i, i, i, 1+i%9, i%50, i%200)
	}
	return f.String()
}

// BenchmarkCommit imports products and says how long others waited for the writer meanwhile: 5,000 with a stock, and as many as a file
// can have with all that a shop says of one, while orders are placed.
func BenchmarkCommit(b *testing.B) {
	for _, one := range []struct {
		name, file string
		sell       bool
	}{{"5000", manyProducts(5000), false}, {"50000 whole ones while orders come", wholeProducts(50_000), true}} {
		b.Run(one.name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				s := open(b)
				m := s.preview(b, one.file)
				meanwhile := dbtest.Nothing
				if one.sell {
					meanwhile = s.sells(b)
				}
				dbtest.Waiting(s.ctx, b, s.DB, meanwhile, func() error {
					_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
					return err
				})
			}
		})
	}
}

// BenchmarkUndo undoes an import of 5,000 products, and says how long others waited for the writer meanwhile: one that made them, one
// that made them without stock, and one that changed them and their stock.
func BenchmarkUndo(b *testing.B) {
	file := manyProducts(5000)
	changed := strings.NewReplacer(",5,", ",6,", ",1,simple", ",11,simple").Replace(file)
	for _, one := range []struct{ name, first, undone string }{{"made", "", file}, {"made without stock", "", withoutStock.ReplaceAllString(file, ",,simple")}, {"changed", file, changed}} {
		b.Run(one.name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				s := open(b)
				if one.first != "" {
					s.brought(b, one.first)
				}
				m := s.brought(b, one.undone)
				dbtest.Waiting(s.ctx, b, s.DB, dbtest.Nothing, func() error {
					done, err := imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{})
					if err == nil && done.KeptCount > 0 {
						b.Errorf("%d rows stay", done.KeptCount)
					}
					return err
				})
			}
		})
	}
}

var withoutStock = regexp.MustCompile(`,\d,simple`)

// manyShirts is a file of Shopify with n rows, four to a product, none with a SKU.
func manyShirts(n int) string {
	var b strings.Builder
	b.WriteString(shirts)
	for i := range n {
		title := ""
		if i%4 == 0 {
			title = fmt.Sprintf("Shirt %d", i/4)
		}
		fmt.Fprintf(&b, "shirt-%d,%s,Acme,Size,%c,,shopify,%d,deny,%d.50,TRUE,https://example.com/%d.jpg,FALSE,\n", i/4, title, "SMLX"[i%4], i%9, 10+i%40, i/4)
	}
	return b.String()
}

// BenchmarkPreview previews files of 50,000 rows, the most there can be, and says how long others waited for the writer meanwhile and how
// much more memory was in use than before.
func BenchmarkPreview(b *testing.B) {
	for name, file := range map[string]string{"products": manyProducts(50_000), "Shopify": manyShirts(50_000)} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			for range b.N {
				b.StopTimer()
				debug.FreeOSMemory()
				before, most := inUse(), uint64(0)
				looks := func(ctx context.Context, d *db.DB) error {
					most = max(most, inUse())
					return dbtest.Nothing(ctx, d)
				}
				dbtest.Waiting(s.ctx, b, s.DB, looks, func() error {
					if m := s.preview(b, file); m.Create+m.ErrorRows+m.Skip != 50_000 || m.ErrorRows != 0 {
						return errors.New(counts(m))
					}
					return nil
				})
				b.ReportMetric(float64(most-min(most, before))/(1<<20), "MB-more")
			}
		})
	}
}

// inUse is what the process holds, without what it has given back.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}
