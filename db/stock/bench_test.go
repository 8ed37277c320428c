package stock_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/stock"
)

// soldFor is a shop of variants of which each was sold so many times within the last 90 days, by plain inserts.
func soldFor(b *testing.B, variants, sales int) (*shop, []int64) {
	b.Helper()
	s := open(b)
	ids := make([]int64, variants)
	for i := range ids {
		ids[i] = s.Stocked(fmt.Sprintf("SKU-%d", i), 1_000_000)
	}
	file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	for _, query := range []string{
		`INSERT INTO movements (at, business_date, variant_id, location_id, delta, balance, cost, reason, actor_kind, actor_id, actor_name)
			SELECT m.at - (?1 - n) * 60000, m.business_date, variant_id, location_id, -1, 1000000, 0, 'sale', actor_kind, actor_id, actor_name
			FROM i CROSS JOIN movements m WHERE m.reason = 'received'`,
		`INSERT INTO stock_days (variant_id, location_id, date, carried, closing, sold)
			SELECT variant_id, location_id, date(date, -(n / 12 + 1) || ' days'), 0, 1000000, count(*) FROM i CROSS JOIN stock_days GROUP BY 1, 2, 3`,
	} {
		if _, err := file.Exec("WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1) "+query, sales); err != nil {
			b.Fatal(err)
		}
	}
	return s, ids
}

