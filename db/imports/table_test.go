package imports_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"onhand/db"
	"onhand/db/imports"
)

// The same two products, as other programs write them.
const twoMugs = "Type,SKU,Name,Regular price\nsimple,A,\"Mug, \"\"blue\"\"\",1.50\nsimple,B,Größe 茶,2\n"

func TestAFileIsReadInEveryFormThatLeavesNoDoubt(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, file := range map[string]string{
		"plain":           twoMugs,
		"without its end": strings.TrimSuffix(twoMugs, "\n"),
		"BOM":             "\ufeff" + twoMugs,
		"CRLF":            strings.ReplaceAll(twoMugs, "\n", "\r\n"),
		"CR":              strings.ReplaceAll(twoMugs, "\n", "\r"),
		"UTF-16LE":        utf16Of(twoMugs, binary.LittleEndian),
		"UTF-16BE":        utf16Of(twoMugs, binary.BigEndian),
		"tabs":            "Type\tSKU\tName\tRegular price\nsimple\tA\t\"Mug, \"\"blue\"\"\"\t1.50\nsimple\tB\tGröße 茶\t2\n",
		"semicolons":      "Type;SKU;Name;Regular price\nsimple;A;Mug, \"blue\";1,50\nsimple;B;Größe 茶;2\n",
		"all quoted":      "\"Type\",\"SKU\",\"Name\",\"Regular price\"\n\"simple\",\"A\",\"Mug, \"\"blue\"\"\",\"1.50\"\n\"simple\",\"B\",\"Größe 茶\",\"2\"\n",
		"another order":   "name , regular  PRICE,type,Extra,sku\n\"Mug, \"\"blue\"\"\",1.50,simple,x,A\nGröße 茶,2,simple,,B\n",
	} {
		m, err := s.upload(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, r := range m.Sample {
			got = append(got, fmt.Sprint(r.Row, r.SKU, r.Name, *r.Price, r.Will))
		}
		if want := `2AMug, "blue"150create|3BGröße 茶200create`; strings.Join(got, "|") != want {
			t.Errorf("%s: read as %s", name, strings.Join(got, "|"))
		}
	}
}

func utf16Of(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestWhatIsNotUnderstoodIsRefusedInASentence(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, c := range map[string]struct{ file, code string }{
		"empty":             {"", "unknown_file"},
		"only blank rows":   {"\n\n,,,\n", "unknown_file"},
		"a workbook":        {"PK\x03\x04rest", "unknown_file"},
		"a picture":         {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "unknown_file"},
		"prose":             {"Dear Onhand\nplease import my products.\n", "unknown_file"},
		"another system":    {"Sku,Colour,Weight\nA,red,1\n", "mapping_needed"},
		"an open header":    {"Type,\"SKU,Name\n", "unknown_file"},
		"too many columns":  {strings.Repeat("x,", 1001) + "\n", "unknown_file"},
		"Windows-1252":      {"Type,SKU,Name,Regular price\nsimple,A,Gr\xf6\xdfe,1\n", "ask_encoding"},
		"half a UTF-16":     {"\xff\xfea\x00b", "unknown_encoding"},
		"lone surrogate":    {"\xff\xfe\x00\xd8a\x00", "unknown_encoding"},
		"NUL":               {"Type,SKU,Name,Regular price\nsimple,A,a\x00b,1\n", "unknown_encoding"},
		"two of one column": {"Type,SKU,Name,Regular price,sku\nsimple,A,Mug,1,B\n", "duplicate_column"},
		"too many rows":     {"Type,SKU,Name,Regular price\n" + strings.Repeat("simple,A,Mug,1\n", 50_001), "too_many_rows"},
		"too large":         {strings.Repeat("x", 32<<20+1), "file_too_large"},
	} {
		_, err := s.upload(c.file)
		refused(t, err, c.code, map[string]string{"mapping_needed": "mapping", "ask_encoding": "encoding"}[c.code]+map[bool]string{true: "file"}[c.code != "mapping_needed" && c.code != "ask_encoding"])
		if t.Failed() {
			t.Fatal(name)
		}
	}
	if n := s.count(t, "SELECT count(*) FROM imports"); n != 0 {
		t.Errorf("%d imports of files that were refused", n)
	}
	if _, err := s.upload("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00"); err == nil || !strings.Contains(err.Error(), "It is no CSV file.") {
		t.Errorf("a PDF is refused with %v", err)
	}
	_, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: "orders", File: strings.NewReader(twoMugs)})
	refused(t, err, "unknown_kind", "kind")
}

