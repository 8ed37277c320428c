// Package purchasing is what the shop orders at its suppliers: the orders, what of them arrives at what cost, and how long that takes.
package purchasing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// PurchaseStatus is where an order at a supplier is.
type PurchaseStatus string

// The statuses: draft -> sent -> partially_received -> received, and each but the last -> cancelled.
const (
	PurchaseDraft     PurchaseStatus = "draft"
	PurchaseSent      PurchaseStatus = "sent"
	PurchasePartly    PurchaseStatus = "partially_received"
	PurchaseReceived  PurchaseStatus = "received"
	PurchaseCancelled PurchaseStatus = "cancelled"
)

// PurchaseOrder is what the shop orders at a supplier for one of its locations. Costs are there for those who may see them.
type PurchaseOrder struct {
	ID           int64          `json:"id"`
	Number       string         `json:"number" doc:"given when it is sent; empty until then"`
	Status       PurchaseStatus `json:"status" enum:"draft,sent,partially_received,received,cancelled" doc:"cancelled may have been received in part: its lines say how much"`
	SupplierID   int64          `json:"supplierId"`
	SupplierName string         `json:"supplierName"`
	LocationID   int64          `json:"locationId" doc:"where it is delivered to"`
	LocationName string         `json:"locationName"`
	Note         string         `json:"note" doc:"for the supplier; printed on the order"`
	ExpectedOn   *db.Date       `json:"expectedOn" format:"date" doc:"when it should come; null where nobody says"`
	LateDays     int64          `json:"lateDays" bun:"-" doc:"for how many days it should have been here; 0 while it is not late"`
	Lines        []PurchaseLine `json:"lines" bun:"-"`
	Timeline     []PurchaseStep `json:"timeline" bun:"-" doc:"who did what, the oldest first"`
	Costs        *PurchaseCosts `json:"costs,omitempty" bun:"-"`
	Version      int64          `json:"version"`
	CreatedAt    db.Time        `json:"createdAt" format:"date-time"`
	SentAt       *db.Time       `json:"sentAt" format:"date-time"`
	ClosedAt     *db.Time       `json:"closedAt" format:"date-time" doc:"when nothing of it was to come any more"`
	UpdatedAt    db.Time        `json:"updatedAt" format:"date-time"`

	Freight money.Amount `json:"-"`
	Duty    money.Amount `json:"-"`
}

// PurchaseCosts are what an order comes to, in minor units.
type PurchaseCosts struct {
	Ordered  money.Amount `json:"ordered" doc:"the goods, as ordered"`
	Received money.Amount `json:"received" doc:"the goods that came, without freight and duty"`
	Freight  money.Amount `json:"freight"`
	Duty     money.Amount `json:"duty"`
}

// PurchaseLine is how much of a variant is ordered, and where it is.
type PurchaseLine struct {
	ID         int64             `json:"id"`
	VariantID  int64             `json:"variantId"`
	SKU        string            `json:"sku" bun:"sku"`
	Name       string            `json:"name"`
	Code       string            `json:"code" doc:"what the supplier calls it"`
	TracksLots bool              `json:"tracksLots"`
	Quantity   int64             `json:"quantity"`
	OnWay      int64             `json:"onWay" doc:"ordered, and neither received nor called off"`
	Received   int64             `json:"received" doc:"may be more than was ordered"`
	Cancelled  int64             `json:"cancelled" doc:"called off: it will not come any more"`
	UnitCost   *money.Amount     `json:"unitCost,omitempty" doc:"of one as ordered, in minor units"`
	Cost       *money.Amount     `json:"cost,omitempty" bun:"-" doc:"of the line as ordered"`
	MOQ        int64             `json:"moq" bun:"moq" doc:"the least that the supplier sells at once"`
	PackSize   int64             `json:"packSize" doc:"the supplier sells multiples of this"`
	Warnings   []PurchaseWarning `json:"warnings,omitempty" bun:"-" enum:"below_moq,off_pack,no_cost" doc:"of a draft: what the supplier may object to, and a cost that nobody knows"`

	Goods  money.Amount `json:"-" bun:"goods_cost"` // what was received cost
	Extra  money.Amount `json:"-" bun:"extra_cost"` // its share of freight and duty
	Waited int64        `json:"-"`                  // the days each received unit took, added up
	Lead   *int64       `json:"-" bun:"lead_days"`
}

