package papers_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/papers"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// table has a column for each kind of cell.
func table(t testing.TB, currency string) papers.Table {
	columns := []papers.SheetColumn{{Title: "Text", Width: 30}, {Title: "Count"}, {Title: "Amount", Width: 12}, {Title: "Rate"}, {Title: "Flag"}, {Title: "Day", Width: 11}, {Title: "Moment", Width: 17}}
	return papers.Table{Name: "things", Columns: columns, Currency: currency, Zone: berlin(t)}
}

// at is 20 November 2026, 13:30 in Berlin.
const at = db.Time(1795177800000)

func row(text string) []any {
	amount := money.Amount(-1205)
	return []any{text, int64(-5), &amount, money.Rate(8_875), true, db.Date("2026-11-20"), at}
}

func writeCSV(t testing.TB, table papers.Table, rows ...[]any) string {
	t.Helper()
	var out bytes.Buffer
	w, err := table.CSV(&out)
	for _, r := range rows {
		if err == nil {
			err = w.Row(r)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// readBook writes a workbook and opens it again.
func readBook(t testing.TB, table papers.Table, rows ...[]any) *excelize.File {
	t.Helper()
	book, err := table.Workbook()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := book.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := book.WriteTo(&out); err != nil || n != int64(out.Len()) {
		t.Fatal(n, out.Len(), err)
	}
	if err := book.Discard(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestNumbersOfACSVFileAreNumbersAndTextIsNoFormula(t *testing.T) {
	t.Parallel()
	got := writeCSV(t, table(t, "EUR"), row("-5"), row("O'Neill"), make([]any, 7))
	want := "\ufeffText,Count,Amount,Rate,Flag,Day,Moment\n" +
		"'-5,-5,-12.05,8.875,true,2026-11-20,2026-11-20T13:30:00+01:00\n" +
		"O'Neill,-5,-12.05,8.875,true,2026-11-20,2026-11-20T13:30:00+01:00\n" +
		",,,,,,\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, c := range []struct{ currency, want string }{{"JPY", "-1205"}, {"KWD", "-1.205"}} {
		if got := writeCSV(t, table(t, c.currency), row("")); !strings.Contains(got, ",-5,"+c.want+",") {
			t.Errorf("%s: %s", c.currency, got)
		}
	}
}

func TestWhatASpreadsheetTakesForAFormulaGetsAnApostrophe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                  "",
		"=1+1":              "'=1+1",
		"+49 30 1234":       "'+49 30 1234",
		"-":                 "'-",
		"@SUM(A1)":          "'@SUM(A1)",
		"\tx":               "'\tx",
		"\rx":               "'\rx",
		"'=1":               "''=1",
		"''@":               "'''@",
		"'quoted'":          "'quoted'",
		"a=b":               "a=b",
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")",
	} {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(writeCSV(t, table(t, "EUR"), row(text)), "\ufeff")))
		lines, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines[1][0]; got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}

// Whoever takes one apostrophe off before such a sign gets back what was written.
func TestASafeTextCanBeReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`['=+@\t-]{0,4}[a-z',"=]{0,5}`).Draw(rt, "text")
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(writeCSV(t, table(t, "EUR"), row(text)), "\ufeff"))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		got := lines[1][0]
		if rest := strings.TrimLeft(got, "'"); rest != "" && strings.ContainsRune("=+-@\t", rune(rest[0])) {
			got = strings.TrimPrefix(got, "'")
		}
		if got != text {
			rt.Errorf("%q came back as %q", text, got)
		}
	})
}

func TestCellsOfAWorkbookHaveTypes(t *testing.T) {
	t.Parallel()
	f := readBook(t, table(t, "EUR"), row("00123"), row("=1+1"), row("_x0041_ <&> \"quoted\"\nnext"), make([]any, 7))
	for cell, want := range map[string]struct {
		kind       excelize.CellType
		raw, shown string
	}{
		"A2": {excelize.CellTypeInlineString, "00123", "00123"},
		"A3": {excelize.CellTypeInlineString, "=1+1", "=1+1"},
		"A4": {excelize.CellTypeInlineString, "_x0041_ <&> \"quoted\"\nnext", "_x0041_ <&> \"quoted\"\nnext"},
		"B2": {excelize.CellTypeUnset, "-5", "-5"},
		"C2": {excelize.CellTypeUnset, "-12.05", "-12.05"},
		"D2": {excelize.CellTypeUnset, "8.875", "8.875"},
		"E2": {excelize.CellTypeBool, "1", "TRUE"},
		"F2": {excelize.CellTypeUnset, "46346", "2026-11-20"},
		"G2": {excelize.CellTypeUnset, "46346.5625", "2026-11-20 13:30"},
		"A5": {excelize.CellTypeUnset, "", ""},
		"C5": {excelize.CellTypeUnset, "", ""},
	} {
		kind, err := f.GetCellType("things", cell)
		if err != nil || kind != want.kind {
			t.Errorf("%s is of type %v, want %v: %v", cell, kind, want.kind, err)
		}
		if got, err := f.GetCellValue("things", cell, excelize.Options{RawCellValue: true}); err != nil || got != want.raw {
			t.Errorf("%s holds %q, want %q: %v", cell, got, want.raw, err)
		}
		if got, err := f.GetCellValue("things", cell); err != nil || got != want.shown {
			t.Errorf("%s shows %q, want %q: %v", cell, got, want.shown, err)
		}
		if formula, err := f.GetCellFormula("things", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q: %v", cell, formula, err)
		}
	}
	panes, err := f.GetPanes("things")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v, %v", panes, err)
	}
	if width, err := f.GetColWidth("things", "A"); err != nil || width != 30 {
		t.Errorf("column A is %v wide: %v", width, err)
	}
}

func TestAmountsOfAWorkbookHaveTheDecimalsOfTheirCurrency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency, shown string
		amount          money.Amount
	}{{"EUR", "1,250.00", 125000}, {"JPY", "125,000", 125000}, {"KWD", "125.000", 125000}, {"EUR", "0.07", 7}} {
		f := readBook(t, table(t, c.currency), []any{"", int64(0), c.amount, nil, nil, nil, nil})
		if got, err := f.GetCellValue("things", "C2"); err != nil || got != c.shown {
			t.Errorf("%d %s shows %q, want %q: %v", c.amount, c.currency, got, c.shown, err)
		}
	}
}

func TestATextThatACellCannotHoldIsCutWithASign(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want string
	}{
		{strings.Repeat("a", 32767), strings.Repeat("a", 32767)},
		{strings.Repeat("a", 32768), strings.Repeat("a", 32766) + "…"},
		{strings.Repeat("ß", 32767), strings.Repeat("ß", 32767)},
		{strings.Repeat("🦆", 20000), strings.Repeat("🦆", 16383) + "…"},
	} {
		f := readBook(t, table(t, "EUR"), row(c.text))
		if got, err := f.GetCellValue("things", "A2"); err != nil || got != c.want {
			t.Errorf("%.10s of %d bytes came back with %d, want %d: %v", c.text, len(c.text), len(got), len(c.want), err)
		}
	}
}

func TestMoreRowsThanASheetHoldsAreRefused(t *testing.T) {
	defer papers.LimitSheets(2)()
	book, err := table(t, "EUR").Workbook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Discard()
	for range 2 {
		if err := book.Row(row("fits")); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Row(row("does not")); db.CodeOf(err) != "sheet_full" {
		t.Errorf("the third row of two: %v", err)
	}
}
