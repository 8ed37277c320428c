package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/stock"
)

// stockFile previews a file of stock whose columns are named by hand.
func (s shop) stockFile(t *testing.T, file string) *imports.Import {
	t.Helper()
	m, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Stock, FileName: "stock.csv", File: strings.NewReader(file),
		Mapping: map[string]string{"Article": "sku", "Counted": "counted", "Change": "change", "Where": "location", "Paid": "cost", "Batch": "lot", "Until": "expires", "EAN": "barcode"}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const stockHeader = "Article,EAN,Counted,Change,Where,Paid,Batch,Until\n"

func TestAFileOfStockSetsWhatIsThereAndAddsWhatCame(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	s.write(t, func(tx *db.Tx) error {
		_, err := stock.CreateLocation(tx, "Cellar")
		return err
	})
	before := s.dump(t)
	file := stockHeader + "MUG,,12,,,,,\n,73513537,,+3,,2.50,,\nT-S,,3,,,,,\nT-M,,,-1,,,,\nT-M,,6,,cellar,,,\n"
	m := s.stockFile(t, file)
	sums(t, m, "create 0, update 4, skip 1 of which unchanged 1, errors 0")
	s.asBefore(t, before)
	s.commit(t, m)
	if s.onHand(t, "MUG") != 15 || s.onHand(t, "T-S") != 3 {
		t.Errorf("%d mugs, %d tees", s.onHand(t, "MUG"), s.onHand(t, "T-S"))
	}
	if n := s.count(t, "SELECT sum(on_hand) FROM levels l JOIN variants v ON v.id = l.variant_id WHERE v.sku = 'T-M'"); n != 3+6 {
		t.Errorf("%d tees in both stores", n)
	}
	if n := s.count(t, "SELECT count(*) FROM movements WHERE document_type = 'import' AND document_id = ?1 AND (reason = 'received') = (delta = 3)", m.ID); n != 4 {
		t.Errorf("%d movements of the import, want 4", n)
	}
	after := s.dump(t)
	s.sell(t, "MUG", 2)
	again := s.stockFile(t, file)
	sums(t, again, "create 0, update 0, skip 5 of which unchanged 0, errors 0")
	s.commit(t, again)
	if s.onHand(t, "MUG") != 13 {
		t.Errorf("the same file twice left %d mugs, want what was not sold", s.onHand(t, "MUG"))
	}
	s.write(t, func(tx *db.Tx) error {
		two := int64(2)
		v, _, err := catalog.BySKU(tx, "MUG")
		if err != nil {
			return err
		}
		_, err = stock.AdjustIn(tx, stock.Adjustment{LocationID: s.main, Reason: stock.FoundStock, Lines: []stock.AdjustLine{{VariantID: v.VariantID, Delta: &two}}}, nil)
		return err
	})
	s.asBefore(t, after)
	keeps(t, s.undo(t, m), "Mug: counted_since") // selling is a correction here
	fresh := s.stockFile(t, file)
	sums(t, fresh, "create 0, update 4, skip 1 of which unchanged 1, errors 0") // what was undone may come again
}

func TestAFileOfStockIsUndone(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	before := s.dump(t)
	first := s.commit(t, s.stockFile(t, stockHeader+"MUG,,12,,,,,\nT-S,,,+4,,,,\n"))
	second := s.commit(t, s.stockFile(t, stockHeader+"MUG,,20,,,,,\nT-S,,,+1,,,,\n"))
	keeps(t, s.undo(t, second))
	keeps(t, s.undo(t, first)) // what was taken back does not stand in the way
	s.asBefore(t, before)
}

func TestMistakesInAFileOfStockAreNamed(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	s.write(t, func(tx *db.Tx) error { return reserve(tx, "T-S", s.main, 2) })
	before := s.state(t)
	m := s.stockFile(t, stockHeader+"NOBODY,,1,,,,,\n,,1,,,,,\nMUG,,1,1,,,,\nMUG,,,,,,,\nMUG,,x,,,,,\nMUG,,,-8,,,,\nMUG,,5,,Nowhere,,,\nT-S,,1,,,,,\nT-M,,5,,,-1,,\nT-M,,5,,,,B1,soon\nT-S,,3,,,,,\nT-S,,4,,,,,\n,4.00638E+12,1,,,,,\n")
	s.unchanged(t, before)
	var got []string
	for _, e := range m.Errors {
		got = append(got, fmt.Sprint(e.Row, " ", e.Column, " ", e.Code))
	}
	want := `2 Article unknown_variant
3 Article key_missing
4 Change delta_or_counted
6 Counted bad_quantity
7 Change below_zero
8 Where unknown_location
9 Counted would_short
10 Paid negative_amount
11 Until bad_date
11 Batch lots_not_tracked
12 Counted counted_twice
13 Counted counted_twice
14 EAN bad_barcode`
	if strings.Join(got, "\n") != want {
		t.Errorf("errors are\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	done, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true})
	if err != nil {
		t.Fatal(err)
	}
	sums(t, done, "create 0, update 0, skip 1 of which unchanged 0, errors 12")
	s.unchanged(t, before)
}

func TestAFileOfStockInAStoreThatSomebodyDoesNotSee(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	var cellar int64
	s.write(t, func(tx *db.Tx) error {
		l, err := stock.CreateLocation(tx, "Cellar")
		if err == nil {
			cellar = l.ID
		}
		return err
	})
	m := s.commit(t, s.stockFile(t, stockHeader+"MUG,,12,,,,,\nT-M,,6,,Cellar,,,\n"))
	narrow := s
	narrow.ctx = as([]int64{s.main})
	sums(t, narrow.stockFile(t, stockHeader+"T-M,,7,,Cellar,,,\n"), "create 0, update 0, skip 0 of which unchanged 0, errors 1")
	keeps(t, narrow.undo(t, m), ": other_store")
	if n := s.count(t, "SELECT on_hand FROM levels WHERE location_id = ?1", cellar); n != 6 || s.onHand(t, "T-M") == 0 {
		t.Errorf("%d in the cellar", n)
	}
}

func TestLotsOfAFileOfStock(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	yes := true
	mug := s.product(t, "Mug")
	if _, err := catalog.Update(s.ctx, s.DB, mug.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: mug.Variants[0].ID, TracksLots: &yes}}}); err != nil {
		t.Fatal(err)
	}
	m := s.commit(t, s.stockFile(t, stockHeader+"MUG,,,5,,,A1,2027-01-31\nMUG,,4,,,,B1,2027-02-28\n"))
	if n := s.count(t, "SELECT count(*) FROM lots WHERE quantity = 5 AND lot = 'A1' AND expires_on = '2027-01-31' OR quantity = 4 AND lot = 'B1'"); n != 2 || s.onHand(t, "MUG") != 16 {
		t.Errorf("%d lots, %d mugs", n, s.onHand(t, "MUG"))
	}
	keeps(t, s.undo(t, m))
	if n := s.count(t, "SELECT sum(quantity) FROM lots WHERE lot <> ''"); n != 0 || s.onHand(t, "MUG") != 7 {
		t.Errorf("%d in lots, %d mugs", n, s.onHand(t, "MUG"))
	}
}

func TestACrashInAFileOfStockLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, manyProducts(100))
	const all = "SELECT sum(on_hand) FROM levels"
	before := s.count(t, all)
	var file strings.Builder
	file.WriteString(stockHeader)
	for i := range 100 {
		fmt.Fprintf(&file, "S%d,,%d,,,,,\n", i, 20+i)
	}
	m := s.stockFile(t, file.String())
	left := crashed(t, s, m.ID, 2)
	left.sell(t, "S1", 3) // meanwhile, of what came
	if err := imports.TakeUp(left.ctx, left.DB); err != nil {
		t.Fatal(err)
	}
	left.failed(t, m.ID, "Onhand stopped before this import was through")
	if n := left.onHand(t, "S1"); n != 0 {
		t.Errorf("%d of S1 are there: 2, less 3 sold, is none", n)
	}
	if n := left.count(t, all); n != before-2 {
		t.Errorf("%d on hand, want %d", n, before-2)
	}
}

func TestOthersWriteBetweenTheSlicesOfAFileOfStock(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.brought(t, manyProducts(100))
	var file strings.Builder
	file.WriteString(stockHeader)
	for i := range 100 {
		fmt.Fprintf(&file, "S%d,,%d,,,,,\n", i, 20+i)
	}
	m := s.stockFile(t, file.String())
	before, _ := s.Batches()
	s.commit(t, m)
	between, _ := s.Batches()
	s.undo(t, m)
	after, _ := s.Batches()
	if forth, back := between-before, after-between; forth != 1+5+1 || back != 1+5+1 { // 20 levels a slice
		t.Errorf("%d commits forth and %d back", forth, back)
	}
}
