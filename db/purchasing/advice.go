package purchasing

import (
	"context"
	"errors"
	"fmt"
	"math"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// historyDays is on how many days something must have been there to sell before its sales say when to order.
const historyDays = 30

// adviceSlice is how many levels are looked through at once.
const adviceSlice = 500

// Advice is what to buy of a variant for a location, and why: quantity is target - available - incoming - drafted + backordered, or
// what the supplier sells of at least that.
type Advice struct {
	VariantID    int64            `json:"variantId"`
	ProductID    int64            `json:"productId"`
	SKU          string           `json:"sku" bun:"sku"`
	Name         string           `json:"name"`
	Image        *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks"`
	LocationID   int64            `json:"locationId"`
	LocationName string           `json:"locationName"`
	SupplierID   *int64           `json:"supplierId" bun:"-" doc:"whom the shop buys it from: the preferred one, else the cheapest; null where nobody sells it to the shop"`
	Supplier     string           `json:"supplier" bun:"-"`
	Code         string           `json:"code" bun:"-" doc:"what the supplier calls it"`
	MOQ          int64            `json:"moq" bun:"-" doc:"the least that the supplier sells at once"`
	PackSize     int64            `json:"packSize" bun:"-" doc:"the supplier sells multiples of this"`

	Available   int64 `json:"available"`
	Incoming    int64 `json:"incoming"`
	Drafted     int64 `json:"drafted" doc:"in drafts of orders for this location"`
	Backordered int64 `json:"backordered" doc:"what customers wait for"`

	Basis        stock.PointBasis `json:"basis" bun:"-" enum:"sales,rule" doc:"sales: worked out from what was sold; rule: from the product's own reorder point, where there is too little to go by"`
	Sold         int64            `json:"sold" bun:"-" doc:"units sold in the last 90 days"`
	Days         int64            `json:"days" bun:"-" doc:"on how many of these days there was something to sell"`
	PerDay       float64          `json:"perDay" bun:"-" doc:"units sold on a day with something to sell"`
	Deviation    float64          `json:"deviation" bun:"-" doc:"the standard deviation of that"`
	LeadTime     LeadTime         `json:"leadTime" bun:"-" doc:"how long a delivery takes"`
	OrderDays    int64            `json:"orderDays" bun:"-" doc:"for how many days it should last once it is here, of the settings"`
	ServiceLevel int64            `json:"serviceLevel" bun:"-" doc:"in how many of a hundred waits it should last, of the settings"`
	Safety       int64            `json:"safety" bun:"-" doc:"units kept for days that sell more and deliveries that take longer"`
	ReorderPoint int64            `json:"reorderPoint" doc:"it is time to order when available + incoming + drafted - backordered is this or less"`
	MaxStock     *int64           `json:"maxStock" doc:"the most there should be; null for no limit"`
	Target       int64            `json:"target" bun:"-" doc:"up to how many to order"`
	Quantity     int64            `json:"quantity" bun:"-" doc:"what to order, as the supplier sells it"`
	DaysOfCover  *int64           `json:"daysOfCover" bun:"-" doc:"for how many days what is available lasts; null where none was sold"`
	Cap          *int64           `json:"cap" bun:"-" doc:"more than this would be too much: the most there should be, else what is sold in the settings' overstock days; null where neither is known"`
	OverCap      bool             `json:"overCap" bun:"-" doc:"whether there would be more than that"`

	UnitCost *money.Amount `json:"unitCost,omitempty" bun:"-" doc:"of one, by the supplier, else by the product, in minor units; absent without cost.read, or where nobody knows"`
	Cost     *money.Amount `json:"cost,omitempty" bun:"-" doc:"of the quantity"`

	Class    stock.Class    `json:"class" enum:",A,B,C" doc:"what part of all that is sold it makes: see Level"`
	Economic *EconomicOrder `json:"economic,omitempty" bun:"-" doc:"which quantity is cheapest to order at once; absent without cost.read, and where the settings or the sales say too little"`

	VariantCost *money.Amount `json:"-"`
	NameKey     string        `json:"-"`
	source      catalog.Source
}

// AdviceFilter says for which location, and from which supplier, advice is asked for; 0 for all.
type AdviceFilter struct {
	db.List
	LocationID, SupplierID int64
}

// Replenishment lists what it is time to buy, by name.
func Replenishment(ctx context.Context, d *db.DB, f AdviceFilter) (page db.Page[Advice], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		found, err := f.find(tx)
		if err != nil {
			return err
		}
		page = db.PageOf(found, f.Size(), func(a Advice) string { return db.Cursor(a.NameKey, a.VariantID, a.LocationID) })
		ids := make([]int64, len(page.Items))
		for i, a := range page.Items {
			ids[i] = a.VariantID
		}
		images, err := catalog.ImagesOf(tx, ids)
		for i := range page.Items {
			page.Items[i].Image = images[ids[i]]
		}
		return err
	})
	if err != nil {
		return page, fmt.Errorf("advise what to buy: %w", err)
	}
	return page, nil
}

