package customers_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/dbtest"

	"pgregory.net/rapid"
)

type shop struct {
	*db.DB
	ctx context.Context
}

func open(t testing.TB) shop {
	t.Helper()
	clock := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{d, db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 1})}
}

func (s shop) match(t testing.TB, c customers.Contact) (got *customers.Customer) {
	t.Helper()
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) (err error) {
		got, err = customers.Match(tx, c)
		return err
	}); err != nil {
		t.Fatalf("match %+v: %v", c, err)
	}
	return got
}

func (s shop) list(t testing.TB, f customers.CustomerFilter) (names []string) {
	t.Helper()
	page, err := customers.List(s.ctx, s.DB, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Items {
		names = append(names, c.Name)
	}
	return names
}

func (s shop) events(t testing.TB) int {
	t.Helper()
	events, err := db.Events(s.ctx, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return len(events)
}

func refused(t *testing.T, err error, want ...string) {
	t.Helper()
	var e *db.Error
	var got []string
	if errors.As(err, &e) {
		for _, e := range append([]*db.Error{e}, e.Also...) {
			got = append(got, e.Field+": "+e.Code)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("refused with %q (%v), want %q", got, err, want)
	}
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func to[T any](v T) *T { return &v }

func TestACustomerIsFoundAgainByTheEmailAndKeepsTheDetails(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.match(t, customers.Contact{Email: " Ada@Example.com "})
	if first.Email != "Ada@Example.com" || first.Version != 1 {
		t.Errorf("%+v", first)
	}
	filled := s.match(t, customers.Contact{Name: "Ada", Email: "ada@example.COM", Phone: "+49 170 123"})
	if filled.ID != first.ID || filled.Name != "Ada" || filled.Phone != "+49 170 123" || filled.Email != "Ada@Example.com" || filled.Version != 2 {
		t.Errorf("blanks are filled: %+v", filled)
	}
	before := s.events(t)
	again := s.match(t, customers.Contact{Name: "Somebody else", Email: "ADA@example.com", Phone: "1"})
	if *again != *filled {
		t.Errorf("nothing is overwritten: %+v", again)
	}
	if n := s.events(t); n != before {
		t.Errorf("%d events for no change", n-before)
	}
}

func TestWithoutAnEmailEverybodyIsNew(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := s.match(t, customers.Contact{Name: "Ada"}), s.match(t, customers.Contact{Name: "Ada", Phone: "0170"})
	if a.ID == b.ID {
		t.Error("two people of one name are one customer")
	}
	if nobody := s.match(t, customers.Contact{Name: " ", Phone: " "}); nobody != nil {
		t.Errorf("%+v", nobody)
	}
	if n := s.events(t); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestAnAddressIsOneMailboxOrRefused(t *testing.T) {
	for _, good := range []string{"a@example.com", "a.b+c@sub.example.co.uk", "o'hara@example.com", "ünï@exämple.de", "a@localhost", strings.Repeat("a", 64) + "@example.com", ""} {
		if got, err := customers.Email("email", good); err != nil || got != good {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, bad := range []string{"a", "@example.com", "a@", "a@b@c", "Ada <a@example.com>", "<a@example.com>", "a@example.com, b@example.com", "a b@example.com", "a@exa mple.com",
		"a@example..com", "a@.example.com", "a@-example.com", "a@[127.0.0.1]", "a@example.com.", "a@exam_ple.com", "a\n@example.com", "a\x00@example.com", `"a b"@example.com`,
		strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("a", 64) + ".com", "a@" + strings.Repeat("abcdefgh.", 30) + "com", "a@example.com (work)"} {
		if got, err := customers.Email("email", bad); err == nil {
			t.Errorf("%q is accepted as %q", bad, got)
		}
	}
}

func TestNoInputMakesTheAddressCheckPanicOrAcceptASecondLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "local") + "@" + rapid.String().Draw(t, "domain")
		if got, err := customers.Email("email", typed); err == nil && (strings.ContainsAny(got, "\r\n<>, ") || len(got) > 254) {
			t.Fatalf("%q is accepted as %q", typed, got)
		}
	})
}

func TestACustomerIsMadeAndChanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	c, err := customers.Create(s.ctx, s.DB, customers.NewCustomer{Contact: customers.Contact{Name: "Ada", Email: "ada@example.com"}, Note: "Pays\nlate."})
	if err != nil || c.Note != "Pays\nlate." || c.Version != 1 {
		t.Fatalf("%+v %v", c, err)
	}
	same, err := customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Name: to(" Ada "), Version: to(int64(1))})
	if err != nil || *same != *c {
		t.Errorf("%+v %v", same, err)
	}
	changed, err := customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Name: to("Ada L."), Email: to("")})
	if err != nil || changed.Name != "Ada L." || changed.Email != "" || changed.Note != c.Note || changed.Version != 2 {
		t.Errorf("%+v %v", changed, err)
	}
	read, err := customers.ByID(s.ctx, s.DB, c.ID)
	if err != nil || *read != *changed {
		t.Errorf("%+v %v", read, err)
	}
	s.match(t, customers.Contact{Email: "ada@example.com"})
	_, err = customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Email: to("ADA@example.com")})
	refused(t, err, "email: email_taken")
	_, err = customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Version: to(int64(1)), Name: to("x")})
	refused(t, err, ": stale")
	_, err = customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Name: to("")})
	refused(t, err, "name: required")
	_, err = customers.Update(s.ctx, s.DB, 99, customers.CustomerChange{})
	refused(t, err, ": not_found")
	_, err = customers.ByID(s.ctx, s.DB, 99)
	refused(t, err, ": not_found")
	_, err = customers.Create(s.ctx, s.DB, customers.NewCustomer{Contact: customers.Contact{Email: "ada@EXAMPLE.com"}})
	refused(t, err, "email: email_taken")
	_, err = customers.Create(s.ctx, s.DB, customers.NewCustomer{Contact: customers.Contact{Name: "a\x00", Email: "a", Phone: strings.Repeat("1", 51)}})
	refused(t, err, "name: bad_text", "email: bad_email", "phone: too_long")
	_, err = customers.Create(s.ctx, s.DB, customers.NewCustomer{Note: "nobody"})
	refused(t, err, "name: required")
}

