package catalog_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
)

// shelve makes a category by its path with all above it, and returns its id.
func (s shop) shelve(t testing.TB, path string) int64 {
	t.Helper()
	above, last, nested := "", path, false
	if i := strings.LastIndex(path, " > "); i >= 0 {
		above, last, nested = path[:i], path[i+3:], true
	}
	for _, c := range s.tree(t, db.List{Limit: 200}) {
		if c.Path == path {
			return c.ID
		}
	}
	in := catalog.NewCategory{Name: last}
	if nested {
		in.ParentID = catalog.SomeID(to(s.shelve(t, above)))
	}
	c, err := catalog.CreateCategory(s.ctx, s.DB, in)
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func (s shop) tree(t testing.TB, l db.List) []catalog.Category {
	t.Helper()
	page, err := catalog.Categories(s.ctx, s.DB, l)
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// shelves is the tree in words: a category to a line, indented, with the products of its branch and its own.
func (s shop) shelves(t testing.TB) (lines []string) {
	t.Helper()
	for _, c := range s.tree(t, db.List{Limit: 200}) {
		lines = append(lines, fmt.Sprintf("%s%s %d/%d", strings.Repeat("  ", c.Depth-1), c.Name, c.ProductCount, c.OwnProducts))
	}
	return lines
}

func (s shop) move(t testing.TB, id int64, in catalog.CategoryChange) *catalog.Category {
	t.Helper()
	c, err := catalog.UpdateCategory(s.ctx, s.DB, id, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCategoriesStandInATree(t *testing.T) {
	t.Parallel()
	s := open(t)
	home, tools := s.shelve(t, "Home"), s.shelve(t, "Tools")
	kitchen := s.shelve(t, "Home > Kitchen")
	garden, err := catalog.CreateCategory(s.ctx, s.DB, catalog.NewCategory{Name: "Garden", ParentID: catalog.SomeID(&home), Position: to(int64(0))})
	if err != nil || garden.Path != "Home > Garden" || garden.Position != 0 || garden.Depth != 2 || *garden.ParentID != home {
		t.Fatalf("%+v %v", garden, err)
	}
	equal(t, "made", s.shelves(t), "Home 0/0", "  Garden 0/0", "  Kitchen 0/0", "Tools 0/0")
	s.move(t, garden.ID, catalog.CategoryChange{Position: to(int64(1))})
	s.move(t, tools, catalog.CategoryChange{Position: to(int64(0))})
	equal(t, "put elsewhere", s.shelves(t), "Tools 0/0", "Home 0/0", "  Kitchen 0/0", "  Garden 0/0")
	s.move(t, home, catalog.CategoryChange{ParentID: catalog.SomeID(&tools), Name: to("House")})
	equal(t, "moved with all below", s.shelves(t), "Tools 0/0", "  House 0/0", "    Kitchen 0/0", "    Garden 0/0")
	c := s.move(t, kitchen, catalog.CategoryChange{ParentID: catalog.SomeID(nil), Position: to(int64(0))})
	if c.Path != "Kitchen" || c.ParentID != nil || c.Version != 2 {
		t.Errorf("%+v", c)
	}
	equal(t, "moved to the top", s.shelves(t), "Kitchen 0/0", "Tools 0/0", "  House 0/0", "    Garden 0/0")
	for _, same := range []catalog.CategoryChange{{}, {Name: to(" Kitchen ")}, {Position: to(int64(0))}, {ParentID: catalog.SomeID(nil)}} {
		if c := s.move(t, kitchen, same); c.Version != 2 {
			t.Errorf("%+v is no change, but made version %d", same, c.Version)
		}
	}
	s.sound(t)
}

func TestProductsAreCountedWhereTheyStandAndAbove(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := mug("A")
	in.Category = "Home > Kitchen"
	first := s.create(t, in)
	if first.Category != "Home > Kitchen" {
		t.Errorf("%+v", first)
	}
	in = mug("B")
	in.Category = " home>KITCHEN > Cups "
	if p := s.create(t, in); p.Category != "Home > Kitchen > Cups" {
		t.Errorf("%+v", p)
	}
	in = mug("C")
	in.Category = "kitchen" // the only one of this name
	third := s.create(t, in)
	equal(t, "made", s.shelves(t), "Home 3/0", "  Kitchen 3/2", "    Cups 1/1")
	s.update(t, third.ID, catalog.ProductChange{Category: to("Home")})
	equal(t, "moved", s.shelves(t), "Home 3/1", "  Kitchen 2/1", "    Cups 1/1")
	if _, err := catalog.Archive(s.ctx, s.DB, first.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "archived", s.shelves(t), "Home 2/1", "  Kitchen 1/0", "    Cups 1/1")
	if _, err := catalog.Restore(s.ctx, s.DB, first.ID); err != nil {
		t.Fatal(err)
	}
	s.update(t, third.ID, catalog.ProductChange{Category: to("")})
	equal(t, "back, and one in none", s.shelves(t), "Home 2/0", "  Kitchen 2/1", "    Cups 1/1")
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		_, err := removeIn(tx, first.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	equal(t, "removed", s.shelves(t), "Home 1/0", "  Kitchen 1/0", "    Cups 1/1")
	page, err := catalog.Brands(s.ctx, s.DB, db.List{})
	if err != nil || len(page.Items) != 1 || page.Items[0].ProductCount != 2 {
		t.Errorf("%+v %v", page, err)
	}
	s.sound(t)
}

func TestProductsBelowACategoryAreInIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, path := range []string{"Home", "Home > Kitchen", "Home > Kitchen > Cups", "Homeware", "Office > Kitchen", ""} {
		in := mug(fmt.Sprint("M", i))
		in.Name, in.Category = fmt.Sprint(i), path
		s.create(t, in)
	}
	equal(t, "by id", s.list(t, catalog.ProductFilter{CategoryID: 1}), "0", "1", "2")
	equal(t, "of a branch", s.list(t, catalog.ProductFilter{CategoryID: 2}), "1", "2")
	equal(t, "by path", s.list(t, catalog.ProductFilter{Category: "home>kitchen"}), "1", "2")
	equal(t, "by a name that two have", s.list(t, catalog.ProductFilter{Category: "kitchen"}), "1", "2", "4")
	equal(t, "both", s.list(t, catalog.ProductFilter{Category: "kitchen", CategoryID: 1}), "1", "2")
	equal(t, "of none", s.list(t, catalog.ProductFilter{CategoryID: 99}))
	equal(t, "by a word of the path", s.find(t, catalog.VariantFilter{List: db.List{Q: "cups home"}}), "2")
	s.move(t, 2, catalog.CategoryChange{ParentID: catalog.SomeID(nil), Name: to("Cooking")})
	equal(t, "after the branch moved", s.list(t, catalog.ProductFilter{CategoryID: 1}), "0")
	equal(t, "by a word of its new path", s.find(t, catalog.VariantFilter{List: db.List{Q: "cooking"}}), "1", "2")
	equal(t, "no more by the old one", s.find(t, catalog.VariantFilter{List: db.List{Q: "home kitchen"}}))
	s.sound(t)
}

func TestCategoriesAreFoundAndPaged(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, path := range []string{"Home > Kitchen > Cups", "Home > Garden", "Ärzte", "Office > Kitchen"} {
		s.shelve(t, path)
	}
	paths := func(l db.List) (all []string) {
		for {
			page, err := catalog.Categories(s.ctx, s.DB, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Items {
				all = append(all, c.Path)
			}
			if l.After = page.Next; l.After == "" {
				return all
			}
		}
	}
	equal(t, "in order", paths(db.List{Limit: 2}), "Home", "Home > Kitchen", "Home > Kitchen > Cups", "Home > Garden", "Ärzte", "Office", "Office > Kitchen")
	equal(t, "by name", paths(db.List{Q: "KIT"}), "Home > Kitchen", "Office > Kitchen")
	equal(t, "without accents", paths(db.List{Q: "arz"}), "Ärzte")
	equal(t, "by path", paths(db.List{Q: "home > k"}), "Home > Kitchen", "Home > Kitchen > Cups")
	_, err := catalog.Categories(s.ctx, s.DB, db.List{After: "nonsense"})
	refused(t, err, "query.after: bad_cursor")
}

func TestCategoriesThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	deep := s.shelve(t, "1 > 2 > 3 > 4 > 5 > 6 > 7")
	tools := s.shelve(t, "Tools > Saws")
	office := s.shelve(t, "Office > Kitchen")
	home := s.shelve(t, "Home > Kitchen")
	made := s.shelves(t)
	create := func(in catalog.NewCategory) error {
		_, err := catalog.CreateCategory(s.ctx, s.DB, in)
		return err
	}
	change := func(id int64, in catalog.CategoryChange) error {
		_, err := catalog.UpdateCategory(s.ctx, s.DB, id, in)
		return err
	}
	product := func(category string) error {
		in := mug("X")
		in.Brand, in.Category = "", category
		_, err := catalog.Create(s.ctx, s.DB, in)
		return err
	}
	long := strings.Repeat("x", 101)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no name":               {create(catalog.NewCategory{}), "name: required"},
		"a path":                {create(catalog.NewCategory{Name: "A > B"}), "name: bad_category_name"},
		"long":                  {create(catalog.NewCategory{Name: long}), "name: too_long"},
		"a sibling's name":      {create(catalog.NewCategory{Name: "SAWS", ParentID: catalog.SomeID(to(tools - 1))}), "name: name_taken"},
		"no such parent":        {create(catalog.NewCategory{Name: "A", ParentID: catalog.SomeID(to(int64(99)))}), "parentId: not_found"},
		"itself":                {change(tools-1, catalog.CategoryChange{ParentID: catalog.SomeID(to(tools - 1))}), "parentId: category_loop"},
		"below itself":          {change(tools-1, catalog.CategoryChange{ParentID: catalog.SomeID(&tools)}), "parentId: category_loop"},
		"too deep with below":   {change(tools-1, catalog.CategoryChange{ParentID: catalog.SomeID(&deep)}), "parentId: too_deep"},
		"renamed to a sibling":  {change(tools-1, catalog.CategoryChange{Name: to("home")}), "name: name_taken"},
		"moved to a namesake":   {change(office, catalog.CategoryChange{ParentID: catalog.SomeID(to(home - 1))}), "name: name_taken"},
		"stale":                 {change(tools, catalog.CategoryChange{Version: to(int64(7))}), ": stale"},
		"gone":                  {change(99, catalog.CategoryChange{Name: to("A")}), ": not_found"},
		"a product too deep":    {product("1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9"), "category: too_deep"},
		"a product nowhere":     {product(" > "), "category: bad_category_name"},
		"a product of long":     {product("Home > " + long), "category: too_long"},
		"a product of two":      {product("Kitchen"), "category: ambiguous_category"},
		"a product with breaks": {product("Home > A\nB"), "category: bad_text"},
	} {
		if got := refusal(c.err); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q (%v), want %s", name, got, c.err, c.want)
		}
	}
	equal(t, "nothing happened", s.shelves(t), made...)
	if n := s.count(t, "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM audit WHERE before IS NOT NULL)"); n != 0 {
		t.Errorf("%d traces of what was refused", n)
	}
	s.sound(t)
}

func TestTwoWhoMoveCategoriesBelowEachOtherMakeNoLoop(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := s.shelve(t, "A"), s.shelve(t, "B")
	turn := make(chan [2]int64, 20)
	for i := range cap(turn) {
		turn <- [][2]int64{{a, b}, {b, a}}[i%2]
	}
	got := dbtest.Together(cap(turn), func() error {
		of := <-turn
		_, err := catalog.UpdateCategory(s.ctx, s.DB, of[0], catalog.CategoryChange{ParentID: catalog.SomeID(&of[1])})
		return err
	})
	if n := got.Succeeded(); n != 10 { // all who wanted what the first one did
		t.Errorf("%d moves", n)
	}
	got.AllOthers(t, "category_loop")
	if tree := s.shelves(t); len(tree) != 2 || !strings.HasPrefix(tree[1], "  ") {
		t.Errorf("%q", tree)
	}
	s.sound(t)
}

func TestTheTreeHasAnEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for i := range 2000 {
			in := mug(fmt.Sprint(i))
			in.Slug, in.Category = fmt.Sprintf("m-%d", i), fmt.Sprint("Category ", i)
			if _, err := catalog.CreateIn(tx, in); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	_, err := catalog.CreateCategory(s.ctx, s.DB, catalog.NewCategory{Name: "One more"})
	refused(t, err, "name: too_many")
	in := mug("more")
	in.Category = "Category 7 > One more"
	_, err = catalog.Create(s.ctx, s.DB, in)
	refused(t, err, "category: too_many")
	c := s.move(t, 2000, catalog.CategoryChange{Position: to(int64(0))})
	if c.Position != 0 || s.tree(t, db.List{Limit: 1})[0].ID != 2000 {
		t.Errorf("%+v", c)
	}
	s.sound(t)
}

func TestACategoryIsRemovedAndItsProductsGoOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, path := range []string{"Home > Kitchen", "Home > Kitchen > Cups", "Home > Garden", "Home > Kitchen"} {
		in := mug(fmt.Sprint("M", i))
		in.Name, in.Category = fmt.Sprint(i), path
		s.create(t, in)
	}
	if _, err := catalog.Archive(s.ctx, s.DB, 4); err != nil {
		t.Fatal(err)
	}
	remove := func(id int64, to *int64) error { return catalog.RemoveCategory(s.ctx, s.DB, id, to) }
	before := s.shelves(t)
	equal(t, "before", before, "Home 3/0", "  Kitchen 2/1", "    Cups 1/1", "  Garden 1/1")
	err := remove(2, nil)
	refused(t, err, ": category_in_use")
	if !strings.Contains(fmt.Sprint(err), "2 products are in Kitchen") { // the archived one too
		t.Error(err)
	}
	refused(t, remove(2, to(int64(2))), "query.productsTo: category_loop")
	refused(t, remove(2, to(int64(99))), "query.productsTo: not_found")
	refused(t, remove(99, nil), ": not_found")
	equal(t, "nothing happened", s.shelves(t), before...)
	if err := remove(2, to(int64(4))); err != nil {
		t.Fatal(err)
	}
	equal(t, "after", s.shelves(t), "Home 3/0", "  Cups 1/1", "  Garden 2/2")
	for id, path := range map[int64]string{1: "Home > Garden", 2: "Home > Cups", 4: "Home > Garden"} {
		p, err := catalog.ProductByID(s.ctx, s.DB, id)
		if err != nil || p.Category != path {
			t.Errorf("%d: %+v %v", id, p, err)
		}
	}
	equal(t, "found anew", s.find(t, catalog.VariantFilter{List: db.List{Q: "garden"}}), "0", "2")
	equal(t, "no more", s.find(t, catalog.VariantFilter{List: db.List{Q: "kitchen"}}))
	if err := remove(4, to(int64(0))); err != nil {
		t.Fatal(err)
	}
	equal(t, "to none", s.shelves(t), "Home 1/0", "  Cups 1/1")
	told := s.audit(t)
	equal(t, "audit", told[len(told)-2:], `Olga category {"name":"Home > Kitchen"} -> `, `Olga category {"name":"Home > Garden"} -> `)
	s.sound(t)
}

func TestWhatIsBelowARemovedCategoryTakesItsPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, path := range []string{"A", "B > B > X", "B > Y", "C"} {
		s.shelve(t, path)
	}
	if err := catalog.RemoveCategory(s.ctx, s.DB, 2, nil); err != nil {
		t.Fatal(err)
	}
	equal(t, "raised", s.shelves(t), "A 0/0", "B 0/0", "  X 0/0", "Y 0/0", "C 0/0")
	d := s.shelve(t, "D > A")
	refused(t, catalog.RemoveCategory(s.ctx, s.DB, d-1, nil), ": name_taken")
	equal(t, "refused", s.shelves(t), "A 0/0", "B 0/0", "  X 0/0", "Y 0/0", "C 0/0", "D 0/0", "  A 0/0")
	s.sound(t)
}

func TestManyProductsMoveInShortWrites(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		for i := range 450 {
			in := mug(fmt.Sprint(i))
			in.Slug, in.Category = fmt.Sprintf("m-%d", i), "Old"
			if _, err := catalog.CreateIn(tx, in); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	old, fresh := s.shelve(t, "Old"), s.shelve(t, "New")
	if err := catalog.RemoveCategory(context.WithoutCancel(s.ctx), s.DB, old, &fresh); err != nil {
		t.Fatal(err)
	}
	equal(t, "moved", s.shelves(t), "New 450/450")
	if n := s.count(t, "SELECT count(*) FROM events WHERE topic = 'products' AND version = 2"); n != 450 {
		t.Errorf("%d products told", n)
	}
	s.sound(t)
}
