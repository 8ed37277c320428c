package catalog_test

import (
	"slices"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// now is the moment at which the clock of these shops stands, with moments around it.
var (
	now    = db.TimeOf(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	before = now.Add(-time.Hour)
	after  = now.Add(time.Hour)
)

func TestASaleIsChargedFromItsStartUntilItsEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, c := range map[string]struct {
		starts, ends *db.Time
		want         money.Amount
	}{
		"always":                  {nil, nil, 999},
		"started":                 {&before, nil, 999},
		"starts now":              {&now, nil, 999},
		"starts later":            {&after, nil, 1250},
		"starts in a millisecond": {to(now + 1), nil, 1250},
		"ends later":              {nil, &after, 999},
		"ends now":                {&before, &now, 1250},
		"ends in a millisecond":   {nil, to(now + 1), 999},
		"over":                    {nil, &before, 1250},
		"runs":                    {&before, &after, 999},
	} {
		in := mug("")
		in.Variants[0].SalePrice, in.Variants[0].SaleStarts, in.Variants[0].SaleEnds = to(money.Amount(999)), c.starts, c.ends
		v := s.create(t, in).Variants[0]
		var sold catalog.Sellable
		err := db.Write(s.ctx, s.DB, func(tx *db.Tx) (err error) {
			sold, err = catalog.ForSale(tx, v.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := catalog.Variants(s.ctx, s.DB, catalog.VariantFilter{Barcode: v.SKU})
		if err != nil {
			t.Fatal(err)
		}
		shelf, err := catalog.ForShelf(s.ctx, s.DB, []int64{v.ID})
		if err != nil {
			t.Fatal(err)
		}
		got := []money.Amount{v.CurrentPrice, page.Items[0].CurrentPrice, sold.Price, shelf[0].Price}
		if !slices.Equal(got, []money.Amount{c.want, c.want, c.want, c.want}) || v.Price != 1250 {
			t.Errorf("%s: product, variant, sale and label say %d, want %d", name, got, c.want)
		}
	}
}

func TestDuringASaleTheRegularPriceIsCrossedOutOnTheShelf(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, c := range map[string]struct {
		sale, compare *money.Amount
		want          *money.Amount
	}{
		"no sale":                                {nil, nil, nil},
		"a reduced price":                        {nil, to(money.Amount(1500)), to(money.Amount(1500))},
		"a sale":                                 {to(money.Amount(999)), nil, to(money.Amount(1250))},
		"a sale of what is reduced":              {to(money.Amount(999)), to(money.Amount(1500)), to(money.Amount(1500))},
		"no lower than what it is compared with": {to(money.Amount(999)), to(money.Amount(900)), nil},
		"a sale at the regular price":            {to(money.Amount(1250)), nil, nil},
	} {
		in := mug("")
		in.Variants[0].SalePrice, in.Variants[0].CompareAtPrice = c.sale, c.compare
		shelf, err := catalog.ForShelf(s.ctx, s.DB, []int64{s.create(t, in).Variants[0].ID})
		if err != nil {
			t.Fatal(err)
		}
		if got := shelf[0].CompareAtPrice; (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: %v is crossed out, want %v", name, got, c.want)
		}
	}
}

func TestASaleIsRefusedWithWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := mug("MUG")
	in.Variants[0].SalePrice, in.Variants[0].SaleStarts, in.Variants[0].SaleEnds = to(money.Amount(999)), &before, &after
	p := s.create(t, in)
	for name, c := range map[string]struct {
		change catalog.VariantChange
		want   string
	}{
		"above the price":         {catalog.VariantChange{SalePrice: money.Some(to(money.Amount(1251)))}, "variants[0].salePrice: sale_above_price"},
		"a price that goes below": {catalog.VariantChange{Price: to(money.Amount(998))}, "variants[0].salePrice: sale_above_price"},
		"below zero":              {catalog.VariantChange{SalePrice: money.Some(to(money.Amount(-1)))}, "variants[0].salePrice: out_of_range"},
		"ends as it starts":       {catalog.VariantChange{SaleEnds: db.SomeTime(&before)}, "variants[0].saleEnds: ends_first"},
		"times of no sale":        {catalog.VariantChange{SalePrice: money.Some(nil), SaleEnds: db.SomeTime(&after)}, "variants[0].salePrice: required"},
	} {
		c.change.ID = 1
		_, err := catalog.Update(s.ctx, s.DB, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{c.change}})
		if got := refusal(err); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
	}
	if kept, err := catalog.ProductByID(s.ctx, s.DB, p.ID); err != nil || kept.Version != 1 {
		t.Errorf("what was refused left something behind: %+v %v", kept, err)
	}
	ended := s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: 1, SalePrice: money.Some(nil)}}}).Variants[0]
	if ended.SalePrice != nil || ended.SaleStarts != nil || ended.SaleEnds != nil || ended.CurrentPrice != 1250 {
		t.Errorf("a sale that goes takes its times along: %+v", ended)
	}
}
