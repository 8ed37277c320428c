package imports_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/imports"
)

func (s shop) customerFile(t *testing.T, file string) *imports.Import {
	t.Helper()
	m, err := imports.Preview(s.ctx, s.DB, imports.Upload{Kind: imports.Customers, FileName: "customers.csv", File: strings.NewReader(file)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// people are all customers and what they are remembered by.
func (s shop) people(t *testing.T) (all []string) {
	t.Helper()
	err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&all, "SELECT name || '|' || email || '|' || phone || '|' || note FROM customers UNION ALL SELECT key || ' = ' || customer_id FROM import_people ORDER BY 1")
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const customerHeader = "Name,Email,Phone,Note\n"

// withAnna is a shop that knows Anna by her email and Ben by his phone number.
func withAnna(t *testing.T) shop {
	t.Helper()
	s := open(t)
	for _, in := range []customers.NewCustomer{
		{Contact: customers.Contact{Name: "Anna", Email: "anna@example.com"}, Note: "likes tea"},
		{Contact: customers.Contact{Name: "Ben", Phone: "0170 123"}},
	} {
		if _, err := customers.Create(s.ctx, s.DB, in); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

const someCustomers = customerHeader + "Anna Ohm,ANNA@example.com,0171 5,\nBen,,+0170-123,pays late\nCarl,carl@example.com,,\nDora,,,no phone\n"

func TestCustomersAreFoundByEmailPhoneAndWhatTheyWereFoundByBefore(t *testing.T) {
	t.Parallel()
	s := withAnna(t)
	before := s.people(t)
	m := s.customerFile(t, someCustomers)
	sums(t, m, "create 2, update 2, skip 0 of which unchanged 0, errors 0")
	if diff := cmp.Diff(before, s.people(t)); diff != "" {
		t.Errorf("a preview changed them: %s", diff)
	}
	s.commit(t, m)
	after := s.people(t)
	want := []string{"Anna Ohm|ANNA@example.com|0171 5|likes tea", "Ben||+0170-123|pays late", "Carl|carl@example.com||", "Dora|||no phone", "name:ben|0170123 = 2", "name:dora| = 4"}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("customers (-want +got):\n%s", diff)
	}
	again := s.customerFile(t, someCustomers)
	sums(t, again, "create 0, update 0, skip 4 of which unchanged 4, errors 0")
	s.commit(t, again)
	if diff := cmp.Diff(after, s.people(t)); diff != "" {
		t.Errorf("the same file twice changed: %s", diff)
	}
	keeps(t, s.undo(t, m))
	if diff := cmp.Diff(before, s.people(t)); diff != "" {
		t.Errorf("undone they are not as before: %s", diff)
	}
}

func TestImportsOfTheSameCustomersAreUndoneTheLastOneFirst(t *testing.T) {
	t.Parallel()
	s := withAnna(t)
	before := s.people(t)
	first := s.commit(t, s.customerFile(t, someCustomers))
	second := s.commit(t, s.customerFile(t, customerHeader+"Anna Volt,anna@example.com,,\nCarlo,carl@example.com,,\n"))
	keeps(t, s.undo(t, second))
	keeps(t, s.undo(t, first))
	if diff := cmp.Diff(before, s.people(t)); diff != "" {
		t.Errorf("undone they are not as before: %s", diff)
	}
}

func TestACustomerThatChangedSinceStays(t *testing.T) {
	t.Parallel()
	s := withAnna(t)
	m := s.commit(t, s.customerFile(t, someCustomers))
	name := "Doris"
	if _, err := customers.Update(s.ctx, s.DB, 4, customers.CustomerChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	keeps(t, s.undo(t, m), "Doris: changed_since")
	want := []string{"Anna|anna@example.com||likes tea", "Ben||0170 123|", "Doris|||no phone", "name:dora| = 4"}
	if diff := cmp.Diff(want, s.people(t)); diff != "" {
		t.Errorf("customers (-want +got):\n%s", diff)
	}
}

func TestMistakesInAFileOfCustomersAreNamed(t *testing.T) {
	t.Parallel()
	s := withAnna(t)
	m := s.customerFile(t, customerHeader+"Eve,not an email,,\n,,,nobody\nAnna,anna@example.com,,\nAnne,Anna@example.com,,\n")
	var got []string
	for _, e := range m.Errors {
		got = append(got, e.Column+" "+e.Code)
	}
	if diff := cmp.Diff([]string{"Email bad_email", "Name required", " same_customer", " same_customer"}, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestACrashInAFileOfCustomersLeavesNothing(t *testing.T) {
	t.Parallel()
	s := withAnna(t)
	before := s.people(t)
	var file strings.Builder
	file.WriteString(someCustomers)
	for i := range 100 {
		file.WriteString(strings.Repeat("x", i+1) + ",,,\n")
	}
	m := s.customerFile(t, file.String())
	left := crashed(t, s, m.ID, 2)
	if err := imports.TakeUp(left.ctx, left.DB); err != nil {
		t.Fatal(err)
	}
	left.failed(t, m.ID, "Onhand stopped before this import was through")
	if diff := cmp.Diff(before, left.people(t)); diff != "" {
		t.Errorf("what a crash left was not taken back: %s", diff)
	}
}
