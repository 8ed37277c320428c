package imports_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/stock"
)

// dump is the catalog and the stock of a shop, row by row, without what only tells that something was written. Products that
// are archived are left out: an undone import keeps those the ledger names.
func (s shop) dump(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT json_array('product', id, slug, name, name_key, description, brand_id, category_id, tax_rate, published, options, notes,
				(SELECT json_group_array(tag ORDER BY tag_key) FROM product_tags WHERE product_id = products.id)) FROM products WHERE archived_at IS NULL ORDER BY id`,
			`SELECT json_array('variant', id, product_id, sku, sku_key, title, name, words, options, option_key, price, compare_at_price, cost, reorder_point, tracked, policy, position,
				sale_price, sale_starts, sale_ends, max_stock, tracks_lots)
				FROM variants WHERE archived_at IS NULL ORDER BY id`,
			`SELECT json_array('barcode', lookup, code, variant_id, position, quantity) FROM barcodes ORDER BY lookup`,
			`SELECT json_array('brand', id, name) FROM brands UNION ALL SELECT json_array('category', id, name) FROM categories`,
			`SELECT json_array('supplier', id, name) FROM suppliers UNION ALL
				SELECT json_array('supplied', variant_id, supplier_id, code, cost, moq, pack_size, lead_days, preferred) FROM supplier_items ORDER BY 1`,
			`SELECT json_array('level', variant_id, location_id, on_hand, committed) FROM levels WHERE on_hand > 0 OR committed > 0`,
			`SELECT json_array('cost', variant_id, quantity, value) FROM costs WHERE quantity > 0`,
			`SELECT json_array('link', key, product_id, variant_id) FROM import_links ORDER BY key`,
			`SELECT json_array('number', variant_id, location_id, quantity) FROM import_stock`,
			`SELECT json_array('picture', product_id, url) FROM import_pictures ORDER BY 1`,
		} {
			err := tx.Each(query, nil, func(rows *sql.Rows) error {
				var row string
				err := rows.Scan(&row)
				fmt.Fprintln(&out, row)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func (s shop) asBefore(t *testing.T, before string) {
	t.Helper()
	if diff := cmp.Diff(before, s.dump(t)); diff != "" {
		t.Errorf("the shop is not as it was (-before +after):\n%s", diff)
	}
}

func (s shop) failed(t *testing.T, id int64, failure string) {
	t.Helper()
	m, err := imports.ByID(s.ctx, s.DB, id)
	if err != nil || m.Status != imports.Failed || !strings.Contains(m.Failure, failure) || m.CommittedAt != nil || m.Undoing || m.Progress != 100 || m.FailureCode == "" {
		t.Errorf("the import is %s: %q, %v; want failed: %s", m.Status, m.Failure, err, failure)
	}
	if n := s.count(t, "SELECT count(*) FROM import_steps WHERE import_id = ?1", id); n != 0 {
		t.Errorf("%d steps are left", n)
	}
}

// stumbleAt makes the write of a product or number fail.
func (s shop) stumbleAt(t *testing.T, event string) {
	t.Helper()
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER stumble BEFORE " + event + " BEGIN SELECT RAISE(ABORT, 'stumbled'); END")
		return err
	})
}

// stocked is a shop with products of an import before: one simple, one of two variants, one without SKUs.
func stocked(t *testing.T) shop {
	s := open(t)
	s.fill(t)
	return s
}

func (s shop) fill(t *testing.T) {
	s.brought(t, wide+"simple,MUG,,Mug,10,8,7,For tea,Kitchen,Acme,73513537,,,\n"+
		"variable,TEE,,Tee,,,,,,,,,Size,\nvariation,T-S,,,10,,3,,,,,TEE,Size,S\nvariation,T-M,,,10,,4,,,,,TEE,Size,M\n"+
		"simple,,9,Pin,1,,5,,,,,,,\n")
	mug, six := s.product(t, "Mug"), int64(6)
	if _, err := catalog.AddBarcode(s.ctx, s.DB, mug.Variants[0].ID, catalog.NewBarcode{Barcode: "MUG-BOX", Quantity: &six}); err != nil {
		t.Fatal(err)
	}
}

const wide = "Type,SKU,ID,Name,Regular price,Sale price,Stock,Description,Categories,Brands,\"GTIN, UPC, EAN, or ISBN\",Parent,Attribute 1 name,Attribute 1 value(s)\n"

// changing changes all that stocked has, and brings n new products after it, with a brand and a category of their own.
func changing(n int) string {
	var b strings.Builder
	b.WriteString(wide + "simple,MUG,,Big mug,12,,9,For soup,Table,Best,4006381333931,,,\n" +
		"variable,TEE,,Tee shirt,,,,,,,,,Size,\nvariation,T-S,,,11,,1,,,,,TEE,Size,S\nvariation,T-M,,,10,,4,,,,,TEE,Size,M\nvariation,T-L,,,13,,6,,,,,TEE,Size,L\n" +
		"simple,,9,Pins,2,,6,,,,,,,\n")
	for i := range n {
		fmt.Fprintf(&b, "simple,N%d,,New %d,1,,2,,Table,Best,,,,\n", i, i)
	}
	b.WriteString("simple,,77,Badge,1,,3,,,,,,,\n")
	return b.String()
}

func TestAFailureInAnySliceLeavesTheShopAsItWas(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]string{
		"in the first slice":         "INSERT ON products WHEN new.name = 'New 1'",
		"in a slice of the catalog":  "INSERT ON products WHEN new.name = 'New 44'",
		"in the first stock":         "INSERT ON movements WHEN new.delta = 6",
		"in a slice of the stock":    "INSERT ON import_stock WHEN new.variant_id = (SELECT id FROM variants WHERE sku = 'N44')",
		"with the last word":         "UPDATE ON imports WHEN new.status = 'committed'",
		"before anything is written": "UPDATE ON imports WHEN new.status = 'running' AND old.progress = 0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stocked(t)
			before := s.dump(t)
			m := s.preview(t, changing(45))
			s.stumbleAt(t, event)
			_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
			if err == nil || !strings.Contains(err.Error(), "stumbled") {
				t.Fatalf("the commit says %v", err)
			}
			s.asBefore(t, before)
			if name != "before anything is written" {
				s.failed(t, m.ID, "Something went wrong on the way, so nothing was imported.")
			}
			s.write(t, func(tx *db.Tx) error {
				_, err := tx.Exec("DROP TRIGGER stumble")
				return err
			})
			s.commit(t, m)
			again := s.dump(t)
			sums(t, s.brought(t, changing(45)), "create 0, update 0, skip 52 of which unchanged 52, errors 0")
			s.asBefore(t, again)
		})
	}
}

func TestAnImportInSlicesLeavesWhatOneWriteWould(t *testing.T) {
	t.Parallel()
	s, parts := stocked(t), stocked(t)
	file := changing(45)
	s.brought(t, file)
	lines := strings.SplitAfter(file, "\n")
	for _, part := range []string{strings.Join(lines[1:7], ""), strings.Join(lines[7:], "")} { // in files of their own
		parts.brought(t, wide+part)
	}
	parts.asBefore(t, s.dump(t))
}

func TestOthersWriteBetweenTheSlices(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, manyProducts(100))
	told := 0
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic == "imports" {
			told++
		}
	}))
	before, _ := s.Batches()
	s.commit(t, m)
	after, _ := s.Batches()
	if want := int64(1 + 5 + 5 + 1); after-before != want || told != int(want) { // 20 variants a slice, catalog and stock
		t.Errorf("%d commits and %d events, want %d", after-before, told, want)
	}
}

func TestAPanicIsTakenBack(t *testing.T) {
	t.Parallel()
	armed := false
	s := opened(t, func(query string, args []any) {
		if armed && strings.HasPrefix(query, "INSERT INTO import_stock") {
			armed = false
			panic("a bug")
		}
	})
	s.fill(t)
	before := s.dump(t)
	m := s.preview(t, changing(60))
	armed = true
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("the commit says %v", err)
	}
	s.asBefore(t, before)
	s.failed(t, m.ID, "Something went wrong")
}

// crashed is the shop as a kill would leave it after some slices of an import.
func crashed(t *testing.T, s shop, id int64, slices int) shop {
	t.Helper()
	left := s.copied(t, slices+1, func() { // the first event tells that it runs
		if _, err := imports.Commit(s.ctx, s.DB, id, imports.CommitOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	m, err := imports.ByID(left.ctx, left.DB, id)
	if err != nil || m.Status != imports.Running || m.Progress <= 0 || m.Progress >= 100 {
		t.Fatalf("a crash left the import %s at %d %%, %v", m.Status, m.Progress, err)
	}
	return left
}

// copied is the shop as it is between two commits of some work: its files when an event of imports was heard so many times.
func (s shop) copied(t *testing.T, events int, work func()) shop {
	t.Helper()
	dir := t.TempDir()
	seen := 0
	stop := s.Listen(func(e db.Event) {
		if e.Topic != "imports" {
			return
		}
		if seen++; seen != events {
			return
		}
		for _, name := range []string{db.FileName, db.FileName + "-wal"} {
			b, err := os.ReadFile(filepath.Join(s.Dir(), name))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	defer stop()
	work()
	if seen <= events {
		t.Fatalf("%d events, none after %d", seen, events)
	}
	d, err := db.Open(t.Context(), db.Options{Dir: dir, Now: s.Now})
	if err != nil {
		t.Fatal(err)
	}
	left := shop{DB: d, ctx: s.ctx, clock: s.clock, main: s.main}
	t.Cleanup(func() {
		healthy(t, left.DB)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return left
}

func TestWhatACrashLeftIsTakenBackAtTheNextStart(t *testing.T) {
	t.Parallel()
	for slices := 1; slices <= 4; slices++ { // three of the catalog, then the stock
		t.Run(fmt.Sprint(slices), func(t *testing.T) {
			t.Parallel()
			s := stocked(t)
			before := s.dump(t)
			m := s.preview(t, changing(45))
			left := crashed(t, s, m.ID, slices)
			healthy(t, left.DB)
			if err := imports.TakeUp(left.ctx, left.DB); err != nil {
				t.Fatal(err)
			}
			left.asBefore(t, before)
			left.failed(t, m.ID, "Onhand stopped before this import was through")
			if kept := left.count(t, "SELECT count(*) FROM products WHERE archived_at IS NOT NULL"); kept > 0 && slices <= 3 {
				t.Errorf("%d products stay that nothing refers to", kept)
			}
			left.commit(t, m)
		})
	}
}

func TestACommitTakesUpWhatACrashLeft(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.preview(t, changing(60))
	left := crashed(t, s, m.ID, 2)
	left.commit(t, m)
	sums(t, left.brought(t, changing(60)), "create 0, update 0, skip 67 of which unchanged 67, errors 0")
	const sold = "SELECT count(*) * 1000 + sum(on_hand) FROM levels l JOIN variants v ON v.id = l.variant_id WHERE v.archived_at IS NULL"
	if got, want := left.count(t, sold), s.count(t, sold); got != want {
		t.Errorf("%d variants and units, want %d", got, want)
	}
}

func TestWhatWasSoldOrChangedMeanwhileStaysAndIsNamed(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.preview(t, changing(60))
	left := crashed(t, s, m.ID, 8) // all slices of the catalog, and of the stock
	left.sell(t, "N7", 1)
	left.write(t, func(tx *db.Tx) error { return reserve(tx, "N8", left.main, 2) })
	name := "Our tee"
	if _, err := catalog.Update(left.ctx, left.DB, left.product(t, "Tee shirt").ID, catalog.ProductChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if err := imports.TakeUp(left.ctx, left.DB); err != nil {
		t.Fatal(err)
	}
	for _, stays := range []string{"1 of 2 New 7 are sold or promised", "2 of 2 New 8 are sold or promised", "Our tee was changed by somebody since, 58 more are archived."} {
		if now, err := imports.ByID(left.ctx, left.DB, m.ID); err != nil || !strings.Contains(now.Failure, stays) {
			t.Errorf("%q does not say that %s (%v)", now.Failure, stays, err)
		}
	}
	if n := left.count(t, "SELECT count(*) FROM products WHERE archived_at IS NOT NULL AND name LIKE 'New %'"); n != 60 {
		t.Errorf("%d products are archived for the ledger, want 60", n)
	}
	if n := left.count(t, "SELECT count(*) FROM variants WHERE sku IN ('N7', 'N8')"); n != 0 {
		t.Errorf("%d SKUs are not free", n)
	}
	if left.product(t, "Mug").Description != "For tea" || left.onHand(t, "MUG") != 7 {
		t.Error("the mug is not as it was")
	}
}

func TestAProductMadeIsArchivedWhereAnOrderHasIt(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.preview(t, strings.ReplaceAll(changing(60), "1,,2,,Table", "1,,,,Table")) // not counted, so sold without stock
	left := crashed(t, s, m.ID, 1)
	left.write(t, func(tx *db.Tx) error { return reserve(tx, "N7", left.main, 2) })
	if err := imports.TakeUp(left.ctx, left.DB); err != nil {
		t.Fatal(err)
	}
	left.failed(t, m.ID, "Not taken back: New 7 is archived.")
	if n := left.count(t, "SELECT count(*) FROM products WHERE name LIKE 'New %'"); n != 1 {
		t.Errorf("%d products stay, want the one that is ordered", n)
	}
	left.commit(t, m)
}

func TestAShopWithManyOrdersIsNotHeldUpByWhatIsRemoved(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.preview(t, changing(60))
	left := crashed(t, s, m.ID, 1)
	left.write(t, func(tx *db.Tx) error { // rows that every removal would look through
		_, err := tx.Exec(`INSERT INTO reservations (id, order_id, order_number, line_id, variant_id, location_id, quantity, covered, at) VALUES (100001, 1, '1', 1, 1, 1, 0, 0, 1)`)
		return err
	})
	if err := imports.TakeUp(left.ctx, left.DB); err != nil {
		t.Fatal(err)
	}
	left.failed(t, m.ID, "more are archived.")
	left.commit(t, m)
}

func TestASecondCommitMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	done, other, m := s.brought(t, simple("A,Old,1,")), s.preview(t, simple("B,Other,1,")), s.preview(t, manyProducts(50))
	tried := false
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic != "imports" || tried {
			return
		}
		tried = true
		answered := make(chan struct{})
		go func() { // a write may not wait for another one; these answer without
			defer close(answered)
			for _, id := range []int64{m.ID, other.ID} {
				_, err := imports.Commit(s.ctx, s.DB, id, imports.CommitOptions{})
				refused(t, err, "import_running", "")
			}
			if again, err := imports.Commit(s.ctx, s.DB, done.ID, imports.CommitOptions{}); err != nil || again.Status != imports.Committed {
				t.Errorf("one that is through: %v", err)
			}
			if err := imports.TakeUp(s.ctx, s.DB); err != nil {
				t.Error(err)
			}
		}()
		<-answered
	}))
	s.commit(t, m)
	if !tried {
		t.Error("nobody tried")
	}
	s.commit(t, other)
}

func TestAfterAMonthAnImportCannotBeUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.brought(t, twoMugs)
	if _, err := imports.Cleanup(s.ctx, s.DB); err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, "SELECT count(*) FROM import_steps"); n == 0 {
		t.Error("the steps are forgotten before they are a month old")
	}
	*s.clock = s.clock.Add(30*24*time.Hour + time.Minute)
	if _, err := imports.Cleanup(s.ctx, s.DB); err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, "SELECT count(*) FROM import_steps"); n != 0 {
		t.Errorf("%d steps are kept", n)
	}
	_, err := imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{})
	refused(t, err, "undo_expired", "")
	if now, err := imports.ByID(s.ctx, s.DB, m.ID); err != nil || now.UndoUntil != nil {
		t.Errorf("it says it can be undone until %v, %v", now.UndoUntil, err)
	}
}

// reserve holds stock for an order, which waits for what is not there.
func reserve(tx *db.Tx, sku string, location, quantity int64) error {
	v, _, err := catalog.BySKU(tx, sku)
	if err != nil {
		return err
	}
	_, err = stock.Reserve(tx, stock.Ref{ID: 1, Number: "1001"}, []stock.Need{{LineID: v.VariantID, VariantID: v.VariantID, LocationID: location, Quantity: quantity, Backorder: true}})
	return err
}

func TestTheDoctorFindsWhatAFailedImportLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, twoMugs)
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO import_steps (import_id, file_row, kind, entity_id, weight, was) VALUES (?1, 2, 'made', 1, 1, '{}')", m.ID)
		return err
	})
	if found, err := imports.Check(s.ctx, s.DB); err != nil || len(found) != 1 || found[0].Rule != "an import that failed was taken back" {
		t.Errorf("the doctor finds %v, %v", found, err)
	}
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM import_steps")
		return err
	})
}