// PurchaseWarning is what is odd about a line of a draft. It does not keep the order from being sent.
type PurchaseWarning string

// The warnings.
const (
	BelowMOQ PurchaseWarning = "below_moq"
	OffPack  PurchaseWarning = "off_pack"
	NoCost   PurchaseWarning = "no_cost"
)

// PurchaseStep is one thing that was done with an order.
type PurchaseStep struct {
	At          db.Time           `json:"at" format:"date-time"`
	Kind        string            `json:"kind" enum:"drafted,changed,sent,mailed,received,cancelled"`
	Actor       string            `json:"actor"`
	MailedTo    string            `json:"mailedTo,omitempty" bun:"recipient"`
	Lines       []PurchaseArrival `json:"lines,omitempty" bun:"-" doc:"what came"`
	Changes     []PurchaseEdit    `json:"changes,omitempty" bun:"-" doc:"how it was changed"`
	FreightCost money.Amount      `json:"freightCost,omitempty" bun:"freight"`
	DutyCost    money.Amount      `json:"dutyCost,omitempty" bun:"duty"`

	Came    string `json:"-" bun:"lines"`
	Changed string `json:"-" bun:"changes"`
}

// PurchaseItem is an order in the list of all.
type PurchaseItem struct {
	ID           int64          `json:"id"`
	Number       string         `json:"number"`
	Status       PurchaseStatus `json:"status" enum:"draft,sent,partially_received,received,cancelled"`
	SupplierID   int64          `json:"supplierId"`
	SupplierName string         `json:"supplierName"`
	LocationID   int64          `json:"locationId"`
	LocationName string         `json:"locationName"`
	ExpectedOn   *db.Date       `json:"expectedOn" format:"date"`
	LateDays     int64          `json:"lateDays" bun:"-" doc:"for how many days it should have been here"`
	What         string         `json:"what" doc:"its first product"`
	LineCount    int64          `json:"lineCount"`
	Units        int64          `json:"units" doc:"ordered, of all lines"`
	OnWay        int64          `json:"onWay"`
	Received     int64          `json:"received"`
	Cancelled    int64          `json:"cancelled"`
	Cost         *money.Amount  `json:"cost,omitempty" doc:"of the goods as ordered, in minor units"`
	CreatedAt    db.Time        `json:"createdAt" format:"date-time"`
	SentAt       *db.Time       `json:"sentAt" format:"date-time"`
	UpdatedAt    db.Time        `json:"updatedAt" format:"date-time"`
}

// PurchaseFilter says which orders to list; its zero value is all for locations that the actor sees.
type PurchaseFilter struct {
	db.List
	// Open keeps to what somebody has to look at: drafts, and what is still to come; Late to what should have come before today.
	Open, Late bool
	Status     PurchaseStatus
	SupplierID int64
	LocationID int64
}

// openSQL is the condition of a partial index, word for word.
const openSQL = "p.status IN ('draft', 'sent', 'partially_received')"

const purchaseTables = ` FROM purchase_orders p CROSS JOIN suppliers s ON s.id = p.supplier_id CROSS JOIN locations l ON l.id = p.location_id `

const purchaseColumns = `p.id, coalesce(p.number, '') AS number, p.status, p.supplier_id, s.name AS supplier_name, p.location_id, l.name AS location_name,
	p.expected_on, p.created_at, p.sent_at, p.updated_at`

