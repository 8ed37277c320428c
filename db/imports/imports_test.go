package imports_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/imports"
	"onhand/db/settings"
	"onhand/db/stock"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop is an open shop with an owner in its context and a clock that a test may move.
type shop struct {
	*db.DB
	ctx   context.Context
	clock *time.Time
	main  int64
}

func open(t testing.TB) shop {
	t.Helper()
	return opened(t, nil)
}

// opened is open, with one who hears of every statement.
func opened(t testing.TB, trace func(query string, args []any)) shop {
	t.Helper()
	clock := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: func() time.Time { return clock }, Trace: trace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		healthy(t, d)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	s := shop{DB: d, ctx: as(nil), clock: &clock}
	s.write(t, func(tx *db.Tx) error {
		if _, err := settings.SetUp(tx, settings.NewShop{Name: "Corner Shop", Currency: "EUR", TimeZone: "Europe/Berlin"}); err != nil {
			return err
		}
		l, err := stock.CreateLocation(tx, "Main store")
		if err != nil {
			return err
		}
		s.main = l.ID
		rate := int64(19000)
		_, err = settings.SaveIn(tx, settings.Change{DefaultTaxRate: &rate})
		return err
	})
	return s
}

// healthy lets the doctor look at the rooms an import writes to.
func healthy(t testing.TB, d *db.DB) {
	t.Helper()
	for _, check := range []func(context.Context, *db.DB) ([]db.Finding, error){db.Check, catalog.Check, stock.Check, imports.Check} {
		if found, err := check(context.Background(), d); err != nil || len(found) > 0 {
			t.Errorf("the doctor finds %v, %v", found, err)
		}
	}
}

func as(locations []int64) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 1, Name: "Olga", Locations: locations,
		Permissions: db.Allow("products.read", "products.write", "stock.read", "stock.adjust", "imports.run", "cost.read")})
}

func (s shop) write(t testing.TB, fn func(*db.Tx) error) {
	t.Helper()
	if err := db.Write(s.ctx, s.DB, fn); err != nil {
		t.Fatal(err)
	}
}

func (s shop) upload(file string) (*imports.Import, error) {
	return imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "products.csv", File: strings.NewReader(file)})
}

