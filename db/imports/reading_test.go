package imports_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onhand/db/imports"
	"onhand/db/table"
)

func reference(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	return filepath.Join(append([]string{root, "data"}, parts...)...)
}

func referenceFile(t testing.TB, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(reference(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// about is a reading in short: what the file is, and what is asked with which answers.
func about(r *imports.ImportReading) string {
	s := fmt.Sprint(r.Format, " ", r.Encoding, " ", r.Separator, " ", r.Decimal)
	for _, q := range r.Questions {
		s += "; " + q.About + "?"
		for _, c := range q.Choices {
			s += " " + c.Value + " (" + c.Sample + ")"
		}
	}
	return s
}

func (s shop) read(in imports.Upload, file string) (*imports.ImportReading, error) {
	in.Kind, in.File = imports.Products, strings.NewReader(file)
	return imports.Read(s.ctx, s.DB, in)
}

func TestWhatAFileShowsIsTakenAndWhatItDoesNotIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, c := range map[string]struct{ file, want string }{
		"UTF-8":                    {"name,price\nGröße,1\n", "other utf-8 comma point"},
		"UTF-16 without a mark":    {strings.TrimPrefix(utf16Of("name,price\nMug,1\n", binary.LittleEndian), "\xff\xfe"), "other utf-16le comma point"},
		"one byte a letter":        {"name,price\nGr\xf6\xdfe,1\n", "other windows-1252 comma point; encoding? windows-1252 (Größe,1) macintosh (Grˆﬂe,1) ibm850 (Gr÷▀e,1)"},
		"sep=":                     {"sep=;\nname;price,vat\nMug;1\n", "other utf-8 semicolon point"},
		"one separator":            {"name;price\nMug, blue;1,50\n", "other utf-8 semicolon comma"},
		"the even one":             {"name;size, colour;price\nMug;L, blue;1.50\nCup;S;2\n", "other utf-8 semicolon point"},
		"the recognised one":       {"Type;SKU;Name, long;Name;Regular price\nsimple;A;B;C;1\nsimple;A;B\n", "woocommerce utf-8 semicolon point"},
		"two that are even":        {"name;size,price\nMug;L,1\n", "other utf-8 comma point; separator? comma (name;size | price) semicolon (name | size,price)"},
		"decimals by a point":      {"name,price\nMug,\"1,250\"\nCup,1.5\n", "other utf-8 comma point"},
		"decimals by a comma":      {"name;price\nMug;1.250\nCup;1,5\n", "other utf-8 semicolon comma"},
		"decimals by a rate":       {"name;price;tax rate\nMug;1.250;8,875\n", "other utf-8 semicolon comma"},
		"decimals either way":      {"name;price\nMug;1.250\nCup;2\n", "other utf-8 semicolon point; decimal? point (1.250 = 1.250) comma (1.250 = 1250)"},
		"a number in two ways":     {"name;price;stock\nMug;1;1,250\n", "other utf-8 semicolon point; decimal? point (1,250 = 1250) comma (1,250 = 1.250)"},
		"figures that differ":      {"name;price\nMug;1.250\nCup;2,50\nBox;2.50\n", "other utf-8 semicolon "},
		"a comma in a name":        {"name;price\n\"1,250 mugs\";2\n", "other utf-8 semicolon point"},
		"a system's own decimals":  {"Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Title,Default Title,\"1,250\"\n", "shopify utf-8 comma point"},
		"nothing but its own mark": {"\ufeffname\tprice\n", "other utf-8 tab point"},
	} {
		r, err := s.read(imports.Upload{}, c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := about(r); got != c.want {
			t.Errorf("%s: read as %s\nwant %s", name, got, c.want)
		}
	}
	if n := s.count(t, "SELECT count(*) FROM imports"); n != 0 {
		t.Errorf("reading left %d imports", n)
	}
}

func TestAnAnswerIsTakenAtItsWord(t *testing.T) {
	t.Parallel()
	s := open(t)
	const file = "name;size,price\nGr\xf6\xdfe;L,\"1,250\"\n"
	ask := func(in table.Dialect) (*imports.Import, error) {
		return imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "a.csv", File: strings.NewReader(file), Dialect: in,
			Mapping: map[string]string{"#1": "name", "#2": "price"}})
	}
	for _, c := range []struct {
		in    table.Dialect
		about string
	}{{table.Dialect{}, "encoding"}, {table.Dialect{Encoding: "windows-1252"}, "separator"}, {table.Dialect{Encoding: "windows-1252", Separator: "comma"}, "decimal"}} {
		_, err := ask(c.in)
		refused(t, err, "ask_"+c.about, c.about)
	}
	if n := s.count(t, "SELECT count(*) FROM imports"); n != 0 {
		t.Errorf("questions left %d imports", n)
	}
	for decimal, want := range map[string]int64{"comma": 125, "point": 125000} {
		m, err := ask(table.Dialect{Encoding: "windows-1252", Separator: "comma", Decimal: decimal})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Sample[0]; got.Name != "Größe;L" || int64(*got.Price) != want {
			t.Errorf("with a decimal %s: %+v costs %d", decimal, got, *got.Price)
		}
		s.commit(t, m) // the answers are kept with the file
		if n := s.count(t, "SELECT price FROM variants"); n != want {
			t.Errorf("with a decimal %s it costs %d here", decimal, n)
		}
	}
}

func TestColumnsCalledAsUsualNeedNobodyToNameThem(t *testing.T) {
	t.Parallel()
	s := priced(t)
	for _, c := range []struct{ kind, file, want string }{
		{imports.Products, "name,sku,price\nCup,CUP,4.50\n", "create 1, update 0, skip 0 of which unchanged 0, errors 0"},
		{imports.Products, "Bezeichnung;Artikelnummer;VK\nCup;CUP;4,50\n", "create 1, update 0, skip 0 of which unchanged 0, errors 0"},
		{imports.Products, "Title,Price,Weight\nCup,4.50,3 kg\n", "create 1, update 0, skip 0 of which unchanged 0, errors 0"},
		{imports.Customers, "name,email\nAda,ada@example.com\n", "create 1, update 0, skip 0 of which unchanged 0, errors 0"},
		{imports.Customers, "Vorname;Nachname;Telefon\nAda;L;123\n", "create 1, update 0, skip 0 of which unchanged 0, errors 0"},
		{imports.Stock, "SKU,Quantity\nL,3\n", "create 0, update 1, skip 0 of which unchanged 0, errors 0"},
		{imports.Products, "Name,Weight\nCup,3 kg\n", "mapping_needed"}, // no price
		{imports.Products, "SKU,Weight\nL,3 kg\n", "mapping_needed"},    // nothing of what is known
		{imports.Customers, "Phone,Note\n123,calls often\n", "mapping_needed"},
		{imports.Stock, "Name,Lot\nMug,A\n", "mapping_needed"}, // no figure
		{imports.Stock, "Quantity,Lot\n3,A\n", "mapping_needed"},
	} {
		m, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: c.kind, FileName: "plain.csv", File: strings.NewReader(c.file)})
		if c.want == "mapping_needed" {
			refused(t, err, c.want, "mapping")
		} else if err != nil {
			t.Errorf("%q: %v", c.file, err)
		} else {
			sums(t, m, c.want)
		}
	}
}

