package staff_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/staff"
)

func views(t *testing.T, ctx context.Context, d *db.DB) string {
	t.Helper()
	page, err := staff.Views(ctx, d, "orders")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, v := range page.Items {
		if v.Position != i {
			t.Errorf("%s is at %d and says %d", v.Name, i, v.Position)
		}
		names = append(names, v.Name)
	}
	return strings.Join(names, " ")
}

func TestSomebodysViewsAreTheirsAndKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	ada := s.Ctx
	var bo context.Context
	err := db.Write(ada, s.DB, func(tx *db.Tx) error {
		u, err := staff.Hire(tx, staff.NewMember{Name: "Bo", Email: "bo@example.com", Role: staff.Employee}, "")
		if err == nil {
			bo = db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: u.ID, Name: "Bo"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	save := func(ctx context.Context, name string) (*staff.View, error) {
		return staff.SaveView(ctx, s.DB, staff.NewView{Kind: "orders", Name: name, Search: "tag=" + name})
	}
	for _, name := range []string{"Urgent", "Gifts", "Late"} {
		if _, err := save(ada, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := save(bo, "Urgent"); err != nil {
		t.Fatal(err)
	}
	if _, err := save(ada, "URGENT"); db.CodeOf(err) != "view_taken" {
		t.Errorf("the same name twice: %v", err)
	}
	change := func(ctx context.Context, id int64, in staff.ViewChange) (*staff.View, error) {
		return staff.ChangeView(ctx, s.DB, id, in)
	}
	at := func(n int) *int { return &n }
	v, err := change(ada, 3, staff.ViewChange{Position: at(0)})
	if err != nil || v.Position != 0 || v.Version != 2 || views(t, ada, s.DB) != "Late Urgent Gifts" {
		t.Errorf("moved: %+v, %v: %s", v, err, views(t, ada, s.DB))
	}
	name, old := "Very late", int64(1)
	if v, err = change(ada, 3, staff.ViewChange{Name: &name, Position: at(49)}); err != nil || v.Position != 2 || v.Search != "tag=Late" {
		t.Errorf("renamed: %+v, %v", v, err)
	}
	if v, err = change(ada, 3, staff.ViewChange{Name: &name}); err != nil || v.Version != 3 {
		t.Errorf("the same again: %+v, %v", v, err)
	}
	if _, err := change(ada, 3, staff.ViewChange{Version: &old, Name: &name}); db.CodeOf(err) != "stale" {
		t.Errorf("stale: %v", err)
	}
	for _, theirs := range []error{
		func() error { _, err := change(bo, 1, staff.ViewChange{Name: &name}); return err }(),
		staff.RemoveView(bo, s.DB, 1), staff.RemoveView(ada, s.DB, 404),
	} {
		if db.CodeOf(theirs) != "not_found" {
			t.Errorf("somebody else's: %v", theirs)
		}
	}
	if err := staff.RemoveView(ada, s.DB, 1); err != nil {
		t.Error(err)
	}
	if got := views(t, ada, s.DB) + " / " + views(t, bo, s.DB); got != "Gifts Very late / Urgent" {
		t.Errorf("left are %s", got)
	}
	program := db.WithActor(context.Background(), db.Actor{Kind: db.TokenActor, ID: 1, Name: "till"})
	if _, err := save(program, "Mine"); db.CodeOf(err) != "person_needed" {
		t.Errorf("a program: %v", err)
	}
	s.Doctor(t)
}

func TestSomebodyHasSoManyViewsAndNoMore(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	for i := range 50 {
		if _, err := staff.SaveView(s.Ctx, s.DB, staff.NewView{Kind: "orders", Name: fmt.Sprint("View ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := staff.SaveView(s.Ctx, s.DB, staff.NewView{Kind: "orders", Name: "One more"}); db.CodeOf(err) != "too_many_views" {
		t.Errorf("one more: %v", err)
	}
	if err := staff.RemoveView(s.Ctx, s.DB, 1); err != nil {
		t.Fatal(err)
	}
	for _, in := range []staff.NewView{{Kind: "orders", Name: " "}, {Kind: "orders", Name: strings.Repeat("x", 61)}, {Kind: "orders", Name: "x", Search: strings.Repeat("x", 2001)}} {
		if _, err := staff.SaveView(s.Ctx, s.DB, in); db.CodeOf(err) != "required" && db.CodeOf(err) != "too_long" {
			t.Errorf("%.20s: %v", in.Name, err)
		}
	}
}