func TestTheAuditKeepsWhatWasKnownOfACustomerBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.match(t, customers.Contact{Email: "ada@example.com"})
	s.match(t, customers.Contact{Email: "ADA@example.com", Phone: "0170 123"})
	for range 2 { // the second changes nothing
		if _, err := customers.Update(s.ctx, s.DB, c.ID, customers.CustomerChange{Name: to("Ada"), Note: to("Pays late.")}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	if err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&got, "SELECT entity || ' ' || entity_id || ' ' || coalesce(before, '') || ' -> ' || after FROM audit ORDER BY id")
	}); err != nil {
		t.Fatal(err)
	}
	equal(t, "audit", got,
		`customer 1  -> {"name":"","email":"ada@example.com","phone":"","note":""}`,
		`customer 1 {"name":"","email":"ada@example.com","phone":"","note":""} -> {"name":"","email":"ada@example.com","phone":"0170 123","note":""}`,
		`customer 1 {"name":"","email":"ada@example.com","phone":"0170 123","note":""} -> {"name":"Ada","email":"ada@example.com","phone":"0170 123","note":"Pays late."}`)
}

func TestCustomersAreFoundByPartsOfNameEmailAndPhone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.match(t, customers.Contact{Name: "Zoë Müller", Email: "zoe@example.com", Phone: "+49 (170) 123-456"})
	s.match(t, customers.Contact{Name: "ada", Email: "ada2024@example.org"})
	s.match(t, customers.Contact{Name: "Bob", Phone: "0170 999"})
	for q, want := range map[string][]string{
		"": {"ada", "Bob", "Zoë Müller"}, "muller": {"Zoë Müller"}, "zoe": {"Zoë Müller"}, "example": {"ada", "Zoë Müller"}, "0170": {"Bob", "Zoë Müller"}, "170123": {"Zoë Müller"},
		"+49 170": {"Zoë Müller"}, "2024": {"ada"}, "zo": {"Zoë Müller"}, "a": {"ada"}, "01": {"Bob"}, "nobody": nil, `"*`: nil, "example.com mull": {"Zoë Müller"},
	} {
		equal(t, q, s.list(t, customers.CustomerFilter{List: db.List{Q: q}}), want...)
	}
	equal(t, "newest", s.list(t, customers.CustomerFilter{Sort: "newest"}), "Bob", "ada", "Zoë Müller")
	for _, sort := range []string{"name", "newest"} {
		var paged []string
		for f := (customers.CustomerFilter{List: db.List{Limit: 1}, Sort: sort}); ; {
			page, err := customers.List(s.ctx, s.DB, f)
			if err != nil || len(page.Items) != 1 {
				t.Fatal(page, err)
			}
			paged = append(paged, page.Items[0].Name)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		equal(t, sort+" page by page", paged, s.list(t, customers.CustomerFilter{Sort: sort})...)
	}
	_, err := customers.List(s.ctx, s.DB, customers.CustomerFilter{Sort: "size"})
	refused(t, err, "query.sort: bad_sort")
	_, err = customers.List(s.ctx, s.DB, customers.CustomerFilter{List: db.List{After: "?"}})
	refused(t, err, "query.after: bad_cursor")
	changed, err := customers.Update(s.ctx, s.DB, 1, customers.CustomerChange{Name: to("Chloé")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the old name", s.list(t, customers.CustomerFilter{List: db.List{Q: "muller"}}))
	equal(t, "the new name", s.list(t, customers.CustomerFilter{List: db.List{Q: "chloe"}}), changed.Name)
}

func TestTheCheckNamesACustomerWhomTheSearchMisses(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.match(t, customers.Contact{Name: "Ada"})
	if found, err := customers.Check(s.ctx, s.DB); err != nil || len(found) != 0 {
		t.Errorf("sound customers: %q %v", found, err)
	}
	if err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM customers_search WHERE rowid = 1")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	found, err := customers.Check(s.ctx, s.DB)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Row != "customers_search" {
		t.Errorf("with a row lost from the index: %q", found)
	}
}
