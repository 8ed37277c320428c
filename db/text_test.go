package db_test

import (
	"context"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"onhand/db"
)

func TestTextIsOneCleanLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, line, note, code string }{
		{in: "Blue mug", line: "Blue mug", note: "Blue mug"},
		{in: "  Blue mug\u00a0 ", line: "Blue mug", note: "Blue mug"},
		{in: "", line: "", note: ""},
		{in: " \t ", line: "bad_text", note: ""},
		{in: "Cafe\u0301", line: "Café", note: "Café"},
		{in: "two\nlines", line: "bad_text", note: "two\nlines"},
		{in: "two\r\nlines", line: "bad_text", note: "two\nlines"},
		{in: "a\tb", line: "bad_text", note: "a\tb"},
		{in: "a\rb", line: "bad_text", note: "bad_text"},
		{in: "a\x00b", line: "bad_text", note: "bad_text"},
		{in: "a\x1b[31mb", line: "bad_text", note: "bad_text"},
		{in: "a\u0085b", line: "bad_text", note: "bad_text"},
		{in: "a\u007fb", line: "bad_text", note: "bad_text"},
		{in: "a\xffb", line: "bad_text", note: "bad_text"},
		{in: "a\ufffeb", line: "bad_text", note: "bad_text"},
		{in: "a\u2028b", line: "bad_text", note: "a\u2028b"},
		{in: "a\u202egpj.exe", line: "bad_text", note: "bad_text"},
		{in: "a\u2066b\u2069", line: "bad_text", note: "bad_text"},
		{in: "שלום\u200f!", line: "שלום\u200f!", note: "שלום\u200f!"},          // a mark that Hebrew is typed with
		{in: "👩\u200d🍳 apron", line: "👩\u200d🍳 apron", note: "👩\u200d🍳 apron"}, // a joiner
		{in: strings.Repeat("ü", 20), line: strings.Repeat("ü", 20), note: strings.Repeat("ü", 20)},
		{in: strings.Repeat("u\u0308", 20), line: strings.Repeat("ü", 20), note: strings.Repeat("ü", 20)},
		{in: strings.Repeat("ü", 21), line: "too_long", note: "too_long"},
	} {
		for what, f := range map[string]struct {
			check func(string, string, int) (string, error)
			want  string
		}{"Text": {db.Text, c.line}, "Note": {db.Note, c.note}} {
			got, err := f.check("name", c.in, 20)
			if code := db.CodeOf(err); code != "" {
				got = code
				wantField(t, err, "name")
			}
			if got != f.want {
				t.Errorf("%s(%q) is %q, want %q", what, c.in, got, f.want)
			}
		}
	}
}

func TestRequiredTextMustNotBeEmpty(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "required", "  ": "required", "a": "", "a\x00": "bad_text"} {
		if _, err := db.Required("name", in, 5); db.CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"Blue mug", " a\u0301\x00", "\u202e", "two\r\nlines", "\xff", "\u1e9b\u0323", "ﷺ"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		for what, check := range map[string]func(string, string, int) (string, error){"Text": db.Text, "Note": db.Note} {
			got, err := check("f", s, limit)
			if err != nil {
				if db.CodeOf(err) == "" || got != "" {
					t.Fatalf("%s: %q, %v", what, got, err)
				}
				continue
			}
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || got != strings.TrimSpace(got) || utf8.RuneCountInString(got) > limit {
				t.Fatalf("%s let %q through", what, got)
			}
			for _, r := range got {
				if unicode.IsControl(r) && (what == "Text" || r != '\n' && r != '\t') {
					t.Fatalf("%s let %q through", what, got)
				}
			}
			if again, err := check("f", got, limit); err != nil || again != got {
				t.Fatalf("%s twice: %q then %q (%v)", what, got, again, err)
			}
		}
	})
}

