package imports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/imports"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

// lines are those of an export as CSV, the header first.
func lines(t testing.TB, ctx context.Context, e *imports.Export, err error) [][]string {
	t.Helper()
	var out bytes.Buffer
	if err == nil {
		err = e.WriteCSV(ctx, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// columnOf is the cells of a column, without its title.
func columnOf(t testing.TB, all [][]string, title string) (cells []string) {
	t.Helper()
	i := slices.Index(all[0], title)
	if i < 0 {
		t.Fatalf("there is no column %s in %q", title, all[0])
	}
	for _, l := range all[1:] {
		cells = append(cells, l[i])
	}
	return cells
}

func product(t testing.TB, s *dbtest.Shop, in catalog.NewProduct) *catalog.Product {
	t.Helper()
	p, err := catalog.Create(s.Ctx, s.DB, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnExportOfProductsHasARowForEachVariant(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	rate, was, sale, cost, most, hidden := money.Rate(8_875), money.Amount(1500), money.Amount(999), money.Amount(600), int64(40), false
	starts, ends := db.TimeOf(s.Now().Add(time.Hour)), db.TimeOf(s.Now().Add(48*time.Hour))
	product(t, s, catalog.NewProduct{Name: "Blue mug", Description: "Holds tea,\nand \"coffee\".", Brand: "Acme", Category: "Kitchen", Tags: []string{"tea", "blue"},
		Notes: "=breaks", Published: &hidden, TaxRate: &rate, Options: []string{"Size", "Lid"}, Variants: []catalog.NewVariant{
			{SKU: "0012", Barcodes: []string{"4006381333931", "MY CODE"}, Packs: []catalog.Pack{{Code: "TRAY", Quantity: 6}}, Options: map[string]string{"Size": "L", "Lid": "yes"},
				Price: 1250, CompareAtPrice: &was, SalePrice: &sale, SaleStarts: &starts, SaleEnds: &ends, Cost: &cost, MaxStock: &most},
			{SKU: "-7", Options: map[string]string{"Size": "S", "Lid": "no"}, Price: 1000, Policy: catalog.Backorder},
		}})
	e, err := imports.ExportProducts(s.Ctx, s.DB, catalog.ProductFilter{})
	want := [][]string{
		{"Handle", "Name", "Description", "Brand", "Category", "Tags", "Notes", "Published", "Tax rate", "Option 1 name", "Option 1 value", "Option 2 name", "Option 2 value",
			"Option 3 name", "Option 3 value", "SKU", "Barcodes", "Packs", "Price", "Compare-at price", "Sale price", "Sale starts", "Sale ends", "Cost", "Reorder point", "Max stock", "Tracked", "Policy"},
		{"blue-mug", "Blue mug", "Holds tea,\nand \"coffee\".", "Acme", "Kitchen", "blue, tea", "'=breaks", "false", "8.875", "Size", "L", "Lid", "yes", "", "",
			"0012", `4006381333931 MY\ CODE`, "TRAY x6", "12.50", "15.00", "9.99", "2026-11-20T14:30:00+01:00", "2026-11-22T13:30:00+01:00", "6.00", "10", "40", "true", "deny"},
		{"blue-mug", "Blue mug", "Holds tea,\nand \"coffee\".", "Acme", "Kitchen", "blue, tea", "'=breaks", "false", "8.875", "Size", "S", "Lid", "no", "", "",
			"'-7", "", "", "10.00", "", "", "", "", "", "10", "0", "true", "backorder"},
	}
	if d := cmp.Diff(want, lines(t, s.Ctx, e, err)); d != "" {
		t.Error(d)
	}
	if name := e.FileName(imports.XLSX); name != "corner-shop-products-2026-11-20.xlsx" {
		t.Errorf("the file is called %s", name)
	}
}

func TestAnExportHasWhatTheListHas(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	for i := range 420 { // more than two pages
		brand := []string{"Acme", "Zeta"}[i%2]
		product(t, s, catalog.NewProduct{Name: fmt.Sprintf("Mug %03d", i), Brand: brand, Variants: []catalog.NewVariant{{SKU: fmt.Sprint("M", i), Price: 100}}})
	}
	for _, f := range []catalog.ProductFilter{{}, {Brand: "Zeta"}, {List: db.List{Q: "mug 1"}}, {Brand: "acme", Sort: "-name"}, {Sort: "newest"}, {List: db.List{Q: "nothing like it"}}} {
		var want []string
		for listed := f; ; {
			page, err := catalog.Products(s.Ctx, s.DB, listed)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Items {
				want = append(want, p.Variants[0].SKU)
			}
			if listed.After = page.Next; page.Next == "" {
				break
			}
		}
		e, err := imports.ExportProducts(s.Ctx, s.DB, f)
		if got := columnOf(t, lines(t, s.Ctx, e, err), "SKU"); !slices.Equal(got, want) {
			t.Errorf("%+v exports %d, the list has %d", f, len(got), len(want))
		}
	}
	if _, err := imports.ExportProducts(s.Ctx, s.DB, catalog.ProductFilter{Sort: "size"}); db.CodeOf(err) != "bad_sort" {
		t.Errorf("a sort that there is none of: %v", err)
	}
}

// An export holds no reader between its pages, and reads each only when it is written.
func TestAnExportIsReadPageByPage(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	for i := range 210 {
		product(t, s, catalog.NewProduct{Name: fmt.Sprintf("Mug %03d", i), Variants: []catalog.NewVariant{{Price: 100}}})
	}
	e, err := imports.ExportProducts(s.Ctx, s.DB, catalog.ProductFilter{})
	if err != nil {
		t.Fatal(err)
	}
	product(t, s, catalog.NewProduct{Name: "Mug 000 is read already", Variants: []catalog.NewVariant{{Price: 100}}})
	product(t, s, catalog.NewProduct{Name: "Mug 300 is not", Variants: []catalog.NewVariant{{Price: 100}}})
	names := columnOf(t, lines(t, s.Ctx, e, nil), "Name")
	if len(names) != 211 || names[210] != "Mug 300 is not" || slices.Contains(names, "Mug 000 is read already") {
		t.Errorf("%d names, the last %q", len(names), names[len(names)-1])
	}
}

// clerk may read, but sees no costs.
func clerk(s *dbtest.Shop, stores ...int64) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 1, Name: "Emil", Locations: stores,
		Permissions: db.Allow("products.read", "stock.read", "orders.read", "customers.read", "exports.run")})
}

func TestCostsAreExportedToThoseWhoSeeThem(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	o, err := s.Sell(s.Stocked("MUG", 5), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ship(o.ID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title, want string
		export      func(context.Context) (*imports.Export, error)
	}{
		{"Cost", "6.00", func(ctx context.Context) (*imports.Export, error) {
			return imports.ExportProducts(ctx, s.DB, catalog.ProductFilter{})
		}},
		{"Unit cost", "6.00", func(ctx context.Context) (*imports.Export, error) {
			return imports.ExportOrders(ctx, s.DB, sales.OrderFilter{})
		}},
		{"Unit cost", "6.00", func(ctx context.Context) (*imports.Export, error) {
			return imports.ExportMovements(ctx, s.DB, stock.MovementFilter{})
		}},
	} {
		e, err := c.export(s.Ctx)
		if got := columnOf(t, lines(t, s.Ctx, e, err), c.title); got[0] != c.want {
			t.Errorf("the owner's %s is %q", c.title, got)
		}
		e, err = c.export(clerk(s))
		all := lines(t, clerk(s), e, err)
		for _, title := range all[0] {
			if strings.Contains(strings.ToLower(title), "cost") {
				t.Errorf("the clerk gets the column %s", title)
			}
		}
		if strings.Contains(fmt.Sprint(all), c.want) {
			t.Errorf("the clerk gets a cost: %q", all)
		}
	}
}

func TestAnExportEndsAtTheActorsStores(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	harbour, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	mug, five := s.Stocked("MUG", 5), int64(5)
	if _, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: harbour.ID, Reason: stock.Received, Lines: []stock.AdjustLine{{VariantID: mug, Delta: &five}}}); err != nil {
		t.Fatal(err)
	}
	for _, store := range []int64{s.Location, harbour.ID} {
		if _, err := sales.Place(s.Ctx, s.DB, sales.NewOrder{Channel: sales.Phone, LocationID: store, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}}}); err != nil {
			t.Fatal(err)
		}
	}
	ctx := clerk(s, harbour.ID)
	for _, export := range []func() (*imports.Export, error){
		func() (*imports.Export, error) { return imports.ExportStock(ctx, s.DB, stock.LevelFilter{}) },
		func() (*imports.Export, error) { return imports.ExportMovements(ctx, s.DB, stock.MovementFilter{}) },
		func() (*imports.Export, error) { return imports.ExportOrders(ctx, s.DB, sales.OrderFilter{}) },
	} {
		e, err := export()
		if got := columnOf(t, lines(t, ctx, e, err), "Location"); !slices.Equal(got, []string{"Harbour"}) {
			t.Errorf("%s is of %q", e.FileName(imports.CSV), got)
		}
	}
}