func TestColumnsAreNamedByHandWhereTheFileNamesThemOtherwise(t *testing.T) {
	t.Parallel()
	s := open(t)
	upload := func(mapping map[string]string) (*imports.Import, error) {
		return imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Products, FileName: "de.csv", Mapping: mapping,
			File: strings.NewReader("Typ,Artikelnummer,Name,Preis,SKU\nsimple,A,Mug,1,ignored\n")})
	}
	m, err := upload(map[string]string{"Typ": "Type", "Artikelnummer": "sku", "preis": "Regular price", "SKU": ""})
	if err != nil {
		t.Fatal(err)
	}
	s.commit(t, m)
	if v := s.product(t, "Mug").Variants[0]; v.SKU != "A" || v.Price != 100 {
		t.Errorf("imported %+v", v)
	}
	_, err = upload(map[string]string{"Typ": "Type", "Gewicht": "Weight"})
	refused(t, err, "bad_mapping", "mapping")
	_, err = upload(map[string]string{"Typ": "Kind"})
	refused(t, err, "bad_mapping", "mapping")
	_, err = upload(map[string]string{"Artikelnummer": "sku", "SKU": "sku", "Preis": "price"}) // not duplicate_column: a person said so
	refused(t, err, "bad_mapping", "mapping")
}

func TestRowsAreNumberedAsASpreadsheetShowsThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, "\nType,SKU,Name,Regular price\n\nsimple,A,\"over\n\ntwo\",1\n,,,\nsimple,B,Mug,x\nsimple,C,\"Cup,1\nsimple,D,never read,1\n")
	var got []string
	for _, e := range m.Errors {
		got = append(got, fmt.Sprint(e.Row, " ", e.Column, " ", e.Code))
	}
	if want := "6 Regular price bad_amount, 7  open_quote, 7  ragged"; strings.Join(got, ", ") != strings.TrimSuffix(want, ", 7  ragged") {
		t.Errorf("%s", strings.Join(got, ", "))
	}
	if m.Rows != 3 {
		t.Errorf("%d rows, want 3", m.Rows)
	}
}

func TestALongListOfErrorsIsCutAndCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, "Type,SKU,Name,Regular price\n"+strings.Repeat("simple,,Mug,x\n", 1500))
	if len(m.Errors) != 1000 || m.ErrorCount != 3000 || m.ErrorRows != 1500 || len(m.Sample) != 50 {
		t.Errorf("%d of %d errors in %d rows, %d in the sample", len(m.Errors), m.ErrorCount, m.ErrorRows, len(m.Sample))
	}
}

func TestDescriptionsBecomePlainText(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, c := range []struct{ cell, want string }{
		{`<p>One</p><p>Two <em>three</em></p>`, "One\n\nTwo three"},
		{`Tom &amp; Jerry&#8217;s`, "Tom & Jerry’s"},
		{`a < b and <b>c</b> > d`, "a < b and c > d"},
		{`<script>alert("x")</script>Safe<style>p{}</style>`, "Safe"},
		{`first\nsecond\\nstays`, "first\nsecond\\nstays"},
		{`<!-- hidden <b> -->shown<br/>below`, "shown\nbelow"},
		{`<ul><li>one</li><li>two</li></ul>`, "- one\n- two"},
		{`&lt;b&gt;`, "<b>"},
		{`<b`, "<b"},
	} {
		name := fmt.Sprint("Mug ", i)
		s.brought(t, fmt.Sprintf("Type,SKU,Name,Regular price,Description\nsimple,M%d,%s,1,\"%s\"\n", i, name, strings.ReplaceAll(c.cell, `"`, `""`)))
		if got := s.product(t, name).Description; got != c.want {
			t.Errorf("%s became %q, want %q", c.cell, got, c.want)
		}
	}
}

func seeds(f *testing.F) {
	for _, seed := range []string{twoMugs, "", "\ufeff", "a\"b,\"c\"d\r\"", "a,b\n\"x\ny\",\"\"\"\"\n\n,\n", "PK\x03\x04", utf16Of(twoMugs, binary.LittleEndian), utf16Of(twoMugs, binary.BigEndian),
		"Type;SKU;Name;Regular price\r\"simple\";;\"", testFile(f, "rules.csv"),
		ownHeader + "mug,Mug,,,,,,yes,19,Size,L,,,,,M,4006381333931,T x6,1.50,,1,2026-11-20 10:00,,,,,,\n", "sep=;\nname;price\nGr\xf6\xdfe;1.250\n", "name,a;price\nx,1;2\n",
		shirts + "shirt,Shirt,Acme,Size,S,,shopify,4,deny,10.00,FALSE,https://example.com/a.jpg,FALSE,active\nshirt,,,,,,,,,,,https://example.com/b.jpg,,\n",
		"Item Name,Variation Name,Price,Current Quantity A,Tax - X (5%)\nTea,Regular,2.00,5,Y\n"} {
		f.Add([]byte(seed))
	}
}

func FuzzAnyFileIsUnderstoodOrRefused(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := imports.Understand(data); err != nil && db.CodeOf(err) == "" {
			t.Fatalf("a bug instead of a refusal: %v", err)
		}
	})
}
