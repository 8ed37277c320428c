package sales_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/sales"
	"onhand/db/staff"
)

// hire adds somebody who works in the named stores, or in all.
func (s *shop) hire(name string, stores ...int64) int64 {
	s.t.Helper()
	var u *staff.User
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) (err error) {
		u, err = staff.Hire(tx, staff.NewMember{Name: name, Email: strings.ToLower(name) + "@example.com", Role: staff.Employee, LocationIDs: stores}, "")
		return err
	})
	return must(s, u, err).ID
}

// stands sets where a user stands.
func (s *shop) stands(userID int64, status staff.UserStatus) {
	s.t.Helper()
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE users SET status = ?2 WHERE id = ?1", userID, string(status))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// changed is what the last entry of an order's timeline says was changed.
func (s *shop) changed(id int64) string {
	s.t.Helper()
	page, err := sales.Timeline(s.Ctx, s.DB, id, db.List{Limit: 1})
	b, _ := json.Marshal(must(s, page, err).Items[0].Params["changes"])
	return string(b)
}

func TestAnOrderIsTaggedWhateverBecameOfIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	draft := s.counter(line(mug, 1))
	draft.Draft = true
	cancelled := s.place(s.counter(line(mug, 2)))
	s.cancel(cancelled.ID)
	for name, id := range map[string]int64{
		"a draft": s.place(draft).ID, "a placed one": s.place(s.counter(line(mug, 1))).ID, "a completed one": s.handed(mug, 1).ID, "a cancelled one": cancelled.ID,
	} {
		was, books := s.order(id), s.books()
		o := s.edit(id, sales.OrderChange{Command: sales.Command{Version: &was.Version}, Tags: &[]string{" Urgent ", "urgent", "Gift", "Ärger"}})
		if want := []string{"Gift", "Urgent", "Ärger"}; !cmp.Equal(o.Tags, want) || o.Version != was.Version+1 {
			t.Errorf("%s has %q in version %d, want %q after %d", name, o.Tags, o.Version, want, was.Version)
		}
		if got, want := s.changed(id), `[{"from":"","to":"Gift, Urgent, Ärger","what":"tags"}]`; got != want {
			t.Errorf("the timeline of %s says %s, want %s", name, got, want)
		}
		books["order_timeline"]++
		books["events"]++
		if diff := cmp.Diff(books, s.books()); diff != "" {
			t.Errorf("tags moved the books of %s (-before +after):\n%s", name, diff)
		}
		if states(o) != states(was) || o.Due != was.Due {
			t.Errorf("%s was %s with %d due, is %s with %d", name, states(was), was.Due, states(o), o.Due)
		}
		_, err := sales.Edit(s.Ctx, s.DB, id, sales.OrderChange{Command: sales.Command{Version: &was.Version}, Tags: &[]string{}})
		refusal(t, err, "stale")
		s.leavesNothing(func() { s.edit(id, sales.OrderChange{Tags: &[]string{"Ärger", "Urgent", "Gift", "urgent"}}) })
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, cancelled.ID, sales.OrderChange{Tags: &[]string{"Late"}, Note: ptr("ring twice")})
		refusal(t, err, "not_editable")
	})
	if o := s.edit(cancelled.ID, sales.OrderChange{Tags: &[]string{}}); len(o.Tags) != 0 {
		t.Errorf("it still has %q", o.Tags)
	}
	s.Doctor(t)
}

func TestATagIsSpelledOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	for i, tags := range [][]string{{"Urgent", "gift"}, {"URGENT", "later"}, {"Gift"}} {
		s.edit(s.place(s.counter(line(mug, 1))).ID, sales.OrderChange{Tags: &tags})
		if o := s.order(int64(i + 1)); i == 1 && !cmp.Equal(o.Tags, []string{"later", "Urgent"}) {
			t.Errorf("it has %q", o.Tags)
		}
	}
	for q, want := range map[string]string{"": "gift later Urgent", "UR": "Urgent", "x": ""} {
		var names []string
		for l := (db.List{Q: q, Limit: 1}); ; {
			page, err := sales.OrderTags(s.Ctx, s.DB, l)
			for _, tag := range must(s, page, err).Items {
				names = append(names, tag.Name)
			}
			if l.After = page.Next; l.After == "" {
				break
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	for tag, want := range map[string]string{"urgent": "1002 1001", " GIFT": "1003 1001", "gif": ""} {
		if got := strings.Join(s.numbers(sales.OrderFilter{Tag: tag}), " "); got != want {
			t.Errorf("tagged %q are %q, want %q", tag, got, want)
		}
		if got := strings.Join(s.numbers(sales.OrderFilter{Tag: tag, List: db.List{Q: "MUG"}}), " "); got != want {
			t.Errorf("tagged %q with a mug are %q, want %q", tag, got, want)
		}
	}
}

func TestATagThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 9), 1)))
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprint("tag ", i)
	}
	s.leavesNothing(func() {
		for _, c := range []struct {
			tags        []string
			code, field string
		}{
			{many, "too_many", "tags"},
			{[]string{"fine", strings.Repeat("x", 41)}, "too_long", "tags[1]"},
			{[]string{" "}, "required", "tags[0]"},
			{[]string{"one, two"}, "bad_tag", "tags[0]"},
			{[]string{"two\nlines"}, "bad_text", "tags[0]"},
		} {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Tags: &c.tags})
			if e := refusal(t, err, c.code); e.Field != c.field {
				t.Errorf("%q blames %q, want %q", c.tags, e.Field, c.field)
			}
		}
	})
	s.edit(o.ID, sales.OrderChange{Tags: ptr(many[:20])})
}

func TestAnOrderIsLookedAfterBySomebodyOfItsStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.openStore("Second store")
	bo, eva, zoe := s.hire("Bo"), s.hire("Eva", s.Location), s.hire("Zoe", second)
	mug := s.Stocked("MUG", 9)
	o := s.place(s.counter(line(mug, 1)))
	s.place(s.counter(line(mug, 1)))
	give := func(to int64) *sales.Order { return s.edit(o.ID, sales.OrderChange{AssignedTo: &to}) }

	if got := give(bo); got.AssignedTo == nil || *got.AssignedTo != (staff.Assignee{ID: bo, Name: "Bo"}) {
		t.Errorf("given to %+v", got.AssignedTo)
	}
	give(eva)
	if got, want := s.changed(o.ID), `[{"from":"Bo","to":"Eva","what":"assigned"}]`; got != want {
		t.Errorf("the timeline says %s, want %s", got, want)
	}
	s.leavesNothing(func() {
		for _, nobody := range []int64{zoe, 404} {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{AssignedTo: &nobody})
			if e := refusal(t, err, "not_assignable"); e.Field != "assignedToId" {
				t.Errorf("blamed %q", e.Field)
			}
		}
	})
	s.stands(eva, staff.Disabled)
	if got := s.edit(o.ID, sales.OrderChange{AssignedTo: &eva, Note: ptr("ring twice")}); got.AssignedTo.Name != "Eva" {
		t.Errorf("who left is %+v", got.AssignedTo)
	}
	for f, want := range map[sales.Status]sales.OrderFilter{
		"1001":      {AssignedTo: eva},
		"":          {AssignedTo: bo},
		"1002":      {Unassigned: true},
		"1002 1001": {},
	} {
		if got := strings.Join(s.numbers(want), " "); got != string(f) {
			t.Errorf("%+v lists %q, want %q", want, got, f)
		}
	}
	give(0)
	_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{AssignedTo: &eva})
	refusal(t, err, "not_assignable")
	s.Doctor(t)
}

func TestWorkIsGivenToThoseWhoSeeTheStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.openStore("Second store")
	s.hire("Bo")
	s.hire("Eva", s.Location)
	s.hire("Zoe Eve", second)
	s.stands(s.hire("Gone"), staff.Disabled)
	for _, c := range []struct {
		ctx   context.Context
		store int64
		q     string
		want  string
	}{
		{s.Ctx, 0, "", "Ada Bo Eva Zoe Eve"},
		{s.Ctx, second, "", "Ada Bo Zoe Eve"},
		{s.Ctx, 0, "ev", "Eva Zoe Eve"},
		{employee(s.Location), 0, "", "Ada Bo Eva"},
	} {
		var names []string
		for l := (db.List{Q: c.q, Limit: 1}); ; {
			page, err := staff.Assignees(c.ctx, s.DB, c.store, l)
			for _, a := range must(s, page, err).Items {
				names = append(names, a.Name)
			}
			if l.After = page.Next; l.After == "" {
				break
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("store %d, %q: %q, want %q", c.store, c.q, got, c.want)
		}
	}
}
