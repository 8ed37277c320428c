package catalog_test

import (
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
	for _, name := range []string{"Blue mug", "Red cup", "Green pot"} {
		s.create(t, catalog.NewProduct{Name: name, Brand: "Acme", Variants: []catalog.NewVariant{{Price: 100, Barcodes: []string{"C-" + name}}}})
	}
	for name, ask := range map[string]func(tx *db.Tx, q string) error{"variants": catalog.FindVariants, "products": catalog.FindProducts} {
		for _, words := range []string{"mug", "blue mug", "mu", "mug b", "C-Blue mug", "nothing like it"} {
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
			if len(words) > 2 && !matched {
				t.Errorf("%s of %q never ask the search", name, words)
			}
		}
	}
}