func (s shop) preview(t testing.TB, file string) *imports.Import {
	t.Helper()
	m, err := s.upload(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (s shop) commit(t testing.TB, m *imports.Import) *imports.Import {
	t.Helper()
	done, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	if err != nil {
		t.Fatalf("commit: %v\n%s", err, indented(m.Errors))
	}
	if done.Status != imports.Committed {
		t.Errorf("a commit answers an import that is %s", done.Status)
	}
	return done
}

// brought imports a file from beginning to end.
func (s shop) brought(t testing.TB, file string) *imports.Import {
	t.Helper()
	return s.commit(t, s.preview(t, file))
}

// counts is a preview in short.
func counts(m *imports.Import) string {
	return fmt.Sprintf("create %d, update %d, skip %d of which unchanged %d, errors %d", m.Create, m.Update, m.Skip, m.Unchanged, m.ErrorRows)
}

func sums(t *testing.T, m *imports.Import, want string) {
	t.Helper()
	if got := counts(m); got != want {
		t.Errorf("%s, want %s\n%s", got, want, indented(m.Details))
	}
	if (m.ErrorRows == 0) != (m.ErrorCount == 0) {
		t.Errorf("%d rows with %d errors", m.ErrorRows, m.ErrorCount)
	}
	if m.Rows != m.Create+m.Update+m.Skip+m.ErrorRows {
		t.Errorf("%d rows do not add up: %s", m.Rows, counts(m))
	}
}

// count answers a question with one number, straight from the file.
func (s shop) count(t testing.TB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error { return tx.Row(query, args, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// state is everything an import could change, to compare before and after.
func (s shop) state(t testing.TB) string {
	t.Helper()
	var parts []string
	for _, table := range []string{"products", "variants", "barcodes", "brands", "categories", "levels", "movements", "costs", "import_links", "import_stock"} {
		parts = append(parts, fmt.Sprint(table, " ", s.count(t, "SELECT count(*) FROM "+table)))
	}
	parts = append(parts, fmt.Sprint("versions ", s.count(t, "SELECT (SELECT total(version) FROM products) + (SELECT total(version) FROM variants) + (SELECT total(version) FROM levels)")))
	return strings.Join(parts, ", ")
}

func (s shop) unchanged(t *testing.T, before string) {
	t.Helper()
	if after := s.state(t); after != before {
		t.Errorf("the shop changed\nfrom %s\nto   %s", before, after)
	}
}

func (s shop) product(t testing.TB, name string) *catalog.Product {
	t.Helper()
	id := s.count(t, "SELECT coalesce(max(id), 0) FROM products WHERE name = ?1", name)
	p, err := catalog.ProductByID(s.ctx, s.DB, id)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

func (s shop) onHand(t testing.TB, sku string) int64 {
	t.Helper()
	return s.count(t, "SELECT coalesce((SELECT on_hand FROM levels l JOIN variants v ON v.id = l.variant_id WHERE v.sku = ?1), -1)", sku)
}

// sell takes some away as a sale would.
func (s shop) sell(t testing.TB, sku string, n int64) {
	t.Helper()
	s.write(t, func(tx *db.Tx) error {
		v, _, err := catalog.BySKU(tx, sku)
		if err != nil {
			return err
		}
		delta := -n
		_, err = stock.AdjustIn(tx, stock.Adjustment{LocationID: s.main, Reason: stock.Correction, Lines: []stock.AdjustLine{{VariantID: v.VariantID, Delta: &delta}}}, nil)
		return err
	})
}

// refused compares code and field of a refusal.
func refused(t *testing.T, err error, code, field string) {
	t.Helper()
	var e *db.Error
	if !errors.As(err, &e) {
		t.Errorf("%v, want a refusal with %s", err, code)
		return
	}
	if e.Code != code || e.Field != field {
		t.Errorf("refused with %s at %q (%s), want %s at %q", e.Code, e.Field, e.Message, code, field)
	}
}

func indented(v any) string {
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		panic(err)
	}
	return string(b) + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func testFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// withTaken is a shop in which the SKU HERE belongs to a variant of something else.
func withTaken(t *testing.T) shop {
	t.Helper()
	s := open(t)
	_, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "Cup", Options: []string{"Size"}, Variants: []catalog.NewVariant{
		{SKU: "HERE", Price: 100, Options: map[string]string{"Size": "S"}}, {SKU: "HERE-L", Price: 100, Options: map[string]string{"Size": "L"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPreviewNamesEveryMistakeByRowAndColumnAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := withTaken(t)
	before := s.state(t)
	m := s.preview(t, testFile(t, "rules.csv"))
	s.unchanged(t, before)
	golden(t, "rules.json", indented(m))

	kept, err := imports.ByID(s.ctx, s.DB, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(indented(m), indented(kept)); diff != "" {
		t.Errorf("the kept preview differs: %s", diff)
	}
}

func TestRowsWithErrorsStopTheCommitUnlessTheyAreLeftOut(t *testing.T) {
	t.Parallel()
	s := withTaken(t)
	m := s.preview(t, testFile(t, "rules.csv"))
	before := s.state(t)
	_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "has_errors", "")
	s.unchanged(t, before)
	if still, _ := imports.ByID(s.ctx, s.DB, m.ID); still.Status != imports.Previewed {
		t.Errorf("after a refused commit the import is %s", still.Status)
	}

	done, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true})
	if err != nil {
		t.Fatal(err)
	}
	if done.Status != imports.Committed || done.Create != m.Create || done.ErrorRows != m.ErrorRows {
		t.Errorf("committed as %s: %s; previewed as %s", done.Status, counts(done), counts(m))
	}
	var names []string
	err = db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&names, "SELECT name || ' = ' || price FROM variants ORDER BY id")
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rules.variants.json", indented(names))
}

func TestAProductArrivesWithAllTheFileSaysOfIt(t *testing.T) {
	t.Parallel()
	s := withTaken(t)
	m := s.preview(t, testFile(t, "rules.csv"))
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	var all []*catalog.Product
	for _, name := range []string{"Blue mug", "T-shirt", "Song", "No SKU", "Book"} {
		all = append(all, s.product(t, name))
	}
	golden(t, "rules.products.json", indented(all))
	for sku, want := range map[string]int64{"MUG": 12, "TEE-R-L": 3, "TEE-B": -1, "SONG": -1, "CLASS": 0} {
		if got := s.onHand(t, sku); got != want {
			t.Errorf("%d %s on hand, want %d", got, sku, want)
		}
	}
	if n := s.count(t, "SELECT count(*) FROM movements WHERE document_type = 'import' AND document_id = ?1 AND reason = 'received'", m.ID); n != 2 {
		t.Errorf("%d receipts of the import, want 2", n)
	}
	if n := s.count(t, "SELECT count(*) FROM audit WHERE entity = 'import' AND entity_id = ?1", m.ID); n != 1 {
		t.Errorf("%d entries in the audit, want 1", n)
	}
}

func TestTheSampleOfWooCommerceComesInWhole(t *testing.T) {
	t.Parallel()
	file := sample(t)
	s := open(t)
	m := s.preview(t, file)
	sums(t, m, "create 23, update 0, skip 2 of which unchanged 0, errors 0")
	if len(m.Warnings) != 1 || m.Warnings[0].Row != 2 || m.Warnings[0].Code != "any_value" {
		t.Errorf("warned of %v, want the size of the V-neck", m.Warnings)
	}
	s.commit(t, m)
	if n := s.count(t, "SELECT count(*) FROM products"); n != 16 {
		t.Errorf("%d products, want 16", n)
	}
	if n := s.count(t, "SELECT count(*) FROM variants WHERE tracked = 0"); n != 21 {
		t.Errorf("%d variants whose stock is not tracked, want 21", n)
	}
	p := s.product(t, "Hoodie")
	if got := fmt.Sprintf("%v %d %s %d %d %s %s", p.Options, len(p.Variants), p.Variants[0].Title, p.Variants[0].Price, *p.Variants[0].SalePrice, p.Category, p.TaxRate); got != "[Color Logo] 4 Red / No 4500 4200 Clothing > Hoodies 19%" {
		t.Errorf("the hoodie is %s", got)
	}

	before := s.state(t)
	again := s.preview(t, file)
	sums(t, again, "create 0, update 0, skip 25 of which unchanged 23, errors 0")
	if len(again.Warnings) != 0 {
		t.Errorf("warned of what stays as it is: %v", again.Warnings)
	}
	s.commit(t, again)
	s.unchanged(t, before)
}

func sample(t testing.TB) string {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	b, err := os.ReadFile(filepath.Join(root, "data", "woocommerce", "sample_products.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestACommitTwiceAnswersTheSame(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("MUG,Blue mug,12.50,5"))
	var heard []db.Event
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic == "imports" {
			heard = append(heard, e)
		}
	}))
	first := s.commit(t, m)
	before, told := s.state(t), len(heard)
	if diff := cmp.Diff(indented(first), indented(s.commit(t, m))); diff != "" {
		t.Errorf("the second commit answers something else: %s", diff)
	}
	s.unchanged(t, before)
	if len(heard) != told || heard[told-1].EntityID != m.ID || *heard[told-1].LocationID != s.main || heard[told-1].Version != first.Version {
		t.Errorf("heard of %v, of one commit in %d", heard, told)
	}
}

func TestAPreviewWithNothingToDoCommits(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.brought(t, "Type,SKU,Name,Regular price\ngrouped,SET,Set,\n")
	sums(t, m, "create 0, update 0, skip 1 of which unchanged 0, errors 0")
}

func TestAFailedCommitLeavesNothingBehindAndMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("A,Good,1,5", "B,Bad,2,6"))
	before := s.state(t)
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER stumble BEFORE INSERT ON movements WHEN new.delta = 6 BEGIN SELECT RAISE(ABORT, 'stumbled'); END")
		return err
	})
	_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	if err == nil || !strings.Contains(err.Error(), "stumbled") {
		t.Fatalf("the commit says %v", err)
	}
	s.unchanged(t, before)
	failed, err := imports.ByID(s.ctx, s.DB, m.ID)
	if err != nil || failed.Status != imports.Failed || failed.Failure == "" {
		t.Errorf("after a failure: %+v, %v", failed, err)
	}
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("DROP TRIGGER stumble")
		return err
	})
	if done := s.commit(t, m); done.Failure != "" || s.onHand(t, "B") != 6 {
		t.Errorf("the second try: %q, %d on hand", done.Failure, s.onHand(t, "B"))
	}
}

