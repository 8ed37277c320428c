package sales_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db/catalog"
	"onhand/db/sales"
)

// contents are the lines of a parcel in one line.
func contents(o *sales.Order, parcel *sales.Fulfilment) string {
	var all []string
	for _, c := range o.Contents(parcel) {
		all = append(all, fmt.Sprint(c.Quantity, " ", c.SKU))
	}
	return strings.Join(all, ", ")
}

func TestAParcelHoldsWhatWasPackedAndTheRestIsToPack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 9), s.Stocked("CUP", 9)
	o := s.place(s.counter(line(mug, 3), line(cup, 1)))
	if got := contents(o, nil); got != "3 MUG, 1 CUP" {
		t.Errorf("to pack: %s", got)
	}
	o = s.fulfil(o.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: 2}}, Ship: true})
	if got := contents(o, &o.Fulfilments[0]) + "; " + contents(o, nil); got != "2 MUG; 1 MUG, 1 CUP" {
		t.Errorf("in the parcel; to pack: %s", got)
	}
	o = s.fulfil(o.ID, sales.NewFulfilment{})
	if got := contents(o, &o.Fulfilments[1]) + "; " + contents(o, nil); got != "1 MUG, 1 CUP; 3 MUG, 1 CUP" {
		t.Errorf("in the second parcel; of the order: %s", got)
	}
	o = s.cancel(s.place(s.counter(line(mug, 1))).ID)
	if got := contents(s.order(o.ID), nil); got != "" {
		t.Errorf("of a cancelled order: %s", got)
	}
}

func TestAPickListAddsUpWhatIsLeftOfOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	make := func(name, category string) int64 {
		p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: name, Category: category, Variants: []catalog.NewVariant{{SKU: strings.ToUpper(name), Price: 100}}})
		id := must(s, p, err).Variants[0].ID
		s.Receive(id, 50)
		return id
	}
	mug, apron, bread := make("Mug", "Home > Kitchen"), make("apron", "Home > Kitchen"), make("Bread", "")
	first := s.place(s.counter(line(mug, 3), line(bread, 1), line(mug, 1)))
	second := s.place(s.counter(line(mug, 2), line(apron, 1)))
	gone := s.handed(mug, 5)
	s.fulfil(first.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: first.Lines[0].ID, Quantity: 2}}})

	list, err := sales.PickListOf(s.Ctx, s.DB, []int64{second.ID, first.ID, gone.ID, second.ID})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range list.Picks {
		got = append(got, fmt.Sprint(p.Category, "/", p.SKU, " ", p.Quantity, " ", p.Orders))
	}
	want := []string{"/BREAD 1 [{1001 1}]", "Home > Kitchen/APRON 1 [{1002 1}]", "Home > Kitchen/MUG 4 [{1002 2} {1001 2}]"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("to pick (-want +got):\n%s", d)
	}
	if len(list.Orders) != 3 || list.Orders[0].ID != second.ID {
		t.Errorf("%d orders", len(list.Orders))
	}

	harbour := s.openStore("Harbour")
	_, err = sales.PickListOf(employee(harbour), s.DB, []int64{first.ID})
	if e := refusal(t, err, "not_found"); e.Field != "orderIds[0]" {
		t.Errorf("blamed on %q", e.Field)
	}
	draft := s.counter(line(mug, 1))
	draft.Draft = true
	_, err = sales.PickListOf(s.Ctx, s.DB, []int64{first.ID, s.place(draft).ID})
	if e := refusal(t, err, "not_placed"); e.Field != "orderIds[1]" {
		t.Errorf("blamed on %q", e.Field)
	}
}
