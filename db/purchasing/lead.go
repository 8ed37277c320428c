package purchasing

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
)

// How many of the newest orders a lead time is learned from, and how few tell less than what the supplier says of itself.
const (
	learnedFrom = 10
	enough      = 3
)

// LeadTime is how long it takes from an order to its delivery, in days of the calendar: what was learned from the newest ten orders
// that are over, each counting alike. Of an order, or a line of it, it is the mean over its units.
type LeadTime struct {
	Days      float64 `json:"days" doc:"the mean"`
	Deviation float64 `json:"deviation" doc:"the standard deviation; 0 where only one order tells"`
	Orders    int64   `json:"orders" doc:"from how many it is learned; 0 where it is only said"`
}

// Leads are lead times of some variants at whoever supplies them.
type Leads struct {
	suppliers map[int64]LeadTime
	items     map[item]LeadTime
}

type item struct{ SupplierID, VariantID int64 }

// Of is how long a supplier takes for a variant: as learned from orders of it, else from all orders, if three or more tell; else as
// somebody said, in days; else as the few tell that there are. The days are 0 where nobody knows.
func (l Leads) Of(supplierID, variantID, said int64) LeadTime {
	ofItem, ofAll := l.items[item{supplierID, variantID}], l.suppliers[supplierID]
	switch {
	case ofItem.Orders >= enough:
		return ofItem
	case ofAll.Orders >= enough:
		return ofAll
	case said > 0:
		return LeadTime{Days: float64(said)}
	}
	return cmp.Or(ofItem, ofAll)
}

// Learned is how long a supplier takes over all it sells; false where no order tells yet.
func (l Leads) Learned(supplierID int64) (LeadTime, bool) {
	t, known := l.suppliers[supplierID]
	return t, known
}

// LeadTimes are learned from orders of some variants and from all orders at each supplier, in one query however many they are.
func LeadTimes(tx *db.Tx, variantIDs []int64) (Leads, error) {
	asked, err := json.Marshal(variantIDs)
	if err != nil {
		return Leads{}, err
	}
	leads := Leads{map[int64]LeadTime{}, map[item]LeadTime{}}
	var rows []struct {
		SupplierID, VariantID, Orders, Days, Squares int64
	}
	err = tx.Select(&rows, `SELECT supplier_id, variant_id, count(*) AS orders, sum(days) AS days, sum(days * days) AS squares FROM (
			SELECT p.supplier_id, l.variant_id, l.lead_days AS days, row_number() OVER (PARTITION BY p.supplier_id, l.variant_id ORDER BY p.id DESC) AS place
				FROM purchase_lines l JOIN purchase_orders p ON p.id = l.purchase_id WHERE l.variant_id IN (SELECT value FROM json_each(?1)) AND l.lead_days IS NOT NULL
			UNION ALL SELECT supplier_id, 0, lead_days, row_number() OVER (PARTITION BY supplier_id ORDER BY id DESC) FROM purchase_orders WHERE lead_days IS NOT NULL)
		WHERE place <= ?2 GROUP BY supplier_id, variant_id`, string(asked), learnedFrom)
	if err != nil {
		return Leads{}, fmt.Errorf("learn lead times: %w", err)
	}
	for _, r := range rows {
		t := learn(r.Orders, r.Days, r.Squares)
		if r.VariantID == 0 {
			leads.suppliers[r.SupplierID] = t
		} else {
			leads.items[item{r.SupplierID, r.VariantID}] = t
		}
	}
	return leads, nil
}

// learn is the mean and the standard deviation of a sample, of its size, its sum and the sum of its squares.
func learn(n, sum, squares int64) LeadTime {
	t := LeadTime{Days: float64(sum) / float64(n), Orders: n}
	if n > 1 {
		t.Deviation = math.Sqrt(float64(n*squares-sum*sum) / float64(n*(n-1)))
	}
	return t
}

// LeadTimeOf is what was learned of a supplier, nil where no order tells yet.
func LeadTimeOf(ctx context.Context, d *db.DB, supplierID int64) (t *LeadTime, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		leads, err := LeadTimes(tx, nil)
		if learned, known := leads.Learned(supplierID); known {
			t = &learned
		}
		return err
	})
	return t, err
}

// due is when an order that is sent today should be here: once the slowest of its lines is. Nil where nobody knows of any.
func (p *PurchaseOrder) due(tx *db.Tx, s *catalog.Supplier, day db.Date) (*db.Date, error) {
	ids := make([]int64, len(p.Lines))
	for i, l := range p.Lines {
		ids[i] = l.VariantID
	}
	leads, err := LeadTimes(tx, ids)
	if err != nil {
		return nil, err
	}
	sources, err := catalog.SourcesOf(tx, ids)
	if err != nil {
		return nil, err
	}
	longest, known := 0.0, false
	for _, id := range ids {
		said := s.LeadTimeDays
		for _, source := range sources[id] {
			if source.SupplierID == p.SupplierID {
				said = source.LeadTimeDays
			}
		}
		t := leads.Of(p.SupplierID, id, said)
		longest, known = max(longest, t.Days), known || t != (LeadTime{})
	}
	if !known {
		return nil, nil
	}
	on := day.AddDays(int(math.Ceil(longest)))
	return &on, nil
}

// sentOn is the business date on which an order was sent.
func sentOn(tx *db.Tx, p *PurchaseOrder) (db.Date, error) {
	s, err := settings.In(tx)
	if err != nil {
		return "", err
	}
	return s.Today(*p.SentAt), nil
}

// lead is how long a unit of an order took, nil while something is to come or where nothing came.
func (p *PurchaseOrder) lead() *int64 {
	if p.ClosedAt == nil {
		return nil
	}
	var waited, received int64
	for _, l := range p.Lines {
		waited, received = waited+l.Waited, received+l.Received
	}
	return mean(waited, received)
}

// lead is how long a unit of a line took, nil while some are to come or where none came.
func (l *PurchaseLine) lead() *int64 {
	if l.OnWay > 0 {
		return nil
	}
	return mean(l.Waited, l.Received)
}

// mean is a mean in whole days, rounded half up.
func mean(sum, n int64) *int64 {
	if n == 0 {
		return nil
	}
	days := (2*sum + n) / (2 * n)
	return &days
}