func TestACommitIsPlannedAgainstTheShopOfNow(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("A,First,1,", "B,Second,2,"))
	if _, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "First", Variants: []catalog.NewVariant{{SKU: "a", Price: 1}}}); err != nil {
		t.Fatal(err)
	}
	sums(t, s.commit(t, m), "create 1, update 1, skip 0 of which unchanged 0, errors 0")

	m = s.preview(t, simple("C,Third,1,"))
	if _, err := catalog.Create(s.ctx, s.DB, catalog.NewProduct{Name: "Cup", Options: []string{"Size"}, Variants: []catalog.NewVariant{{SKU: "c", Price: 1, Options: map[string]string{"Size": "S"}}}}); err != nil {
		t.Fatal(err)
	}
	_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "has_errors", "")
	now, err := imports.ByID(s.ctx, s.DB, m.ID)
	if err != nil || len(now.Errors) != 1 || now.Errors[0].Code != "sku_taken" {
		t.Errorf("the preview does not show what is wrong now: %v %v", now.Errors, err)
	}
}

func TestCommitsAtOnceMakeEverythingOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := simple("A,First,1,5", "B,Second,2,6")
	var previews []*imports.Import
	for range 4 {
		previews = append(previews, s.preview(t, file))
	}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			done, err := imports.Commit(s.ctx, s.DB, previews[i%4].ID, imports.CommitOptions{})
			if db.CodeOf(err) != "import_running" && (err != nil || done.Status != imports.Committed) {
				t.Errorf("commit %d: %v", i, err)
			}
		})
	}
	all.Wait()
	for _, m := range previews { // those that were refused
		s.commit(t, m)
	}
	if n := s.count(t, "SELECT count(*) FROM products"); n != 2 {
		t.Errorf("%d products, want 2", n)
	}
	if a, b := s.onHand(t, "A"), s.onHand(t, "B"); a != 5 || b != 6 {
		t.Errorf("%d and %d on hand, want 5 and 6", a, b)
	}
	if n := s.count(t, "SELECT count(*) FROM audit WHERE entity = 'import'"); n != 4 {
		t.Errorf("%d commits in the audit, want 4", n)
	}
}

