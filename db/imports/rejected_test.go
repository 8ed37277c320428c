package imports_test

import (
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
)

func (s shop) rejected(t *testing.T, m *imports.Import) string {
	t.Helper()
	_, data, err := imports.Rejected(s.ctx, s.DB, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRejectedRowsComeAsTheyWereWithTheReason(t *testing.T) {
	t.Parallel()
	s := withTaken(t)
	m := s.preview(t, testFile(t, "rules.csv"))
	before := s.state(t)
	golden(t, "rules.rejected.csv", s.rejected(t, m))
	s.unchanged(t, before)

	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "rules.rejected.csv", s.rejected(t, m)) // also afterwards
	again, err := s.upload(s.rejected(t, m))
	if err != nil {
		t.Fatal(err)
	}
	// A stray quotation mark is written properly now, and 1,250 is clear in the company it is left in.
	sums(t, again, "create 2, update 0, skip 3 of which unchanged 2, errors 24")
	for _, name := range again.IgnoredColumns {
		if name == "Reason" {
			t.Error("it wonders about the reasons")
		}
	}
	if _, err := imports.Commit(s.ctx, s.DB, again.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Fatal(err)
	}
	if twice := s.rejected(t, again); strings.Count(twice, "Reason") != 1 || strings.Count(twice, "Give it a SKU.") != 1 {
		t.Errorf("rejected again they are\n%s", twice)
	}
}

func TestMendedRejectedRowsAreImported(t *testing.T) {
	t.Parallel()
	s := open(t)
	file := "\ufeffType;SKU;Name;Regular price;Stock;Parent;Attribute 1 name;Attribute 1 value(s)\n" +
		"simple;GOOD;Good;1,50;2;;;\nsimple;=BAD;-Bad;wrong;3;;;\n" +
		"variable;TEE;Tee;;;;Size;S, M\nvariation;T-S;;10,00;1;TEE;Size;S\nvariation;T-M;;?;1;TEE;Size;M\n"
	m := s.preview(t, file)
	done, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true})
	if err != nil {
		t.Fatal(err)
	}
	sums(t, done, "create 3, update 0, skip 0 of which unchanged 0, errors 2")
	rejected := s.rejected(t, m)
	if !strings.HasPrefix(rejected, "\ufeffType;SKU;Name;Regular price;Stock;Parent;Attribute 1 name;Attribute 1 value(s);Reason\nsimple;'=BAD;'-Bad;wrong;3;;;;\"Regular price: ") {
		t.Errorf("rejected are\n%s", rejected)
	}
	mended := strings.Replace(strings.Replace(rejected, "wrong", "2,50", 1), ";?;", ";11,00;", 1)
	again := s.brought(t, mended)
	sums(t, again, "create 2, update 0, skip 2 of which unchanged 2, errors 0")
	if s.onHand(t, "=BAD") != 3 || s.product(t, "-Bad").Variants[0].Price != 250 || len(s.product(t, "Tee").Variants) != 2 {
		t.Error("what was mended is not there")
	}
	if none := s.rejected(t, again); strings.Count(none, "\n") != 1 {
		t.Errorf("rejected of none are\n%s", none)
	}
}

func TestRejectedRowsAreThoseOfTheLastLook(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("HERE,New,1,"))
	if rows := strings.Count(s.rejected(t, m), "\n"); rows != 1 {
		t.Errorf("%d rows", rows)
	}
	taken := withTaken(t)
	m = taken.preview(t, simple("OTHER,New,1,"))
	taken.write(t, taken.rename("HERE", "OTHER"))
	_, err := imports.Commit(taken.ctx, taken.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "has_errors", "")
	if rejected := taken.rejected(t, m); !strings.Contains(rejected, "OTHER,New,1,,simple,SKU: ") {
		t.Errorf("rejected are\n%s", rejected)
	}
}

func TestRejectedRowsGoWithTheFile(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.brought(t, simple("A,First,1,"))
	_, _, err := imports.Rejected(as([]int64{s.main + 1}), s.DB, m.ID)
	refused(t, err, "not_found", "")
	*s.clock = s.clock.Add(8 * 24 * time.Hour)
	if _, err := imports.Cleanup(s.ctx, s.DB); err != nil {
		t.Fatal(err)
	}
	_, _, err = imports.Rejected(s.ctx, s.DB, m.ID)
	refused(t, err, "expired", "")
}

// rename gives a variant another SKU.
func (s shop) rename(from, to string) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		v, _, err := catalog.BySKU(tx, from)
		if err != nil {
			return err
		}
		back, err := catalog.BackIn(tx, v.ProductID)
		if err != nil {
			return err
		}
		for i, one := range back.Variants {
			if one.ID == v.VariantID {
				back.Variants[i].SKU = &to
			}
		}
		_, err = catalog.UpdateIn(tx, v.ProductID, back)
		return err
	}
}