func TestAnExportOfOrdersCanBeAddedUp(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 10)
	tenth, standard, off := money.Rate(10_000), money.Rate(19_000), money.Amount(100)
	for range 2 {
		_, err := sales.Place(s.Ctx, s.DB, sales.NewOrder{Channel: sales.Phone, LocationID: s.Location, Customer: &customers.Contact{Name: "Grace", Email: "grace@example.com", Phone: "+49 30 1234"},
			Note: "by the door", Lines: []sales.NewLine{{VariantID: mug, Quantity: 2, Discount: &sales.NewDiscount{Amount: &off}}, {VariantID: cup, Quantity: 1}},
			Discount: &sales.NewDiscount{Percent: &tenth}, Shipping: &sales.NewShipping{Price: 500, TaxRate: &standard}})
		if err != nil {
			t.Fatal(err)
		}
	}
	e, err := imports.ExportOrders(s.Ctx, s.DB, sales.OrderFilter{OldestFirst: true})
	all := lines(t, s.Ctx, e, err)
	for title, want := range map[string][]string{
		"Order": {"1001", "1001", "1002", "1002"}, "Date": {"2026-11-20", "2026-11-20", "2026-11-20", "2026-11-20"}, "SKU": {"MUG", "CUP", "MUG", "CUP"},
		"Quantity": {"2", "1", "2", "1"}, "Unit price": {"12.50", "12.50", "12.50", "12.50"}, "Discount": {"3.40", "1.25", "3.40", "1.25"}, "Line total": {"21.60", "11.25", "21.60", "11.25"},
		"Shipping": {"5.00", "", "5.00", ""}, "Order total": {"37.85", "", "37.85", ""}, "Due": {"37.85", "", "37.85", ""}, "Note": {"by the door", "", "by the door", ""},
		"Customer phone": {"'+49 30 1234", "'+49 30 1234", "'+49 30 1234", "'+49 30 1234"}, "Tax rate": {"19", "19", "19", "19"},
	} {
		if got := columnOf(t, all, title); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", title, got, want)
		}
	}
}