// find goes through the levels in slices until it has a page and one more.
func (f AdviceFilter) find(tx *db.Tx) ([]Advice, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	var at Advice
	if _, err := db.ReadCursor(f.After, &at.NameKey, &at.VariantID, &at.LocationID); err != nil {
		return nil, err
	}
	found := []Advice{}
	for {
		rows, err := f.slice(tx, at)
		if err != nil {
			return nil, err
		}
		if err := workOut(tx, s, rows); err != nil {
			return nil, err
		}
		for _, a := range rows {
			if a.due() && (f.SupplierID == 0 || a.SupplierID != nil && *a.SupplierID == f.SupplierID) {
				found = append(found, a)
			}
		}
		if len(rows) < adviceSlice || len(found) > f.Size() {
			break
		}
		at = rows[len(rows)-1]
	}
	found = found[:min(len(found), f.Size()+1)]
	if !tx.Actor.Can("cost.read") {
		return found, nil
	}
	for i := range found {
		a := &found[i]
		if err := a.price(); err != nil {
			return nil, err
		}
		a.Economic = a.economic(s)
	}
	return found, nil
}

// slice reads levels of what can be bought, in the order of their names, after one.
func (f AdviceFilter) slice(tx *db.Tx, after Advice) (rows []Advice, err error) {
	err = tx.Select(&rows, `SELECT v.id AS variant_id, v.product_id, v.sku, v.name, v.name_key, v.cost AS variant_cost, lv.location_id, l.name AS location_name,
			lv.on_hand - lv.committed - lv.unavailable AS available, lv.incoming, lv.backordered, v.reorder_point, nullif(v.max_stock, 0) AS max_stock, `+stock.ClassSQL+` AS class,
			coalesce((SELECT sum(pl.quantity) FROM purchase_lines pl JOIN purchase_orders p ON p.id = pl.purchase_id
				WHERE pl.variant_id = v.id AND p.location_id = lv.location_id AND p.status = 'draft'), 0) AS drafted
		FROM variants v CROSS JOIN levels lv ON lv.variant_id = v.id CROSS JOIN locations l ON l.id = lv.location_id
		WHERE v.tracked = 1 AND v.archived_at IS NULL AND (?1 = 0 OR lv.location_id = ?1) AND `+tx.Actor.Scope().Where("lv.location_id")+`
			AND (v.name_key, v.id, lv.location_id) > (?2, ?3, ?4) ORDER BY v.name_key, v.id, lv.location_id LIMIT ?5`,
		f.LocationID, after.NameKey, after.VariantID, after.LocationID, adviceSlice)
	return rows, err
}

// workOut says of levels when to order more, and how much that would be.
func workOut(tx *db.Tx, s *settings.Settings, rows []Advice) error {
	places, ids := make([]stock.Place, len(rows)), make([]int64, len(rows))
	for i, a := range rows {
		places[i], ids[i] = stock.Place{VariantID: a.VariantID, LocationID: a.LocationID}, a.VariantID
	}
	paces, err := stock.PacesAt(tx, places)
	if err != nil {
		return err
	}
	sources, err := catalog.SourcesOf(tx, ids)
	if err != nil {
		return err
	}
	leads, err := LeadTimes(tx, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		a := &rows[i]
		a.source = catalog.Source{MOQ: 1, PackSize: 1}
		if from := sources[a.VariantID]; len(from) > 0 {
			a.source = from[0]
			a.SupplierID, a.Supplier, a.Code = &a.source.SupplierID, a.source.Supplier, a.source.Code
			a.LeadTime = leads.Of(a.source.SupplierID, a.VariantID, a.source.LeadTimeDays)
		}
		a.MOQ, a.PackSize = a.source.MOQ, a.source.PackSize
		a.OrderDays, a.ServiceLevel = int64(s.OrderDays), int64(s.ServiceLevel)
		a.work(paces[places[i]], int64(s.OverstockDays))
	}
	return nil
}

