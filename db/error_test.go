package db_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"onhand/db"
)

func TestBlameSaysWhereInTheInputItWas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ field, want string }{
		{"quantity", "lines[2].quantity"}, {"", "lines[2]"}, {"[0].name", "lines[2][0].name"},
	} {
		inner := db.Refuse("bad", c.field, "No.").With("left", 1)
		inner.Also = []*db.Error{db.Refuse("worse", c.field, "No.")}
		blamed := db.Blame(fmt.Errorf("reserve: %w", inner), "lines[%d]", 2)
		wantField(t, blamed, c.want)
		var e *db.Error
		if !errors.As(blamed, &e) || e.Code != "bad" || e.Params["left"] != 1 || len(e.Also) != 1 || e.Also[0].Field != c.want {
			t.Errorf("%+v", e)
		}
		if inner.Field != c.field || inner.Also[0].Field != c.field {
			t.Error("the error that was blamed has changed")
		}
	}
	if err := db.Blame(errRefused, "lines[%d]", 2); !errors.Is(err, errRefused) || db.CodeOf(err) != "" {
		t.Errorf("another error became %v", err)
	}
	if db.Blame(nil, "lines") != nil || db.CodeOf(nil) != "" {
		t.Error("nothing became an error")
	}
}

func TestTogetherCarriesAllRefusals(t *testing.T) {
	t.Parallel()
	if db.Together(nil) != nil {
		t.Error("no refusals became an error")
	}
	a, b := db.Refuse("a", "x", "No."), db.Refuse("b", "y", "No.")
	err := db.Together([]*db.Error{a, b})
	var e *db.Error
	if !errors.As(err, &e) || e.Code != "a" || len(e.Also) != 1 || e.Also[0] != b || a.Also != nil {
		t.Errorf("%+v", e)
	}
}

func TestAnActorSeesItsStoresOnly(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, c := range []struct {
		stores []int64
		want   []int64
	}{{nil, []int64{1, 2, 3}}, {[]int64{}, nil}, {[]int64{2}, []int64{2}}, {[]int64{3, 1}, []int64{1, 3}}} {
		a := db.Actor{Kind: db.UserActor, ID: 7, Locations: c.stores}
		if a.Scope().All() != (c.stores == nil) || a.Key() != "user:7" {
			t.Errorf("%+v", a)
		}
		var got []int64
		read(t, d, func(tx *db.Tx) error {
			return tx.Select(&got, `SELECT location_id FROM (SELECT 1 AS location_id UNION ALL SELECT 2 UNION ALL SELECT 3)
				AS o WHERE `+a.Scope().Where("o.location_id")+" ORDER BY 1")
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("limited to %v: %v, want %v", c.stores, got, c.want)
		}
		for id := range int64(5) {
			if a.Scope().Has(id) != slices.Contains(c.want, id) && c.stores != nil {
				t.Errorf("limited to %v: Has(%d) is %v", c.stores, id, a.Scope().Has(id))
			}
		}
	}
}

func TestNobodyInParticularMayNothing(t *testing.T) {
	t.Parallel()
	a := db.ActorOf(t.Context())
	if a.Kind != db.GuestActor || a.Can("orders.read") || a.Scope().All() || a.Scope().Has(1) {
		t.Errorf("%+v", a)
	}
	b := db.Actor{Permissions: db.Allow("stock.read", "orders.read")}
	if !b.Can("orders.read") || b.Can("orders") || b.Can("") || !slices.Equal(b.Permissions.Names(), []string{"orders.read", "stock.read"}) {
		t.Errorf("%+v", b)
	}
	if got := db.ActorOf(db.WithActor(t.Context(), b)); !got.Can("stock.read") {
		t.Errorf("%+v", got)
	}
}