func TestOnlyWhoSeesTheLocationSeesItsImports(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("A,First,1,"))
	elsewhere := as([]int64{s.main + 1})
	_, err := imports.ByID(elsewhere, s.DB, m.ID)
	refused(t, err, "not_found", "")
	_, err = imports.Commit(elsewhere, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "not_found", "")
	_, err = imports.Preview(elsewhere, s.DB, imports.Upload{Kind: imports.Products, FileName: "a.csv", File: strings.NewReader(simple()), LocationID: s.main})
	refused(t, err, "not_found", "locationId")
	if page, err := imports.List(elsewhere, s.DB, db.List{}); err != nil || len(page.Items) != 0 {
		t.Errorf("the list has %d of another store: %v", len(page.Items), err)
	}
	if s.count(t, "SELECT count(*) FROM products") != 0 {
		t.Error("something was imported")
	}
}

func TestTheListIsPagedNewestFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		s.preview(t, simple("A,First,1,"))
	}
	var ids []int64
	l := db.List{Limit: 2}
	for {
		page, err := imports.List(s.ctx, s.DB, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Items {
			ids = append(ids, m.ID)
		}
		if l.After = page.Next; l.After == "" {
			break
		}
	}
	if !slices.Equal(ids, []int64{3, 2, 1}) {
		t.Errorf("listed %v", ids)
	}
}

func TestFilesAreForgottenAfterAWeek(t *testing.T) {
	t.Parallel()
	s := open(t)
	committed := s.brought(t, simple("A,First,1,"))
	old := s.preview(t, simple("B,Second,1,"))
	*s.clock = s.clock.Add(7*24*time.Hour + time.Minute)
	fresh := s.preview(t, simple("C,Third,1,"))
	if n, err := imports.Cleanup(s.ctx, s.DB); err != nil || n != 2 {
		t.Errorf("%d files went: %v", n, err)
	}
	_, err := imports.Commit(s.ctx, s.DB, old.ID, imports.CommitOptions{})
	refused(t, err, "not_found", "")
	s.commit(t, committed)
	s.commit(t, fresh)
}

// simple is a small file of simple products: SKU, name, price, stock.
func simple(rows ...string) string {
	file := "SKU,Name,Regular price,Stock,Type\n"
	for _, r := range rows {
		file += r + ",simple\n"
	}
	return file
}