func TestAnExportOfMovementsNamesWhereTheyCameFrom(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	o, err := s.Sell(s.Stocked("MUG", 5), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ship(o.ID); err != nil {
		t.Fatal(err)
	}
	e, err := imports.ExportMovements(s.Ctx, s.DB, stock.MovementFilter{})
	all := lines(t, s.Ctx, e, err)
	want := [][]string{{"2026-11-20T13:30:00+01:00", "MUG", "MUG", "Main store", "-2", "3", "sale", "", "order", "1001", "", "Ada", "6.00"},
		{"2026-11-20T13:30:00+01:00", "MUG", "MUG", "Main store", "5", "5", "received", "", "adjustment", "1", "", "Ada", "6.00"}}
	if d := cmp.Diff(want, all[1:], cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

func TestCodesOfACellCanBeTakenApart(t *testing.T) {
	t.Parallel()
	code := rapid.StringMatching(`[A-Za-z0-9][ -~]{0,6}[!-~]`)
	rapid.Check(t, func(rt *rapid.T) {
		codes := rapid.SliceOfN(code, 0, 5).Draw(rt, "codes")
		if got := imports.SplitCodes(imports.JoinCodes(codes)); !slices.Equal(got, codes) {
			rt.Errorf("%q came back as %q", codes, got)
		}
		var packs []catalog.Pack
		for _, c := range codes {
			packs = append(packs, catalog.Pack{Code: c, Quantity: rapid.Int64Range(2, 1000).Draw(rt, "quantity")})
		}
		if got, err := imports.SplitPacks(imports.JoinPacks(packs)); err != nil || !slices.Equal(got, packs) {
			rt.Errorf("%v came back as %v, %v", packs, got, err)
		}
	})
	for _, wrong := range []string{"4006381333948", "4006381333948 6", "x6", "A x6 B", "A xsix"} {
		if got, err := imports.SplitPacks(wrong); err == nil {
			t.Errorf("%q is read as %v", wrong, got)
		}
	}
}

func TestNaughtyNamesComeBackFromAnExportWithoutAChange(t *testing.T) {
	t.Parallel()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	b, err := os.ReadFile(filepath.Join(root, "data", "naughty_strings", "blns.json"))
	var names []string
	if err == nil {
		err = json.Unmarshal(b, &names)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := dbtest.Open(t)
	made := 0
	for i, name := range names {
		option := string([]rune(name)[:min(len([]rune(name)), 100)])
		_, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: name, Description: name, Notes: name, Options: []string{"Kind"},
			Variants: []catalog.NewVariant{{SKU: fmt.Sprint("S", i), Price: 100, Options: map[string]string{"Kind": option}}}})
		if err == nil {
			made++
		} else if !slices.Contains([]string{"required", "bad_text", "too_long"}, db.CodeOf(err)) {
			t.Errorf("%q: %v", name, err)
		}
	}
	e, err := imports.ExportProducts(s.Ctx, s.DB, catalog.ProductFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := e.WriteCSV(s.Ctx, &file); err != nil {
		t.Fatal(err)
	}
	m, err := imports.Preview(s.Ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "products.csv", File: &file})
	if err != nil {
		t.Fatal(err)
	}
	if m.Create != 0 || m.Update != 0 || m.ErrorRows != 0 || m.Rows != made || made < 450 {
		t.Errorf("of %d: %d rows, %d created, %d updated, %d wrong: %+v", made, m.Rows, m.Create, m.Update, m.ErrorRows, m.Errors)
	}
}

func TestAnExportOfOrdersStaysAsSoldWhateverBecomesOfTheirProducts(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	cost, price, rate, name, sku := money.Amount(600), money.Amount(9900), money.Rate(7_000), "Red cup", "CUP"
	p := product(t, s, catalog.NewProduct{Name: "Blue mug", Options: []string{"Size"}, Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1250, Cost: &cost, Options: map[string]string{"Size": "L"}}}})
	s.Receive(p.Variants[0].ID, 5)
	if _, err := s.Sell(p.Variants[0].ID, 2); err != nil {
		t.Fatal(err)
	}
	exported := func() [][]string {
		e, err := imports.ExportOrders(s.Ctx, s.DB, sales.OrderFilter{})
		return lines(t, s.Ctx, e, err)
	}
	was := exported()
	_, err := catalog.Update(s.Ctx, s.DB, p.ID, catalog.ProductChange{Name: &name, TaxRate: &rate,
		Variants: []catalog.VariantChange{{ID: p.Variants[0].ID, SKU: &sku, Price: &price, Cost: money.Some(&price), Options: map[string]string{"Size": "S"}}}})
	if err == nil {
		_, err = catalog.Archive(s.Ctx, s.DB, p.ID)
	}
	if diff := cmp.Diff(was, exported()); err != nil || diff != "" {
		t.Errorf("%v (-before +after):\n%s", err, diff)
	}
}
