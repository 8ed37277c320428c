package sales_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
)

func (s *shop) issue(orderID int64, kind sales.InvoiceKind) *sales.Invoice {
	s.t.Helper()
	inv, err := sales.Issue(s.Ctx, s.DB, orderID, kind, sales.Command{})
	return must(s, inv, err)
}

func (s *shop) invoices(orderID int64) *sales.OrderInvoices {
	s.t.Helper()
	list, err := sales.Invoices(s.Ctx, s.DB, orderID)
	return must(s, list, err)
}

// printedLines are what a document says, a line each.
func printedLines(inv *sales.Invoice) (all []string) {
	for _, l := range inv.Facts.Lines {
		all = append(all, fmt.Sprintf("%d %s at %d%%: %d - %d = %d with %d tax", l.Quantity, l.SKU, l.TaxRate/1000, l.Gross, l.Discount, l.Total, l.Tax))
	}
	return all
}

func wantLines(t testing.TB, inv *sales.Invoice, number string, want ...string) {
	t.Helper()
	if inv.Number != number {
		t.Errorf("it is %s, want %s", inv.Number, number)
	}
	if d := cmp.Diff(want, printedLines(inv)); d != "" {
		t.Errorf("%s says (-want +got):\n%s", number, d)
	}
}

func TestAnInvoiceIsIssuedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	in := s.counter(line(mug, 2))
	in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(7_000))}
	in.Discount = &sales.NewDiscount{Amount: ptr(money.Amount(100))}
	o := s.place(in)
	if list := s.invoices(o.ID); list.Issuable != sales.PlainInvoice || list.Unbilled != 2900 || len(list.Items) != 0 {
		t.Errorf("before: %+v", list)
	}
	first := s.issue(o.ID, sales.PlainInvoice)
	wantLines(t, first, "INV-0001", "2 MUG at 19%: 2500 - 100 = 2400 with 383 tax", "0  at 7%: 500 - 0 = 500 with 33 tax")
	if first.Total != o.Total || first.Tax != o.Tax || first.BusinessDate != "2026-11-20" {
		t.Errorf("over %d with %d tax of %s, the order %d with %d", first.Total, first.Tax, first.BusinessDate, o.Total, o.Tax)
	}
	s.leavesNothing(func() {
		if again := s.issue(o.ID, sales.PlainInvoice); again.ID != first.ID || again.Number != "INV-0001" {
			t.Errorf("repeated it is %s", again.Number)
		}
	})
	if list := s.invoices(o.ID); list.Issuable != "" || list.Unbilled != 0 || len(list.Items) != 1 {
		t.Errorf("after: %+v", list)
	}
	if got := s.kinds(o.ID); got[len(got)-1] != "invoiced" {
		t.Errorf("the timeline has %v", got)
	}
	if second := s.issue(s.place(s.counter(line(mug, 1))).ID, sales.PlainInvoice); second.Number != "INV-0002" {
		t.Errorf("the next is %s", second.Number)
	}
	s.Doctor(t)
}

func TestWhatCannotBeInvoicedIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	draft := s.counter(line(mug, 1))
	draft.Draft = true
	cancelled := s.cancel(s.place(s.counter(line(mug, 1))).ID)
	returned := s.returned(s.handed(mug, 2), 2)
	placed := s.place(s.counter(line(mug, 1)))
	for _, c := range []struct {
		id   int64
		kind sales.InvoiceKind
		code string
	}{
		{s.place(draft).ID, sales.PlainInvoice, "not_placed"}, {cancelled.ID, sales.PlainInvoice, "nothing_to_invoice"}, {returned.ID, sales.PlainInvoice, "nothing_to_invoice"},
		{placed.ID, sales.CreditNote, "no_invoice"}, {404, sales.PlainInvoice, "not_found"},
	} {
		s.leavesNothing(func() {
			_, err := sales.Issue(s.Ctx, s.DB, c.id, c.kind, sales.Command{})
			refusal(t, err, c.code)
		})
	}
	_, err := sales.Issue(s.Ctx, s.DB, placed.ID, sales.PlainInvoice, sales.Command{Version: ptr(int64(7))})
	refusal(t, err, "stale")
	s.issue(placed.ID, sales.PlainInvoice)
	_, err = sales.Issue(s.Ctx, s.DB, placed.ID, sales.CreditNote, sales.Command{})
	refusal(t, err, "nothing_to_credit")
	harbour := s.openStore("Harbour")
	_, err = sales.Issue(employee(harbour), s.DB, placed.ID, sales.PlainInvoice, sales.Command{})
	refusal(t, err, "not_found")
	_, err = sales.Invoices(employee(harbour), s.DB, placed.ID)
	refusal(t, err, "not_found")
	_, err = sales.IssuedInvoice(s.Ctx, s.DB, placed.ID, sales.CreditNote, 0)
	refusal(t, err, "not_found")
}