// BenchmarkAdjust adjusts 300 variants at once, the delivery of a big supplier, where each was sold never, or 1,000 times in 90 days.
func BenchmarkAdjust(b *testing.B) {
	for _, sales := range []int{0, 1000} {
		b.Run(fmt.Sprintf("of 300 lines sold %d times", sales), func(b *testing.B) {
			s, ids := soldFor(b, 300, sales)
			lines := make([]stock.AdjustLine, len(ids))
			for i, id := range ids {
				lines[i] = by(id, 1)
			}
			var key atomic.Int64
			for b.Loop() {
				ctx := db.WithKey(context.WithoutCancel(s.Ctx), "POST /stock/adjustments", fmt.Sprint(key.Add(1)))
				if _, err := stock.Adjust(ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Received, Lines: lines}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTransfer sends and receives transfers of 100 lines, the most there can be, of two lots each, and says how long either held the
// writer at the longest: at most 50 ms.
func BenchmarkTransfer(b *testing.B) {
	s := open(b)
	harbour := s.openStore("Harbour")
	var goods []int64
	for i := range 100 {
		v := s.perishable(fmt.Sprint("V", i))
		s.adjust(stock.Received, lot(v, 1_000, "A", "2027-01-01"))
		s.adjust(stock.Received, lot(v, 1_000_000, "B", ""))
		goods = append(goods, v, 3)
	}
	longest := map[string]time.Duration{}
	timed := func(what string, do func() (*stock.Transfer, error)) *stock.Transfer {
		began := time.Now()
		t, err := do()
		longest[what] = max(longest[what], time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
		return t
	}
	for b.Loop() {
		draft := s.draft(harbour, goods...)
		sent := timed("send", func() (*stock.Transfer, error) {
			return stock.ShipTransfer(s.Ctx, s.DB, draft.ID, stock.TransferShipment{})
		})
		var in stock.TransferReceipt
		for _, l := range sent.Lines {
			in.Lines = append(in.Lines, stock.ArrivingLine{LineID: l.ID, Quantity: 2, Missing: 1, Reason: stock.Lost})
		}
		timed("receive", func() (*stock.Transfer, error) { return stock.ReceiveTransfer(s.Ctx, s.DB, draft.ID, in) })
	}
	for what, d := range longest {
		b.ReportMetric(float64(d.Microseconds())/1000, "ms-longest-"+what)
	}
}

// counting is a shop of so many variants with five of each and a count of all, of which so many were counted as four, by plain inserts.
func counting(b *testing.B, variants, counted int) (*shop, int64) {
	b.Helper()
	s := open(b)
	s.Stocked("MODEL", 5)
	c := s.startCount(stock.NewCount{})
	file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	const others = " FROM i CROSS JOIN variants v WHERE v.id = 1"
	for _, q := range []string{
		`INSERT INTO products (id, slug, name, name_key, description, tax_rate, published, options, version, created_at, updated_at) SELECT n, 's' || n, 'n', 'n', '', 0, 1, '[]', 1, 0, 0 FROM i`,
		`INSERT INTO variants (id, product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, cost, reorder_point, tracked, policy, position, created_at, updated_at)
			SELECT n, n, 'V' || n, 'v' || n, '', 'V' || n, printf('v%06d', n), '', '{}', '', 1, 600, 0, 1, 'deny', 0, 0, 0` + others,
		`INSERT INTO levels (variant_id, location_id, on_hand) SELECT n, 1, 5` + others,
		`INSERT INTO costs (variant_id, quantity, value) SELECT n, 5, 3000` + others,
		`INSERT INTO movements (at, business_date, variant_id, location_id, delta, balance, cost, reason, actor_kind, actor_id, actor_name)
			SELECT 0, '2026-01-01', n, 1, 5, 5, 3000, 'received', 'job', 0, ''` + others,
	} {
		if _, err := file.Exec("WITH RECURSIVE i (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM i WHERE n < ?1) "+q, variants); err != nil {
			b.Fatal(err)
		}
	}
	for from := 2; from < counted+2; from += 100 {
		var lines []stock.CountedLine
		for id := from; id < min(from+100, counted+2); id++ {
			lines = append(lines, found(int64(id), 4))
		}
		s.count(c.ID, lines...)
	}
	return s, c.ID
}

// BenchmarkPostCount posts 300 lines that all differ, and says how long anybody waited for the writer meanwhile: at most 50 ms.
func BenchmarkPostCount(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s, id := counting(b, 301, 300)
		b.StartTimer()
		dbtest.Waiting(s.Ctx, b, s.DB, dbtest.Nothing, func() error { return failure(stock.PostCount(s.Ctx, s.DB, id, stock.CountPost{})) })
	}
}

// BenchmarkScan counts a hundred products at once and one by one, in a count of 50,000.
func BenchmarkScan(b *testing.B) {
	s, id := counting(b, 50_000, 10_000)
	for _, n := range []int64{1, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			lines := make([]stock.CountedLine, n)
			for b.Loop() {
				for i := range lines {
					lines[i] = more(int64(i)+2, 1)
				}
				s.count(id, lines...)
			}
		})
	}
}

// BenchmarkUncounted lists what is left of a count of 50,000 where little and where nearly all was counted, and what differs.
func BenchmarkUncounted(b *testing.B) {
	for _, counted := range []int{1000, 49_000} {
		s, id := counting(b, 50_000, counted)
		for _, state := range []stock.CountLineState{stock.UncountedLines, stock.DifferingLines, stock.AllLines} {
			b.Run(fmt.Sprintf("%s of 50000 with %d counted", state, counted), func(b *testing.B) {
				for b.Loop() {
					if _, err := stock.CountLines(s.Ctx, s.DB, id, stock.CountLineFilter{State: state}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// wide is a shop of five stores and so many variants, each in all of them, with a month of days behind it, by plain inserts.
func wide(b *testing.B, variants int) *shop {
	b.Helper()
	s := open(b)
	s.Stocked("MODEL", 5)
	for i := range 4 {
		s.openStore(fmt.Sprint("Store ", i+2))
	}
	file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	for _, q := range []string{
		`INSERT INTO products (id, slug, name, name_key, description, tax_rate, published, options, version, created_at, updated_at) SELECT n, 's' || n, 'n', 'n', '', 0, 1, '[]', 1, 0, 0 FROM i`,
		`INSERT INTO variants (id, product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, cost, reorder_point, tracked, policy, position, created_at, updated_at)
			SELECT n, n, 'V' || n, 'v' || n, '', 'V' || n, printf('v%06d', n), '', '{}', '', 1, 600, 10, 1, 'deny', 0, 0, 0 FROM i`,
		`INSERT INTO levels (variant_id, location_id, on_hand) SELECT n, l.id, 50 FROM i CROSS JOIN locations l`,
		`INSERT INTO costs (variant_id, quantity, value) SELECT n, 250, 150000 FROM i`,
		`INSERT INTO cost_days (variant_id, date, quantity, value) SELECT n, '2026-10-01', 250, 150000 FROM i`,
		`INSERT INTO stock_days (variant_id, location_id, date, carried, closing, sold) SELECT n, l.id, date('2026-10-01', (7 * d.value) || ' days'), 6, 50, 1 FROM i CROSS JOIN locations l CROSS JOIN json_each('[0,1,2,3,4]') d`,
	} {
		if _, err := file.Exec("WITH RECURSIVE i (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM i WHERE n < ?1) "+q, variants); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkLevels lists the first page of the stock, one from the middle and one of a store, of 1,000 and of 50,000 variants in five stores:
// a page costs the same.
func BenchmarkLevels(b *testing.B) {
	for _, variants := range []int{1000, 50_000} {
		s := wide(b, variants)
		middle := db.Cursor(fmt.Sprintf("v%06d", variants/2), int64(variants/2), int64(5))
		for name, f := range map[string]stock.LevelFilter{
			"first": {}, "middle": {List: db.List{After: middle}}, "of a store": {LocationID: 3}, "by SKU": {List: db.List{Q: fmt.Sprint("V", variants-1)}},
		} {
			b.Run(fmt.Sprintf("%s of %d", name, variants), func(b *testing.B) {
				for b.Loop() {
					page, err := stock.Levels(s.Ctx, s.DB, f)
					if err != nil || len(page.Items) == 0 {
						b.Fatal(err, len(page.Items))
					}
				}
			})
		}
	}
}

// BenchmarkWorth values 50,000 variants in five stores as they were at the end of a day.
func BenchmarkWorth(b *testing.B) {
	s := wide(b, 50_000)
	for b.Loop() {
		if _, err := stock.WorthOn(s.Ctx, s.DB, "2026-10-20"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExplain takes a level apart that 10, and that 10,000 movements explain, as it is and as it was at its beginning.
func BenchmarkExplain(b *testing.B) {
	for _, movements := range []int{10, 10_000} {
		s, ids := soldFor(b, 1, movements)
		began := db.TimeOf(s.Clock.Now().Add(-90 * day))
		for name, explain := range map[string]func() error{
			"now":      func() error { return failure(stock.Explain(s.Ctx, s.DB, ids[0], s.Location)) },
			"long ago": func() error { return failure(stock.AsOf(s.Ctx, s.DB, ids[0], s.Location, began)) },
			"movements": func() error {
				return failure(stock.Movements(s.Ctx, s.DB, stock.MovementFilter{VariantID: ids[0], LocationID: s.Location}))
			},
		} {
			b.Run(fmt.Sprintf("%s with %d movements", name, movements), func(b *testing.B) {
				for b.Loop() {
					if err := explain(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
