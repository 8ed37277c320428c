package sales_test

import (
	"context"
	"slices"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/sales"
)

func (s *shop) returns(ctx context.Context, f sales.ReturnFilter) (ids []int64) {
	s.t.Helper()
	page, err := sales.Returns(ctx, s.DB, f)
	for _, r := range must(s, page, err).Items {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestOpenReturnsAreListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	in := s.counter(line(mug, 9))
	in.Fulfil, in.Customer = true, &customers.Contact{Name: "Mia Sommer"}
	o := s.place(in)
	s.pay(o.ID, o.Due)
	var r [5]*sales.Return
	for i := range r {
		r[i] = s.request(o, 1)
	}
	s.moveReturn(r[1].ID, sales.ReturnApproved)
	_, err := sales.RejectReturn(s.Ctx, s.DB, r[2].ID, sales.ReturnRejection{})
	must(s, 0, err)
	for _, i := range []int{3, 4} {
		r[i] = s.moveReturn(r[i].ID, sales.ReturnApproved)
		s.receive(r[i], 1, 0, 0)
	}
	s.moveReturn(r[4].ID, sales.ReturnClosed)
	for name, c := range map[string]struct {
		f    sales.ReturnFilter
		ctx  context.Context
		want []int64
	}{
		"all":                         {want: []int64{5, 4, 3, 2, 1}},
		"open":                        {f: sales.ReturnFilter{Open: true}, want: []int64{4, 2, 1}},
		"open, after the first":       {f: sales.ReturnFilter{Open: true, List: db.List{After: db.Cursor(int64(4))}}, want: []int64{2, 1}},
		"approved":                    {f: sales.ReturnFilter{Status: sales.ReturnApproved}, want: []int64{2}},
		"rejected":                    {f: sales.ReturnFilter{Status: sales.ReturnRejected}, want: []int64{3}},
		"of the order":                {f: sales.ReturnFilter{List: db.List{Q: " #" + o.Number}}, want: []int64{5, 4, 3, 2, 1}},
		"of an order there is not":    {f: sales.ReturnFilter{List: db.List{Q: "1"}}},
		"of another store":            {f: sales.ReturnFilter{LocationID: 99}},
		"for somebody of another one": {ctx: employee(99)},
	} {
		ctx := c.ctx
		if ctx == nil {
			ctx = s.Ctx
		}
		if got := s.returns(ctx, c.f); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	page, err := sales.Returns(s.Ctx, s.DB, sales.ReturnFilter{Status: sales.ReturnReceived})
	got := must(s, page, err).Items[0]
	if got.Number != o.Number || got.Customer != "Mia Sommer" || got.Units != 1 || got.Total != 1250 || got.DueBack != 2500 || got.Reason != "too small" || got.What != "Thing MUG" && got.What != "MUG" {
		t.Errorf("listed as %+v", got)
	}
}

func TestAReturnIsListedByItsFirstProductAsSold(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Blue mug", Options: []string{"Size"},
		Variants: []catalog.NewVariant{{SKU: "MUG-L", Price: 1250, Options: map[string]string{"Size": "L"}}}})
	large := must(s, p, err).Variants[0].ID
	s.Receive(large, 5)
	in := s.counter(line(large, 3), line(s.Stocked("POT", 5), 4))
	in.Fulfil = true
	s.request(s.place(in), 2, 3)
	page, err := sales.Returns(s.Ctx, s.DB, sales.ReturnFilter{})
	got := must(s, page, err).Items[0]
	if got.What != "Blue mug" || got.Options != "L" || got.Quantity != 2 || got.Units != 5 {
		t.Errorf("listed as %+v", got)
	}
}