// Orders lists orders at suppliers, the newest first.
func Orders(ctx context.Context, d *db.DB, f PurchaseFilter) (page db.Page[PurchaseItem], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		today, err := today(tx)
		if err != nil {
			return err
		}
		where, args, err := f.where(tx, today)
		if err != nil {
			return err
		}
		cost := "NULL"
		if tx.Actor.Can("cost.read") {
			cost = "sum(x.quantity * x.unit_cost)"
		}
		rows := []PurchaseItem{}
		err = tx.Select(&rows, `SELECT p.*, count(*) AS line_count, sum(x.quantity) AS units, sum(x.on_way) AS on_way, sum(x.received) AS received, sum(x.cancelled) AS cancelled,
				`+cost+` AS cost, (SELECT v.name FROM purchase_lines y JOIN variants v ON v.id = y.variant_id WHERE y.purchase_id = p.id ORDER BY y.id LIMIT 1) AS what
			FROM (SELECT `+purchaseColumns+purchaseTables+"WHERE "+where+` ORDER BY p.id DESC LIMIT ?) p CROSS JOIN purchase_lines x ON x.purchase_id = p.id
			GROUP BY p.id ORDER BY p.id DESC`, append(args, f.Size()+1)...)
		for i := range rows {
			rows[i].LateDays = lateDays(rows[i].Status, rows[i].ExpectedOn, today)
		}
		page = db.PageOf(rows, f.Size(), func(p PurchaseItem) string { return db.Cursor(p.ID) })
		return err
	})
	if err != nil {
		return page, fmt.Errorf("list orders at suppliers: %w", err)
	}
	return page, nil
}

func (f PurchaseFilter) where(tx *db.Tx, today db.Date) (string, []any, error) {
	where, args := []string{tx.Actor.Scope().Where("p.location_id")}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Open || f.Late || slices.Contains([]PurchaseStatus{PurchaseDraft, PurchaseSent, PurchasePartly}, f.Status) {
		and(openSQL)
	}
	if f.Late {
		and("+p.status <> 'draft' AND p.expected_on < ?", today)
	}
	if f.Status != "" {
		and("+p.status = ?", f.Status)
	}
	if f.SupplierID != 0 {
		and("p.supplier_id = ?", f.SupplierID)
	}
	if f.LocationID != 0 {
		and("p.location_id = ?", f.LocationID)
	}
	if q := strings.TrimPrefix(strings.TrimSpace(f.Q), "#"); q != "" {
		name := db.SortKey(q)
		and("(p.number = ? OR p.supplier_id IN (SELECT id FROM suppliers WHERE sort_key >= ? AND sort_key < ?))", strings.ToUpper(q), name, db.PrefixEnd(name))
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		and("p.id < ?", last)
	}
	return strings.Join(where, " AND "), args, err
}

// lateDays is for how many days something that is still to come should have been here.
func lateDays(status PurchaseStatus, expected *db.Date, today db.Date) int64 {
	if expected == nil || status != PurchaseSent && status != PurchasePartly {
		return 0
	}
	return max(0, expected.DaysTo(today))
}

func today(tx *db.Tx) (db.Date, error) {
	s, err := settings.In(tx)
	if err != nil {
		return "", err
	}
	return s.Today(tx.Now), nil
}

// OrderByID returns an order with its lines and its timeline; not_found where the actor does not see its location.
func OrderByID(ctx context.Context, d *db.DB, id int64) (p *PurchaseOrder, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		p, err = orderShown(tx, id)
		return err
	})
	return p, err
}

// orderShown is an order as it is answered, without what the actor may not see.
func orderShown(tx *db.Tx, id int64) (*PurchaseOrder, error) {
	p, err := orderIn(tx, id)
	if err != nil {
		return nil, err
	}
	return p.seenBy(tx.Actor), nil
}

