package stock

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// RiskLot is a lot of which some will be left on the day it expires, or that has expired.
type RiskLot struct {
	Lot
	Price     money.Amount  `json:"price"`
	SalePrice *money.Amount `json:"salePrice" doc:"what is charged while it is marked down; null where it is not"`
	SaleEnds  *db.Time      `json:"saleEnds" format:"date-time"`
	// AtRiskValue is what the units at risk bring at the price of now; of what has expired nothing.
	AtRiskValue money.Amount `json:"atRiskValue"`

	SaleStarts *db.Time `json:"-"`
}

// SellFirst is what should be sold before it expires, what brings most first; what has expired is before all.
type SellFirst struct {
	Items []RiskLot `json:"items"`
	More  bool      `json:"more" doc:"whether there are more than are listed"`
}

const (
	// mostRisky is how many are listed, mostSoon among how many that expire first they are looked for.
	mostRisky = 200
	mostSoon  = 2000
)

// SellFirstAt lists the lots at a location, or at all of them (0), that expire within the settings' expiryDays and will not be sold by then at
// the pace of the last 90 days, and those that have expired.
func SellFirstAt(ctx context.Context, d *db.DB, locationID int64) (*SellFirst, error) {
	s := &SellFirst{Items: []RiskLot{}}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		lots, err := lotsOf(tx, LotFilter{LocationID: locationID, States: []LotState{LotExpiring, LotExpired}}, mostSoon+1)
		if err != nil {
			return err
		}
		if s.More = len(lots) > mostSoon; s.More {
			lots = lots[:mostSoon]
		}
		for _, l := range lots {
			if l.AtRisk > 0 {
				s.Items = append(s.Items, RiskLot{Lot: l})
			}
		}
		if err := s.price(tx); err != nil {
			return err
		}
		s.sort()
		return s.show(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("list what to sell first: %w", err)
	}
	return s, nil
}

// price fills in what the units at risk would bring.
func (s *SellFirst) price(tx *db.Tx) error {
	prices, err := catalog.PricesIn(tx, s.variants())
	if err != nil {
		return err
	}
	for i := range s.Items {
		l := &s.Items[i]
		p := prices[l.VariantID]
		l.Price = p.Price
		now := catalog.Charged(p.Price, p.SalePrice, p.SaleStarts, p.SaleEnds, tx.Now)
		if now != p.Price {
			l.SalePrice, l.SaleEnds = p.SalePrice, p.SaleEnds
		}
		if l.State == LotExpired {
			continue
		}
		if l.AtRiskValue, err = now.Mul(l.AtRisk); err != nil {
			l.AtRiskValue = money.Max // it is at the top all the same
		}
	}
	return nil
}

func (s *SellFirst) variants() []int64 {
	ids := make([]int64, len(s.Items))
	for i, l := range s.Items {
		ids[i] = l.VariantID
	}
	return ids
}

func (s *SellFirst) sort() {
	expired := func(l RiskLot) int {
		if l.State == LotExpired {
			return 0
		}
		return 1
	}
	slices.SortFunc(s.Items, func(a, b RiskLot) int {
		return cmp.Or(cmp.Compare(expired(a), expired(b)), cmp.Compare(b.AtRiskValue, a.AtRiskValue), cmp.Compare(b.AtRisk, a.AtRisk), cmp.Compare(a.Expires, b.Expires), cmp.Compare(a.ID, b.ID))
	})
}

// show cuts the list, and says how what is in it looks.
func (s *SellFirst) show(tx *db.Tx) error {
	if len(s.Items) > mostRisky {
		s.Items, s.More = s.Items[:mostRisky], true
	}
	images, err := catalog.ImagesOf(tx, s.variants())
	for i := range s.Items {
		s.Items[i].Image = images[s.Items[i].VariantID]
	}
	return err
}
