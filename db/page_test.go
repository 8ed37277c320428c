package db_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"testing"

	"onhand/db"
)

func TestACursorComesBackAsItWent(t *testing.T) {
	t.Parallel()
	at := db.TimeOf(newClock().Now())
	name := `Größe "XL", <b>`
	var gotAt db.Time
	var gotName string
	var gotID int64
	const id = int64(1)<<62 + 1 // more than a float holds
	ok, err := db.ReadCursor(db.Cursor(at, name, id), &gotAt, &gotName, &gotID)
	if err != nil || !ok || gotAt != at || gotName != name || gotID != id {
		t.Errorf("%v %q %d %v (%v)", gotAt, gotName, gotID, ok, err)
	}
	if ok, err := db.ReadCursor("", &gotID); ok || err != nil {
		t.Errorf("an empty cursor: %v, %v", ok, err)
	}
}

func TestABadCursorIsRefused(t *testing.T) {
	t.Parallel()
	raw := base64.RawURLEncoding.EncodeToString
	for _, s := range []string{
		"%%%", "a", "=", raw([]byte("nonsense")), raw([]byte("{}")), raw([]byte(`"x"`)), raw([]byte("null")), raw([]byte("[]")),
		raw([]byte("[1]")), raw([]byte(`[1,"a",2]`)), raw([]byte(`["a",1]`)), raw([]byte(`[1.5,"a"]`)), raw([]byte(`[1e3,"a"]`)),
		raw([]byte(`[null,"a"]`)), raw([]byte(`[9223372036854775808,"a"]`)), raw([]byte(`[1,"a"]x`)), db.Cursor("a", int64(1)),
	} {
		var id int64
		var name string
		_, err := db.ReadCursor(s, &id, &name)
		wantCode(t, err, db.Invalid, "bad_cursor")
		wantField(t, err, "query.after")
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "a", "WzFd", db.Cursor(int64(7), "mug"), db.Cursor(int64(-1), ""), "WzEsImEiXQ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var id int64
		var name string
		ok, err := db.ReadCursor(s, &id, &name)
		if err != nil {
			if ok || db.CodeOf(err) != "bad_cursor" {
				t.Fatalf("%v, %v", ok, err)
			}
			return
		}
		if !ok {
			return
		}
		var id2 int64
		var name2 string
		if _, err := db.ReadCursor(db.Cursor(id, name), &id2, &name2); err != nil || id2 != id || name2 != name {
			t.Fatalf("%d %q came back as %d %q (%v)", id, name, id2, name2, err)
		}
	})
}

func TestAListIsFiftyUnlessAskedAndNeverOverTwoHundred(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{0: 50, -5: 50, 1: 1, 50: 50, 200: 200, 201: 200, 1 << 40: 200} {
		if got := (db.List{Limit: limit}).Size(); got != want {
			t.Errorf("a limit of %d gives %d, want %d", limit, got, want)
		}
	}
}

func TestAPageHasANextOneOnlyWhenThereIsARowMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rows, size int
		want       []int
		next       string
	}{
		{0, 3, []int{}, ""}, {2, 3, []int{0, 1}, ""}, {3, 3, []int{0, 1, 2}, ""}, {4, 3, []int{0, 1, 2}, "2"},
	} {
		var rows []int
		for i := range c.rows {
			rows = append(rows, i)
		}
		p := db.PageOf(rows, c.size, strconv.Itoa)
		if p.Items == nil || !slices.Equal(p.Items, c.want) || p.Next != c.next {
			t.Errorf("%d rows by %d: %+v", c.rows, c.size, p)
		}
	}
}

func wantField(t testing.TB, err error, field string) {
	t.Helper()
	var e *db.Error
	if !errors.As(err, &e) || e.Field != field {
		t.Errorf("%v is not at %s", err, field)
	}
}