func TestACreditNoteTakesBackWhatIsNotOwedAnyMore(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 50), s.Stocked("CUP", 50)
	o := s.place(s.counter(line(mug, 4), line(cup, 1)))
	s.pay(o.ID, o.Due)
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	s.issue(o.ID, sales.PlainInvoice)
	s.returned(o, 1)
	if list := s.invoices(o.ID); list.Issuable != sales.CreditNote || list.Unbilled != -1250 {
		t.Errorf("after a return: %+v", list)
	}
	wantLines(t, s.issue(o.ID, sales.CreditNote), "CN-0001", "-1 MUG at 19%: -1250 - 0 = -1250 with -200 tax")
	s.refund(o.ID, sales.NewRefund{Amount: 500, Allowance: true})
	wantLines(t, s.issue(o.ID, sales.CreditNote), "CN-0002", "0 MUG at 19%: 0 - 375 = -375 with -60 tax", "0 CUP at 19%: 0 - 125 = -125 with -20 tax")
	if again := s.issue(o.ID, sales.PlainInvoice); again.Number != "INV-0001" {
		t.Errorf("an invoice once more is %s", again.Number)
	}
	if list := s.invoices(o.ID); list.Issuable != "" || len(list.Items) != 3 {
		t.Errorf("in the end: %+v", list)
	}
	cancelled := s.place(s.counter(line(mug, 1)))
	s.issue(cancelled.ID, sales.PlainInvoice)
	s.cancel(cancelled.ID)
	wantLines(t, s.issue(cancelled.ID, sales.CreditNote), "CN-0003", "-1 MUG at 19%: -1250 - 0 = -1250 with -200 tax")
	s.Doctor(t)
}

func TestAnEditIsInvoicedOrCreditedByWhatItChanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 50), s.Stocked("CUP", 50)
	in := s.counter(line(mug, 2))
	in.Shipping = &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}
	o := s.place(in)
	s.issue(o.ID, sales.PlainInvoice)
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 1}, {VariantID: cup, Quantity: 3}}})
	further := s.issue(o.ID, sales.PlainInvoice)
	wantLines(t, further, "INV-0002", "-1 MUG at 19%: -1250 - 0 = -1250 with -199 tax", "3 CUP at 19%: 3750 - 0 = 3750 with 599 tax")
	if d := cmp.Diff([]sales.InvoiceNamed{{Kind: sales.PlainInvoice, Number: "INV-0001", Date: "2026-11-20"}}, further.Facts.Before); d != "" {
		t.Error(d)
	}
	// The rate of shipping changed: the old one is taken back at its own.
	s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(7_000))}})
	moved := s.issue(o.ID, sales.CreditNote)
	wantLines(t, moved, "CN-0001", "0  at 7%: 500 - 0 = 500 with 33 tax", "0  at 19%: -500 - 0 = -500 with -80 tax")
	if moved.Total != 0 || moved.Tax != -47 {
		t.Errorf("the correction is over %d with %d tax", moved.Total, moved.Tax)
	}
	s.Doctor(t)
}

func TestAnIssuedDocumentNeverChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	in := s.counter(line(mug, 2))
	in.Customer, in.Language = &customers.Contact{Name: "Grace Hopper", Email: "grace@example.com"}, "de"
	in.Address = &customers.Address{Line1: "Hauptstraße 1", PostalCode: "10115", City: "Berlin"}
	o := s.fulfil(s.place(in).ID, sales.NewFulfilment{Ship: true})
	before := s.issue(o.ID, sales.PlainInvoice)
	if f := before.Facts; strings.Join(f.Recipient, ", ") != "Grace Hopper, Hauptstraße 1, 10115 Berlin" || f.Language != "de" || f.Supplied == nil || f.Supplied[1] != "2026-11-20" || f.Due != 2500 {
		t.Errorf("it says %+v", f)
	}
	s.at("2027-03-01T12:00:00Z")
	s.edit(o.ID, sales.OrderChange{Customer: &customers.Contact{Name: "Ada"}, Language: ptr("en")})
	s.pay(o.ID, 2500)
	s.returned(s.order(o.ID), 1)
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{Name: ptr("Another shop"), InvoicePrefix: ptr("2027-R")}); err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Archive(s.Ctx, s.DB, 1); err != nil {
		t.Fatal(err)
	}
	after, err := sales.IssuedInvoice(s.Ctx, s.DB, o.ID, sales.PlainInvoice, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	after.Raw = before.Raw
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("it changed (-before +after):\n%s", d)
	}
	for _, q := range []string{"UPDATE invoices SET total = 1", "DELETE FROM invoices"} {
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error { _, err := tx.Exec(q); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	if next := s.issue(s.place(s.counter(line(s.Stocked("CUP", 1), 1))).ID, sales.PlainInvoice); next.Number != "2027-R0001" {
		t.Errorf("the new series begins with %s", next.Number)
	}
	s.Doctor(t)
}

func TestNumbersHaveNoGapWhateverIsUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	var ids []int64
	for range 50 {
		ids = append(ids, s.place(s.counter(line(mug, 1))).ID)
	}
	var at atomic.Int64
	undone := errors.New("undone")
	got := dbtest.Together(100, func() error { // each order twice, and every fifth try is undone
		n := at.Add(1) - 1
		return db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
			if _, err := sales.IssueIn(tx, ids[n%50], sales.PlainInvoice, sales.Command{}); err != nil {
				return err
			}
			if n%5 == 0 && n < 50 {
				return undone
			}
			return nil
		})
	})
	if n := got.Succeeded(); n != 90 {
		t.Errorf("%d came to an end", n)
	}
	var numbers []string
	for _, id := range ids {
		for _, inv := range s.invoices(id).Items {
			numbers = append(numbers, inv.Number)
		}
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != fmt.Sprintf("INV-%04d", i+1) {
			t.Fatalf("number %d is %s", i+1, n)
		}
	}
	if len(numbers) != 50 {
		t.Errorf("%d documents", len(numbers))
	}
	s.Doctor(t)
}

// Whatever becomes of an order: once all is issued, its documents say what it is worth, by line and by rate.
func TestInvoicesLessCreditNotesAreWhatTheOrderIsWorth(t *testing.T) {
	t.Parallel()
	for _, taxIn := range []bool{true, false} {
		s := open(t)
		s.keepBooks("EUR", taxIn)
		mug, bread := s.Stocked("MUG", 100_000), s.untracked("BREAD", 349, 7_000)
		rapid.Check(t, func(rt *rapid.T) { s.billAtRandom(rt, mug, bread) })
		s.Doctor(t)
	}
}