// searchable opens a shop with a search table, for what people type into it.
func searchable(t testing.TB, texts ...string) *db.DB {
	d := open(t)
	write(t, d, func(tx *db.Tx) error {
		if _, err := tx.Exec("CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram remove_diacritics 1')"); err != nil {
			return err
		}
		for _, s := range texts {
			if _, err := tx.Exec("INSERT INTO search (text) VALUES (?1)", s); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

func found(d *db.DB, match string) (all []string, err error) {
	err = db.Read(context.Background(), d, func(tx *db.Tx) error {
		return tx.Select(&all, "SELECT text FROM search WHERE search MATCH ?1 ORDER BY rowid", match)
	})
	return all, err
}

func TestMatchFindsAllWordsAnywhereInAnyOrder(t *testing.T) {
	t.Parallel()
	d := searchable(t, "Blue mug, large", "Blue bowl", `The 12" plate`, "Café au lait")
	for q, want := range map[string]string{
		"mug":             "Blue mug, large",
		"LARGE blu":       "Blue mug, large",
		"blue":            "Blue mug, large|Blue bowl",
		"blue xyz":        "",
		"mug OR bowl":     "", // "bowl" and "mug" both, since OR is too short to count
		"mug NOT blue":    "",
		"mug*":            "",
		`12" plate`:       `The 12" plate`,
		`" OR "" OR "`:    "",
		"text:mug":        "",
		"cafe":            "Café au lait",
		"Cafe\u0301":      "Café au lait",
		"mug\x00 blue":    "Blue mug, large",
		"\x00\x00\x00mug": "Blue mug, large",
	} {
		match := db.Match(q)
		if match == "" {
			if want != "" {
				t.Errorf("%q is not searched at all", q)
			}
			continue
		}
		got, err := found(d, match)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%q as %s found %q (%v), want %q", q, match, got, err, want)
		}
	}
	for _, q := range []string{"", "  ", "ab", "a b c", "ü", "ab\x00cd"} {
		if got := db.Match(q); got != "" {
			t.Errorf("Match(%q) is %s, want nothing: it is too short", q, got)
		}
	}
}

func TestMatchOfAWholeBookIsStillAQuery(t *testing.T) {
	t.Parallel()
	d := searchable(t, "mug")
	if _, err := found(d, db.Match(strings.Repeat("mug ", 100_000))); err != nil {
		t.Error(err)
	}
	if _, err := found(d, db.Match(strings.Repeat("mug", 100_000))); err != nil {
		t.Error(err)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"blue mug", `"`, `""""`, "a\x00bcd", "NEAR(a b)", "-mug", "^mug", "{text}: mug", "\xff\xfe\xfd", "\u0301\u0301\u0301", "mug*"} {
		f.Add(s)
	}
	d := searchable(f, "Blue mug", "a\\b%c_d")
	f.Fuzz(func(t *testing.T, q string) {
		if match := db.Match(q); match != "" {
			if _, err := found(d, match); err != nil {
				t.Fatalf("%q as %s: %v", q, match, err)
			}
		}
		var hit bool
		err := db.Read(context.Background(), d, func(tx *db.Tx) error {
			return tx.Get(&hit, `SELECT ?1 || 'rest' LIKE ?2 ESCAPE '\'`, strings.TrimSpace(norm.NFC.String(q)), db.Prefix(q))
		})
		if err != nil || !hit && utf8.ValidString(q) && !strings.Contains(q, "\x00") {
			t.Fatalf("%q is no prefix of itself as %s (%v)", q, db.Prefix(q), err)
		}
	})
}

func TestPrefixTakesEveryCharacterForItself(t *testing.T) {
	t.Parallel()
	for q, want := range map[string]string{"mu": "mu%", " 50% ": `50\%%`, "a_b": `a\_b%`, `a\b`: `a\\b%`, "": "%"} {
		if got := db.Prefix(q); got != want {
			t.Errorf("Prefix(%q) is %s, want %s", q, got, want)
		}
	}
}