// work says by DESIGN.md 4 when it is time to order, and how much:
//
//	reorder point = d*L + Z*sqrt(L*sd_d^2 + d^2*sd_L^2)
//	target        = d*(L + orderDays) + Z*sqrt(L*sd_d^2 + d^2*sd_L^2), no more than the most there should be
//
// both rounded up (Silver, Pyke and Peterson, Inventory Management and Production Planning and Scheduling, for normal demand during
// a lead time that varies itself). Where too little is known, the product's own reorder point stands for the first, and the most
// there should be, else twice the reorder point, for the second.
func (a *Advice) work(p stock.Pace, overstockDays int64) {
	a.Sold, a.Days, a.DaysOfCover = p.Sold, p.Days, p.Cover(max(0, a.Available))
	a.PerDay, a.Deviation = p.PerDay()
	if a.Basis = stock.ByRule; p.Days >= historyDays && p.Sold > 0 && a.LeadTime.Days > 0 {
		a.Basis = stock.BySales
	}
	if a.Basis == stock.BySales {
		d, l := a.PerDay, a.LeadTime
		safety := z(a.ServiceLevel) * math.Sqrt(l.Days*a.Deviation*a.Deviation+d*d*l.Deviation*l.Deviation)
		a.ReorderPoint = up(d*l.Days + safety)
		a.Target = up(d*(l.Days+float64(a.OrderDays)) + safety)
		a.Safety = a.Target - up(d*(l.Days+float64(a.OrderDays)))
		if a.MaxStock != nil {
			a.Target = min(a.Target, *a.MaxStock)
		}
	} else if a.Target = 2 * a.ReorderPoint; a.MaxStock != nil {
		a.Target = *a.MaxStock
	}
	if a.position() < a.Target {
		a.Quantity = a.source.Orderable(a.Target - a.position())
	}
	switch sells := p.Sells(overstockDays); {
	case a.MaxStock != nil:
		a.Cap = a.MaxStock
	case sells > 0:
		a.Cap = &sells
	}
	a.OverCap = a.Cap != nil && a.position()+a.Quantity > *a.Cap
}

// position is what there is to sell, with what was ordered or soon will be.
func (a *Advice) position() int64 { return a.Available + a.Incoming + a.Drafted - a.Backordered }

// due says whether it is time to order.
func (a *Advice) due() bool { return a.Quantity > 0 && a.position() <= a.ReorderPoint }

// price says what it costs.
func (a *Advice) price() error {
	if a.UnitCost = a.source.Cost; a.UnitCost == nil {
		a.UnitCost = a.VariantCost
	}
	if a.UnitCost == nil {
		return nil
	}
	cost, err := a.UnitCost.Mul(a.Quantity)
	if err != nil {
		return tooLarge(0)
	}
	a.Cost = &cost
	return nil
}

// up rounds up to whole units; a hair above a whole one is that one, since these are sums of products of floats.
func up(units float64) int64 {
	return int64(math.Ceil(min(units, 1e12) - 1e-9))
}

// z is by how many standard deviations a normal demand stays below the safety stock in so many of a hundred waits: 1.645 for 95.
func z(level int64) float64 {
	return math.Sqrt2 * math.Erfinv(2*float64(level)/100-1)
}

// Wanted is what of the advice shall be ordered.
type Wanted struct {
	Lines []WantedLine `json:"lines" minItems:"1" maxItems:"500"`
}

// WantedLine is so much of a variant, from a supplier, for a location.
type WantedLine struct {
	VariantID  int64 `json:"variantId" minimum:"1"`
	LocationID int64 `json:"locationId" minimum:"1"`
	SupplierID int64 `json:"supplierId" minimum:"1"`
	Quantity   int64 `json:"quantity" minimum:"1" maximum:"1000000"`
}

// Drafted are the drafts that were made of advice.
type Drafted struct {
	Orders []PurchaseOrder `json:"orders"`
}

// Draft makes of what is wanted a draft for each supplier and location, of some more where there are more than a hundred lines, in
// the order in which they are named first. It fails as Create does, and names the line.
func Draft(ctx context.Context, d *db.DB, in Wanted) (*Drafted, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Drafted, error) {
		type place struct{ supplier, location int64 }
		var drafts []NewPurchase
		var lines [][]int // of each draft, which of those wanted
		open := map[place]int{}
		for i, l := range in.Lines {
			at := place{l.SupplierID, l.LocationID}
			n, there := open[at]
			if !there || len(drafts[n].Lines) == MaxLines {
				n, open[at] = len(drafts), len(drafts)
				drafts, lines = append(drafts, NewPurchase{SupplierID: l.SupplierID, LocationID: l.LocationID}), append(lines, nil)
			}
			drafts[n].Lines = append(drafts[n].Lines, NewPurchaseLine{VariantID: l.VariantID, Quantity: l.Quantity})
			lines[n] = append(lines[n], i)
		}
		out := &Drafted{Orders: make([]PurchaseOrder, 0, len(drafts))}
		for n, draft := range drafts {
			p, err := CreateIn(tx, draft)
			if err != nil {
				return nil, atLine(err, lines[n])
			}
			out.Orders = append(out.Orders, *p)
		}
		return out, nil
	})
}

// atLine names the wanted line that a draft was refused for: lines are those that the draft is of.
func atLine(err error, lines []int) error {
	var e *db.Error
	if !errors.As(err, &e) {
		return err
	}
	at, rest, whole := 0, e.Field, *e
	if n, _ := fmt.Sscanf(e.Field, "lines[%d].%s", &at, &rest); n == 0 { // of the supplier or the location, as its first line names them
		at, rest = 0, e.Field
	}
	whole.Field = fmt.Sprintf("lines[%d].%s", lines[at], rest)
	return &whole
}
