package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
)

// recorded is an open shop and the queries of its writes.
func recorded(t *testing.T) (s shop, queries func() []query) {
	t.Helper()
	var all []query
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Trace: func(text string, args []any) { all = append(all, query{text, slices.Clone(args)}) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{d, as("products.read", "products.write", "cost.read")}, func() []query {
		asked := slices.Clone(all)
		all = nil
		return slices.DeleteFunc(asked, func(q query) bool { return !strings.HasPrefix(strings.TrimSpace(q.text), "SELECT") })
	}
}

type query struct {
	text string
	args []any
}

func (s shop) plan(t *testing.T, q query) string {
	t.Helper()
	var plan []string
	err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		var steps []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		err := tx.Select(&steps, "EXPLAIN QUERY PLAN "+q.text, q.args...)
		for _, step := range steps {
			plan = append(plan, step.Detail)
		}
		return err
	})
	if err != nil {
		t.Fatal(q.text, err)
	}
	return strings.Join(plan, "\n")
}

// What is typed or scanned is found through an index, whatever it is: no question that a search asks reads all variants or
// barcodes, and none reads all products but in their order, until a page is full.
func TestNoSearchReadsTheWholeCatalogue(t *testing.T) {
	t.Parallel()
	s, queries := recorded(t)
	s.manyProducts(t, 2100) // more than are put in order
	for _, name := range []string{"Blue mug", "Red cup", "Green pot"} {
		s.create(t, catalog.NewProduct{Name: name, Brand: "Ours", Variants: []catalog.NewVariant{{Price: 100, Barcodes: []string{"C-" + name}}}})
	}
	for name, ask := range map[string]func(tx *db.Tx, q string) error{"variants": catalog.FindVariants, "products": catalog.FindProducts} {
		for _, words := range []string{"mug", "blue mug", "mu", "mug b", "C-Blue mug", "nothing like it", "product", "pr", "product r"} {
			queries()
			// A trace hears what is asked in a write.
			if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error { return ask(tx, words) }); err != nil {
				t.Fatal(err)
			}
			asked := queries()
			if len(asked) == 0 {
				t.Fatal("nothing was asked: the trace hears nothing")
			}
			matched := false
			for _, q := range asked {
				plan := s.plan(t, q)
				matched = matched || strings.Contains(plan, "VIRTUAL TABLE INDEX")
				for step := range strings.SplitSeq(plan, "\n") {
					if whole := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "VIRTUAL TABLE") && !strings.Contains(step, "json_each"); whole && !strings.Contains(step, "SCAN p USING INDEX products_by_name") {
						t.Errorf("%s of %q: %s in\n%s\n%s", name, words, step, q.text, plan)
					}
				}
			}
			if begins := name == "variants" && strings.HasPrefix(words, "pr"); !matched && !begins { // names that begin so fill the page
				t.Errorf("%s of %q never ask the search", name, words)
			}
		}
	}
}

// However many have the words, a list has them all, in its order, page by page.
func TestACommonWordIsFoundToTheEndInTheOrderOfTheList(t *testing.T) {
	t.Parallel()
	s := open(t)
	const n = 6300 // a third of them is more than are put in order
	s.manyProducts(t, n)
	s.exec(t, "UPDATE variants SET dropped = 1, archived_at = 1 WHERE id IN (7, 6202)") // left out of their products, which nothing finds
	if found := s.find(t, catalog.VariantFilter{List: db.List{Q: "\x01"}}); len(found) != 0 {
		t.Errorf("by nothing that is seen are found %v", found)
	}
	for name, c := range map[string]struct {
		f    catalog.ProductFilter
		want func(i int) bool
	}{
		"every one":            {catalog.ProductFilter{List: db.List{Q: "roduct"}}, func(int) bool { return true }},
		"a third, the last":    {catalog.ProductFilter{List: db.List{Q: "acme RÉD"}, Sort: "-name"}, func(i int) bool { return i%3 == 1 }},
		"its first letter":     {catalog.ProductFilter{List: db.List{Q: "r product"}}, func(i int) bool { return i%3 == 1 }},
		"of a category":        {catalog.ProductFilter{List: db.List{Q: "red"}, CategoryID: 5}, func(i int) bool { return i%3 == 1 && i%20 == 4 }},
		"newest, two letters":  {catalog.ProductFilter{List: db.List{Q: "bl"}, Sort: "newest"}, func(i int) bool { return i%3 == 0 }},
		"few":                  {catalog.ProductFilter{List: db.List{Q: "red 62"}}, func(i int) bool { return i%3 == 1 && strings.HasPrefix(fmt.Sprint(i), "62") }},
		"a letter of no word":  {catalog.ProductFilter{List: db.List{Q: "product o"}}, func(int) bool { return false }},
		"nothing that is seen": {catalog.ProductFilter{List: db.List{Q: "\x01"}}, func(int) bool { return false }},
	} {
		var want []string
		for i := 1; i <= n; i++ {
			if c.want(i) && i != 7 && i != 6202 {
				want = append(want, fmt.Sprintf("Product %s %d", []string{"blue", "red", "green"}[i%3], i))
			}
		}
		switch c.f.Sort {
		case "newest":
			slices.Reverse(want)
		case "-name":
			slices.SortFunc(want, func(a, b string) int { return strings.Compare(b, a) })
		default:
			slices.Sort(want)
		}
		var got []string
		for c.f.Limit = 200; ; {
			page, err := catalog.Products(s.ctx, s.DB, c.f)
			if err != nil {
				t.Fatal(name, err)
			}
			for _, p := range page.Items {
				got = append(got, p.Name)
			}
			if c.f.After = page.Next; c.f.After == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d of %d, %.3q want %.3q", name, len(got), len(want), got[:min(3, len(got))], want[:min(3, len(want))])
		}
	}
}
