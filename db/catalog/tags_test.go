package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
)

func tags(t *testing.T, s shop, l db.List) (names []string, next string) {
	t.Helper()
	page, err := catalog.Tags(s.ctx, s.DB, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range page.Items {
		names = append(names, tag.Name)
	}
	return names, page.Next
}

func TestTagsAreKeptOnceSpelledAsTheShopDoes(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := mug("A")
	in.Tags = []string{" Summer ", "sale", "SUMMER", "Größe XL"}
	first := s.create(t, in)
	equal(t, "tags", first.Tags, "Größe XL", "sale", "Summer")
	other := s.create(t, mug("B"))
	equal(t, "none", other.Tags)
	other = s.update(t, other.ID, catalog.ProductChange{Tags: &[]string{"SALE", "new"}})
	equal(t, "the shop's spelling", other.Tags, "new", "sale")
	first = s.update(t, first.ID, catalog.ProductChange{Tags: &[]string{"Sale"}})
	equal(t, "another's spelling stays", first.Tags, "sale")
	s.update(t, other.ID, catalog.ProductChange{Tags: &[]string{}})
	first = s.update(t, first.ID, catalog.ProductChange{Tags: &[]string{"Sale"}})
	equal(t, "the only product with it may spell it anew", first.Tags, "Sale")
	again := s.update(t, first.ID, catalog.ProductChange{Tags: &[]string{"Sale"}, Notes: to("")})
	if again.Version != first.Version {
		t.Error("the same tags are no change")
	}
}

func TestProductsAreFoundByTheirTags(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, all := range [][]string{{"Summer", "Sale"}, {"Sale"}, {}} {
		in := mug(fmt.Sprint("M", i))
		in.Name, in.Tags = fmt.Sprint("Mug ", i), all
		s.create(t, in)
	}
	equal(t, "by tag", s.list(t, catalog.ProductFilter{Tag: " SALE "}), "Mug 0", "Mug 1")
	equal(t, "by tag and words", s.list(t, catalog.ProductFilter{Tag: "sale", List: db.List{Q: "summer"}}), "Mug 0")
	equal(t, "by a tag nobody has", s.list(t, catalog.ProductFilter{Tag: "winter"}))
	equal(t, "by words", s.find(t, catalog.VariantFilter{List: db.List{Q: "summer"}}), "Mug 0")
	s.update(t, 1, catalog.ProductChange{Tags: &[]string{"Autumn"}})
	equal(t, "no more", s.find(t, catalog.VariantFilter{List: db.List{Q: "summer"}}))
	equal(t, "instead", s.find(t, catalog.VariantFilter{List: db.List{Q: "autumn"}}), "Mug 0")
	if _, err := catalog.UpdateBrand(s.ctx, s.DB, 1, catalog.BrandChange{Name: to("Zenith")}); err != nil {
		t.Fatal(err)
	}
	equal(t, "after the brand was renamed", s.find(t, catalog.VariantFilter{List: db.List{Q: "autumn zenith"}}), "Mug 0")
	s.sound(t)
}

func TestTagsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 3 {
		in := mug(fmt.Sprint("M", i))
		in.Tags = []string{"Beta", "alpha", "Älpler", "Beach", fmt.Sprint("x", i)}
		s.create(t, in)
	}
	all, _ := tags(t, s, db.List{})
	equal(t, "all", all, "alpha", "Beach", "Beta", "x0", "x1", "x2", "Älpler")
	some, _ := tags(t, s, db.List{Q: "BE"})
	equal(t, "beginning so", some, "Beach", "Beta")
	var paged []string
	for l := (db.List{Limit: 2}); ; {
		names, next := tags(t, s, l)
		paged = append(paged, names...)
		if l.After = next; next == "" {
			break
		}
	}
	equal(t, "page by page", paged, all...)
}

func TestTagsAndNotesAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("A"))
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint("t", i)
	}
	for name, c := range map[string]struct {
		change catalog.ProductChange
		want   []string
	}{
		"too many":   {catalog.ProductChange{Tags: &many}, []string{"tags: too_many"}},
		"too long":   {catalog.ProductChange{Tags: &[]string{"a", strings.Repeat("ß", 41)}}, []string{"tags[1]: too_long"}},
		"empty":      {catalog.ProductChange{Tags: &[]string{" "}}, []string{"tags[0]: required"}},
		"comma":      {catalog.ProductChange{Tags: &[]string{"a,b"}}, []string{"tags[0]: bad_tag"}},
		"line break": {catalog.ProductChange{Tags: &[]string{"a\nb"}}, []string{"tags[0]: bad_text"}},
		"notes":      {catalog.ProductChange{Notes: to(strings.Repeat("x", 10_001))}, []string{"notes: too_long"}},
	} {
		_, err := catalog.Update(s.ctx, s.DB, p.ID, c.change)
		if got := refusal(err); strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
	}
	kept, err := catalog.ProductByID(s.ctx, s.DB, p.ID)
	if err != nil || kept.Version != 1 || len(kept.Tags) > 0 || kept.Notes != "" {
		t.Errorf("what was refused left something behind: %+v %v", kept, err)
	}
	noted := s.update(t, p.ID, catalog.ProductChange{Notes: to("From Olga.\nAsk for blue.")})
	if noted.Notes != "From Olga.\nAsk for blue." || noted.Variants[0].Version != 1 {
		t.Errorf("%+v", noted)
	}
}