// orderIn is an order with its costs, for reckoning.
func orderIn(tx *db.Tx, id int64) (*PurchaseOrder, error) {
	p := &PurchaseOrder{Lines: []PurchaseLine{}}
	err := tx.Get(p, "SELECT "+purchaseColumns+", p.note, p.version, p.closed_at, p.freight, p.duty"+purchaseTables+"WHERE p.id = ?1 AND "+tx.Actor.Scope().Where("p.location_id"), id)
	if err != nil {
		return nil, db.Found(err, "purchase order")
	}
	err = tx.Select(&p.Lines, `SELECT l.id, l.variant_id, v.sku, v.name, v.tracks_lots, l.code, l.quantity, l.on_way, l.received, l.cancelled, l.unit_cost,
			l.goods_cost, l.extra_cost, l.waited, l.lead_days, coalesce(i.moq, 1) AS moq, coalesce(i.pack_size, 1) AS pack_size
		FROM purchase_lines l JOIN variants v ON v.id = l.variant_id LEFT JOIN supplier_items i ON i.variant_id = l.variant_id AND i.supplier_id = ?2
		WHERE l.purchase_id = ?1 ORDER BY l.id`, id, p.SupplierID)
	if err != nil {
		return nil, fmt.Errorf("read the lines of an order: %w", err)
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	p.LateDays = lateDays(p.Status, p.ExpectedOn, day)
	if err := p.addUp(); err != nil {
		return nil, err
	}
	return p, p.readTimeline(tx)
}

// addUp works out what follows from the lines.
func (p *PurchaseOrder) addUp() error {
	p.Costs = &PurchaseCosts{Freight: p.Freight, Duty: p.Duty}
	for i := range p.Lines {
		l := &p.Lines[i]
		cost, err := l.UnitCost.Mul(l.Quantity)
		if err == nil {
			p.Costs.Ordered, err = p.Costs.Ordered.Add(cost)
		}
		if err == nil {
			p.Costs.Received, err = p.Costs.Received.Add(l.Goods)
		}
		if err != nil {
			return tooLarge(i)
		}
		l.Cost = &cost
		if p.Status == PurchaseDraft {
			l.warn()
		}
	}
	return nil
}

func tooLarge(line int) error {
	return db.Refuse("too_large", fmt.Sprintf("lines[%d].unitCost", line), "The value of this order would be larger than the books can hold.")
}

func (l *PurchaseLine) warn() {
	if l.Quantity < l.MOQ {
		l.Warnings = append(l.Warnings, BelowMOQ)
	}
	if l.Quantity%l.PackSize != 0 {
		l.Warnings = append(l.Warnings, OffPack)
	}
	if *l.UnitCost == 0 {
		l.Warnings = append(l.Warnings, NoCost)
	}
}

// seenBy takes the costs out for those who may not see them.
func (p *PurchaseOrder) seenBy(a db.Actor) *PurchaseOrder {
	if a.Can("cost.read") {
		return p
	}
	seen := *p
	seen.Costs, seen.Lines, seen.Timeline = nil, slices.Clone(p.Lines), slices.Clone(p.Timeline)
	for i := range seen.Lines {
		l := &seen.Lines[i]
		l.UnitCost, l.Cost = nil, nil
		l.Warnings = slices.DeleteFunc(slices.Clone(l.Warnings), func(w PurchaseWarning) bool { return w == NoCost })
	}
	for i := range seen.Timeline {
		s := &seen.Timeline[i]
		s.FreightCost, s.DutyCost = 0, 0
		s.Lines = slices.Clone(s.Lines)
		for n := range s.Lines {
			s.Lines[n].UnitCost = nil
		}
		s.Changes = slices.DeleteFunc(slices.Clone(s.Changes), func(e PurchaseEdit) bool { return e.What == editCost })
	}
	return &seen
}

// maxSteps is how much of its timeline an order shows; nobody unpacks one in so many parts.
const maxSteps = 1000

func (p *PurchaseOrder) readTimeline(tx *db.Tx) error {
	p.Timeline = []PurchaseStep{}
	err := tx.Select(&p.Timeline, `SELECT at, kind, actor_name AS actor, recipient, lines, changes, freight, duty
		FROM purchase_steps WHERE purchase_id = ?1 ORDER BY id LIMIT ?2`, p.ID, maxSteps)
	for i := range p.Timeline {
		s := &p.Timeline[i]
		if err == nil {
			err = errors.Join(json.Unmarshal([]byte(s.Came), &s.Lines), json.Unmarshal([]byte(s.Changed), &s.Changes))
		}
	}
	if err != nil {
		return fmt.Errorf("read the timeline of an order: %w", err)
	}
	return nil
}

// save writes where an order is now and who brought it there, and answers it as it stands.
func (p *PurchaseOrder) save(tx *db.Tx, done PurchaseStep) (*PurchaseOrder, error) {
	p.UpdatedAt = tx.Now
	p.Version++
	_, err := tx.Exec(`UPDATE purchase_orders SET number = nullif(?2, ''), status = ?3, version = ?4, sent_at = ?5, closed_at = ?6, updated_at = ?7, expected_on = ?8,
		freight = ?9, duty = ?10, lead_days = ?11, note = ?12, location_id = ?13 WHERE id = ?1`,
		p.ID, p.Number, p.Status, p.Version, p.SentAt, p.ClosedAt, p.UpdatedAt, p.ExpectedOn, p.Freight, p.Duty, p.lead(), p.Note, p.LocationID)
	if err != nil {
		return nil, fmt.Errorf("save an order: %w", err)
	}
	if err := p.step(tx, done); err != nil {
		return nil, err
	}
	return orderShown(tx, p.ID)
}

// step notes on the timeline what was done, and tells the location.
func (p *PurchaseOrder) step(tx *db.Tx, done PurchaseStep) error {
	lines, err := json.Marshal(slices.Concat([]PurchaseArrival{}, done.Lines))
	if err != nil {
		return err
	}
	changes, err := json.Marshal(slices.Concat([]PurchaseEdit{}, done.Changes))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO purchase_steps (purchase_id, at, kind, recipient, lines, changes, freight, duty, actor_kind, actor_id, actor_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`,
		p.ID, tx.Now, done.Kind, done.MailedTo, string(lines), string(changes), done.FreightCost, done.DutyCost, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return fmt.Errorf("note what was done with an order: %w", err)
	}
	return p.tell(tx, p.LocationID)
}

// tell lets a location hear of an order.
func (p *PurchaseOrder) tell(tx *db.Tx, location int64) error {
	return tx.Emit("purchases", p.ID, p.Version, location)
}

// document is what movements of an order, and what is expected of it, belong to.
func (p *PurchaseOrder) document() stock.Document {
	return stock.Document{Type: "purchase", ID: p.ID, Number: p.Number}
}

// line is one of its lines; nil where it has none of that id.
func (p *PurchaseOrder) line(id int64) *PurchaseLine {
	for i := range p.Lines {
		if p.Lines[i].ID == id {
			return &p.Lines[i]
		}
	}
	return nil
}

// lineOf is its line of a variant, nil for none: it has one at most.
func (p *PurchaseOrder) lineOf(variantID int64) *PurchaseLine {
	for i := range p.Lines {
		if p.Lines[i].VariantID == variantID {
			return &p.Lines[i]
		}
	}
	return nil
}

// comes says whether something of it is still to come.
func (p *PurchaseOrder) comes() bool {
	return slices.ContainsFunc(p.Lines, func(l PurchaseLine) bool { return l.OnWay > 0 })
}

func (l *PurchaseLine) save(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE purchase_lines SET on_way = ?2, received = ?3, cancelled = ?4, goods_cost = ?5, extra_cost = ?6, waited = ?7, lead_days = ?8 WHERE id = ?1",
		l.ID, l.OnWay, l.Received, l.Cancelled, l.Goods, l.Extra, l.Waited, l.lead())
	if err != nil {
		return fmt.Errorf("save the line of an order: %w", err)
	}
	return nil
}

// named is what a line is called on a timeline.
func (l *PurchaseLine) named() string { return cmp.Or(l.Name, l.SKU) }
