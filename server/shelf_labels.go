package server

import (
	"bytes"
	"context"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/catalog"
	"onhand/db/papers"
	"onhand/db/settings"
)

// mostLabels is what one document holds: a roll.
const mostLabels = 2000

// ShelfLabels is an order of labels to print.
type ShelfLabels struct {
	Format  string            `json:"format" enum:"roll,a4" doc:"roll: 57 x 32 mm, one to a page; a4: sheets of 24 labels of 70 x 37 mm"`
	Start   int               `json:"start,omitempty" minimum:"1" maximum:"24" default:"1" doc:"the first free place of the first sheet, row by row"`
	Barcode string            `json:"barcode,omitempty" enum:"auto,sku" default:"auto" doc:"auto: the first barcode that fits, else the SKU as Code 128; sku: always the SKU"`
	Items   []ShelfLabelsItem `json:"items" minItems:"1" maxItems:"2000"`
}

// ShelfLabelsItem is a variant and how many labels of it.
type ShelfLabelsItem struct {
	VariantID int64 `json:"variantId" minimum:"1"`
	Copies    int   `json:"copies,omitempty" minimum:"1" maximum:"2000" default:"1"`
}

type labelsPDF struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Barless      int    `header:"Labels-Without-Barcode" doc:"how many variants have no code that fits on a label as bars"`
	Body         []byte
}

// shelfLabels prints labels with the shop's prices as they are now.
func (s *Server) shelfLabels(ctx context.Context, in *body[ShelfLabels]) (*labelsPDF, error) {
	total := 0
	ids := make([]int64, len(in.Body.Items))
	for i, item := range in.Body.Items {
		ids[i] = item.VariantID
		total += item.Copies
	}
	if total > mostLabels {
		return nil, db.Refuse("too_many", "items", "These are %d labels; one document has at most %d. Print them in parts.", total, mostLabels).
			With("max", mostLabels).With("count", total)
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	shelf, err := catalog.ForShelf(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	labels := make([]papers.ShelfLabel, len(shelf))
	for i, v := range shelf {
		labels[i] = shelfLabel(v, shop, in.Body.Barcode == "sku")
		labels[i].Copies = in.Body.Items[i].Copies
	}
	var out bytes.Buffer
	barless, err := papers.Labels(&out, papers.Paper{Title: shop.Name, Language: shop.Language, At: s.db.Now()}, in.Body.Format, in.Body.Start, labels)
	if err != nil {
		return nil, err
	}
	return &labelsPDF{"application/pdf", `inline; filename="labels.pdf"`, "no-store", barless, out.Bytes()}, nil
}

func shelfLabel(v catalog.OnShelf, shop *settings.Settings, skuOnly bool) papers.ShelfLabel {
	l := papers.ShelfLabel{Name: v.Name, Options: v.Options, SKU: v.SKU, Price: papers.Price(v.Price, shop.Currency, shop.Language)}
	if v.CompareAtPrice != nil {
		l.Was = papers.Price(*v.CompareAtPrice, shop.Currency, shop.Language)
	}
	if !skuOnly {
		for _, code := range v.Barcodes {
			digits, _ := barcode.GS1(code)
			l.Codes = append(l.Codes, papers.LabelCode{Code: code, Digits: digits})
		}
	}
	l.Codes = append(l.Codes, papers.LabelCode{Code: v.SKU})
	return l
}