// billAtRandom moves an order about, issues documents in between, and compares what they say in the end.
func (s *shop) billAtRandom(rt *rapid.T, mug, bread int64) {
	in := s.counter(line(mug, rapid.Int64Range(1, 5).Draw(rt, "mugs")), line(bread, 3))
	in.Discount = &sales.NewDiscount{Percent: ptr(rapid.SampledFrom([]money.Rate{0, 3_333, 10_000}).Draw(rt, "off"))}
	o := s.place(in)
	for range rapid.IntRange(1, 12).Draw(rt, "moves") {
		o = s.order(o.ID)
		switch rapid.IntRange(0, 6).Draw(rt, "move") {
		case 0:
			var lines []sales.LineChange
			for _, l := range o.Lines {
				lines = append(lines, sales.LineChange{ID: l.ID, Quantity: max(l.Fulfilled, rapid.Int64Range(1, 6).Draw(rt, "quantity"))})
			}
			_, _ = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: lines})
		case 1:
			_, _ = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Shipping: &sales.NewShipping{Price: rapid.SampledFrom([]money.Amount{0, 490}).Draw(rt, "shipping"),
				TaxRate: ptr(rapid.SampledFrom([]money.Rate{7_000, 19_000}).Draw(rt, "rate"))}})
		case 2:
			_, _ = sales.Pay(s.Ctx, s.DB, o.ID, sales.NewPayment{Method: "cash", Amount: max(1, o.Due)})
		case 3:
			_, _ = sales.Fulfil(s.Ctx, s.DB, o.ID, sales.NewFulfilment{Ship: true})
		case 4:
			if l := o.Lines[0]; l.Fulfilled > l.Returned {
				s.returned(o, 1)
			}
		case 5:
			_, _ = sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: money.Amount(rapid.Int64Range(1, 300).Draw(rt, "allowance")), Allowance: true})
		case 6:
			_, _ = sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{})
		}
		if kind := s.invoices(o.ID).Issuable; kind != "" && rapid.Bool().Draw(rt, "issue") {
			s.issue(o.ID, kind)
		}
	}
	if kind := s.invoices(o.ID).Issuable; kind != "" {
		s.issue(o.ID, kind)
	}
	o = s.order(o.ID)
	var worth money.Amount
	if o.Status != sales.Cancelled {
		worth = o.Total - o.ReturnedTotal - o.Allowances
	}
	list := s.invoices(o.ID)
	var total, tax, entered money.Amount
	for _, inv := range list.Items {
		total, tax = total+inv.Total, tax+inv.Tax
	}
	for _, e := range s.entries(o.ID) {
		entered += e.Tax
	}
	if len(list.Items) > 0 && (total != worth || tax != entered || list.Issuable != "") {
		rt.Errorf("the documents are over %d with %d tax, the order is worth %d with %d; %q is missing", total, tax, worth, entered, list.Issuable)
	}
}

func TestACancelledOrderWithAnAllowanceBroughtInNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.counter(line(s.Stocked("MUG", 9), 2)))
	s.pay(o.ID, o.Due)
	s.refund(o.ID, sales.NewRefund{Amount: 76, Allowance: true})
	o = s.cancel(o.ID)
	var total, tax money.Amount
	for _, e := range s.entries(o.ID) {
		total, tax = total+e.Total, tax+e.Tax
	}
	if total != 0 || tax != 0 || o.Allowances != 0 || o.DueBack != 2424 {
		t.Errorf("it brought in %d with %d tax, of allowances it has %d, %d go back", total, tax, o.Allowances, o.DueBack)
	}
	s.Doctor(t)
}

func TestTheDoctorFindsWhatIsWrongWithInvoices(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]string{
		"UPDATE invoices SET total = total + 1, facts = json_set(facts, '$.total', total + 1)": "invoices less credit notes are what the books said",
		"UPDATE invoices SET facts = json_set(facts, '$.lines[0].total', 1)":                   "an issued document is the sum of its lines",
		"UPDATE counters SET next = next + 1 WHERE name = 'invoices INV-'":                     "the numbers of a series have no gap",
		"DELETE FROM invoices WHERE id = 1":                                                    "the numbers of a series have no gap",
	} {
		s := open(t)
		mug := s.Stocked("MUG", 9)
		for range 2 {
			s.issue(s.place(s.counter(line(mug, 1))).ID, sales.PlainInvoice)
		}
		s.Doctor(t)
		s.raw("DROP TRIGGER invoices_stay", "DROP TRIGGER invoices_are_kept", statement)
		found, err := sales.Check(s.Ctx, s.DB)
		if err != nil || !slices.ContainsFunc(found, func(f db.Finding) bool { return f.Rule == want }) {
			t.Errorf("%s: %+v, %v", statement, found, err)
		}
	}
}

func TestAnInvoiceNamesRatesAsTheyWereCalledWhenItWasIssued(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rates(settings.Change{TaxRates: &settings.TaxRates{{Name: "Standard", Rate: 19_000}}})
	o := s.place(s.counter(line(s.Stocked("MUG", 5), 1)))
	s.issue(o.ID, sales.PlainInvoice)
	s.rates(settings.Change{TaxRates: &settings.TaxRates{{Name: "Full", Rate: 19_000}}})
	again, err := sales.IssuedInvoice(s.Ctx, s.DB, o.ID, sales.PlainInvoice, 0)
	if got := must(s, again, err).Facts.Taxes; len(got) != 1 || got[0].Name != "Standard" {
		t.Errorf("it names %+v", got)
	}
}
