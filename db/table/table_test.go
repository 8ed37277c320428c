package table_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"onhand/db/table"
)

func reference(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	return filepath.Join(append([]string{root, "data", "csv"}, parts...)...)
}

func referenceFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(reference(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// unknown recognises no header.
func unknown([]string) bool { return false }

// readRows is the header and the rows of a file, how many cells each has, and their separator.
func readRows(data []byte, in table.Dialect) (rows [][]string, widths []int, separator rune, err error) {
	f, err := table.Read(data, in, unknown)
	if err != nil {
		return nil, nil, 0, err
	}
	rows, widths = append(rows, f.Header), append(widths, len(f.Header))
	for _, l := range f.Lines {
		rows, widths = append(rows, l.Cells), append(widths, l.Width)
	}
	return rows, widths, map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t'}[f.Dialect.Separator], nil
}

func TestTheSpectrumOfFilesIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(reference(t, "spectrum", "csvs", "*.csv"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		text := string(referenceFile(t, "spectrum", "csvs", name+".csv"))
		if strings.HasSuffix(name, "_crlf") && !strings.Contains(text, "\r") { // the copy has lost what its name promises
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		rows, widths, _, err := readRows([]byte(text), table.Dialect{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want []map[string]string
		if err := json.Unmarshal(referenceFile(t, "spectrum", "json", name+".json"), &want); err != nil {
			t.Fatal(err)
		}
		var got []map[string]string
		for i, cells := range rows[1:] {
			if widths[i+1] != len(rows[0]) {
				t.Errorf("%s: row %d has %d cells", name, i+2, widths[i+1])
			}
			one := map[string]string{}
			for j, h := range rows[0] {
				one[h] = cells[j]
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
}

func TestAwkwardFilesAreReadOrAskedAbout(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"bad.csv":                         "[column_a column_b column_c] 4 cells, 2 cells, 3 cells",
		"bad_skip_lines.csv":              "[column_a column_b column_c] 4 cells, 2 cells, 3 cells",
		"blanks.csv":                      "[a b c d e f] [ NA N/A NONE NULL .]",
		"dummy_col_shuffled_ragged.csv":   "[b c a d] [2 3 1 4]",
		"mac_newlines.csv":                "[a b c] [1 2 3], [Once upon\ra time 5 6]",
		"optional_quote_characters.csv":   "[a b c] [1 2 3]",
		"test_header_newline.csv":         "[start  end b c] [d e f]",
		"test_latin1.csv windows-1252":    "[a b c] [1 2 3], [4 5 ©]",
		"test_latin1.csv macintosh":       "[a b c] [1 2 3], [4 5 ©]",
		"test_latin1.csv ibm850":          "[a b c] [1 2 3], [4 5 ®]",
		"test_utf16_big.csv":              "[a b c] [1 2 3], [4 5 ʤ]",
		"test_utf16_little.csv":           "[a b c] [1 2 3], [4 5 ʤ]",
		"test_utf8.csv":                   "[foo bar baz] [1 2 3], [4 5 ʤ]",
		"test_utf8_bom.csv":               "[foo bar baz] [1 2 3], [4 5 ʤ]",
		"test_utf16_big.csv windows-1252": table.ErrLetters.Error(),
	} {
		file, encoding, _ := strings.Cut(name, " ")
		rows, widths, _, err := readRows(referenceFile(t, "csvkit", file), table.Dialect{Encoding: encoding})
		got := fmt.Sprint(err)
		if err == nil {
			var parts []string
			for i, r := range rows[1:] {
				if widths[i+1] != len(rows[0]) {
					parts = append(parts, fmt.Sprint(widths[i+1], " cells"))
				} else if wide := slices.ContainsFunc(widths, func(w int) bool { return w != len(rows[0]) }); wide {
					parts = append(parts, fmt.Sprint(len(r), " cells"))
				} else {
					parts = append(parts, fmt.Sprint(r))
				}
			}
			for i := range rows[0] {
				rows[0][i] = strings.Join(strings.Fields(rows[0][i]), "  ")
			}
			got = fmt.Sprint(rows[0], " ", strings.Join(parts, ", "))
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// The first line may say the separator, as spreadsheets do. It is no row, whoever knows the separator too.
func TestALineThatSaysTheSeparatorIsNoRow(t *testing.T) {
	t.Parallel()
	for _, separator := range []string{"", table.SeparatorSemicolon} {
		f, err := table.Read([]byte("sep=;\r\na,b;c\r\n1;2\r\n"), table.Dialect{Separator: separator}, unknown)
		if err != nil || f.Dialect.Separator != table.SeparatorSemicolon || !slices.Equal(f.Header, []string{"a,b", "c"}) || len(f.Lines) != 1 || f.Lines[0].Number != 3 {
			t.Errorf("with the separator %q: %+v, %v", separator, f, err)
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

func seeds(f *testing.F) {
	const mugs = "Type,SKU,Name,Regular price\nsimple,A,\"Mug, \"\"blue\"\"\",1.50\nsimple,B,Größe 茶,2\n"
	for _, seed := range []string{mugs, "", "\ufeff", "a\"b,\"c\"d\r\"", "a,b\n\"x\ny\",\"\"\"\"\n\n,\n", "PK\x03\x04", "\x89PNG\r\n\x1a\n\x00", utf16Of(mugs, binary.LittleEndian), utf16Of(mugs, binary.BigEndian),
		"Type;SKU;Name;Regular price\r\"simple\";;\"", "sep=;\nname;price\nGr\xf6\xdfe;1.250\n", "name,a;price\nx,1;2\n",
		"name;price\nMug;1.250\nCup;1,25\n", "name;price\nMug;1,250\n", "a\tb\n-1'234.50\t19 %\n"} {
		f.Add([]byte(seed))
	}
}

var wrong = []error{table.ErrWorkbook, table.ErrBinary, table.ErrLetters, table.ErrNoHeader, table.ErrEmpty, table.ErrTooManyRows}

// Whatever comes is read, or asked about with answers that settle the question, or refused as one of what may be wrong.
func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := table.Read(data, table.Dialect{}, unknown)
		if err != nil {
			if !slices.ContainsFunc(wrong, func(w error) bool { return errors.Is(err, w) }) {
				t.Fatalf("a bug instead of a refusal: %v", err)
			}
			return
		}
		var figures table.Evidence
		number := 0
		for _, l := range file.Lines {
			if l.Number <= number || len(l.Cells) > len(file.Header) || len(l.Cells) != min(l.Width, len(file.Header)) {
				t.Fatalf("row %d after %d has %d cells of %d under %d", l.Number, number, len(l.Cells), l.Width, len(file.Header))
			}
			number = l.Number
			for _, c := range l.Cells {
				figures.Hear(c, table.Money, 2)
			}
		}
		_, ask := figures.Decimal()
		file.Ask(ask)
		for _, q := range file.Asks {
			if len(q.Choices) < 2 {
				t.Errorf("%s is asked with %d answers", q.About, len(q.Choices))
			}
			for _, c := range q.Choices {
				settles(t, data, q.About, c.Value)
			}
		}
		for _, l := range file.Lines {
			for _, c := range l.Cells {
				for _, decimal := range []string{table.DecimalPoint, table.DecimalComma} {
					if _, ok := table.Point(c, table.Money, 2, decimal); !ok {
						t.Errorf("%q is open where decimals follow a %s", c, decimal)
					}
				}
			}
		}
	})
}

// settles checks that an answer leaves its question open no more.
func settles(t *testing.T, data []byte, about, answer string) {
	in := table.Dialect{}
	switch about {
	case "encoding":
		in.Encoding = answer
	case "separator":
		in.Separator = answer
	default:
		return
	}
	again, err := table.Read(data, in, unknown)
	if err == nil && slices.ContainsFunc(again.Asks, func(q table.FileQuestion) bool { return q.About == about }) {
		t.Errorf("%s is asked again after the answer %s", about, answer)
	}
}

func FuzzRowsAreThoseOfTheStandardReader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, widths, separator, err := readRows(data, table.Dialect{})
		if err != nil || bytes.ContainsAny(data, "\r\x00") || !utf8.Valid(data) || strings.HasPrefix(strings.ToLower(string(bytes.TrimPrefix(data, []byte("\ufeff")))), "sep=") {
			return
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		r.Comma, r.FieldsPerRecord = separator, -1
		all, err := r.ReadAll()
		if err != nil {
			return // it refuses quotation marks that we blame on their row
		}
		all = slices.DeleteFunc(all, func(cells []string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" })
		n := len(got[0])
		got, all = slices.Clone(got), slices.Clone(all)
		for i, cells := range all {
			if i < len(widths) && len(cells) != widths[i] {
				t.Errorf("row %d has %d cells, not %d", i, len(cells), widths[i])
			}
			all[i] = cells[:min(n, len(cells))]
		}
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("(-standard +ours) %s", diff)
		}
	})
}