func TestNamesOfColumnsAreRememberedByTheirHeader(t *testing.T) {
	t.Parallel()
	s := open(t)
	const header = "Was,Wieviel,Wieviel,\n"
	mapping := map[string]string{"Was": "name", "#3": "price", "#4": "sku", "Wieviel": ""}
	upload := func(rows string, mapping map[string]string) (*imports.Import, error) {
		return imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "a.csv", File: strings.NewReader(header + rows), Mapping: mapping})
	}
	_, err := upload("Mug,9,1,A\n", nil)
	refused(t, err, "mapping_needed", "mapping")
	m, err := upload("Mug,9,1,A\n", mapping)
	if err != nil {
		t.Fatal(err)
	}
	_, err = upload("Cup,9,2,B\n", nil)
	refused(t, err, "mapping_needed", "mapping") // what was not committed is not remembered
	s.commit(t, m)
	second, err := upload("Cup,9,2,B\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.commit(t, second)
	if v := s.product(t, "Cup").Variants[0]; v.SKU != "B" || v.Price != 200 {
		t.Errorf("imported %+v", v)
	}
	r, err := s.read(imports.Upload{}, "was,  WIEVIEL,wieviel,\nTea,9,3,C\n")
	if err != nil || !r.Remembered {
		t.Fatalf("%+v, %v", r, err)
	}
	var got []string
	for _, c := range r.Columns {
		got = append(got, c.Name+"="+c.Field)
	}
	if want := "was=name #2= #3=price #4=sku"; strings.Join(got, " ") != want {
		t.Errorf("the columns are %v, want %s", got, want)
	}
	if r, err := s.read(imports.Upload{}, "Wieviel,Was,Wieviel,\n9,Tea,3,C\n"); err != nil || r.Remembered {
		t.Errorf("another order is remembered: %v %v", r, err)
	}
}
