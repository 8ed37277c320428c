package demo

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// supplier is whom the shop buys some brands from.
type supplier struct {
	name, contact, address, phone string
	code                          string // what its own codes begin with
	lead                          int64  // days until it delivers
	pack                          int64  // how many come together, where no box says so
	brands                        []string
	also                          []string // it has them too, for more
}

// suppliers are invented, and their phone numbers are kept for films.
var suppliers = []supplier{
	{"Brombeck & Torvane", "Ines Brombeck", "brombeck", "030 23125 901", "BT", 7, 6, []string{"Brombeck", "Torvane"}, nil},
	{"Holm & Reiter", "Karl Reiter", "holm-reiter", "030 23125 902", "HR", 3, 12, []string{"Lupina & Figli", "Feldmohn", "Saltmere", "Ottokar", "Haseltal", "Pellworth"}, []string{"Torvane", "Perlbach"}},
	{"Quellinger", "Resi Quellinger", "quellinger", "030 23125 903", "Q", 1, 6, []string{"Quellinger"}, nil},
	{"Hollerberg & Perlbach", "Tom Haller", "hollerberg", "030 23125 904", "HP", 2, 6, []string{"Hollerberg", "Perlbach"}, nil},
}

// meetSuppliers notes whom the shop buys from.
func (b *books) meetSuppliers(ctx context.Context) error {
	for _, s := range suppliers {
		made, err := catalog.CreateSupplier(b.past(ctx, b.begin), b.d, catalog.NewSupplier{Name: s.name, Contact: s.contact, Email: s.address + domain, Phone: s.phone, LeadTimeDays: s.lead})
		if err != nil {
			return fmt.Errorf("meet %s: %w", s.name, err)
		}
		b.partners = append(b.partners, made.ID)
	}
	return nil
}

// buy notes who supplies a ware, and on what terms.
func (b *books) buy(tx *db.Tx, w *ware, article, size int) error {
	for i, s := range suppliers {
		preferred := slices.Contains(s.brands, w.article.brand)
		if !preferred && !slices.Contains(s.also, w.article.brand) {
			continue
		}
		code, pack, cost := fmt.Sprintf("%s-%d", s.code, 1000+10*article+size), s.pack, b.amount(w.size.cost)
		if box, ok := boxes[w.key()]; ok {
			pack = box
		}
		if !preferred {
			cost += cost / 12
		}
		moq := pack
		if w.size.cost < 200 {
			moq = 2 * pack
		}
		_, err := catalog.AddSupplierItemIn(tx, b.partners[i], catalog.NewSupplierItem{VariantID: w.id, SupplierItemChange: catalog.SupplierItemChange{
			Code: &code, Cost: money.Some(&cost), MOQ: &moq, PackSize: &pack, Preferred: &preferred}})
		if err != nil {
			return fmt.Errorf("buy from %s: %w", s.name, err)
		}
	}
	return nil
}
