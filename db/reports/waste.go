package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// WasteQuery says of which business dates, both included, and by what.
type WasteQuery struct {
	From, To db.Date
	By       string // month, category, reason, product or location
}

// WasteReport is what was thrown away, beside what was sold and what else left without being sold.
type WasteReport struct {
	From     db.Date     `json:"from" format:"date"`
	To       db.Date     `json:"to" format:"date"`
	TimeZone string      `json:"timeZone"`
	Items    []WasteItem `json:"items"`
	Total    WasteSums   `json:"total"`
	Previous WasteBefore `json:"previous" doc:"the same number of days before, or of whole months"`
}

// WasteItem is a month, a category, a product, a location or a reason. Of a reason all its units are in the field it counts in, and
// there is nothing sold.
type WasteItem struct {
	Key   string `json:"key" doc:"2026-07 of a month, the reason, else an id; empty for what has no category"`
	Label string `json:"label" doc:"the name of a product or location, the path of a category"`
	WasteSums
}

// WasteSums are units and, with cost.read, costs in minor units. What somebody undid is taken off on the day they did.
type WasteSums struct {
	Units         int64         `json:"units" doc:"wasted: damaged or thrown away, of returns and of what has expired too"`
	Cost          *money.Amount `json:"cost,omitempty" doc:"absent without cost.read"`
	Sold          int64         `json:"sold" doc:"by the sale entries: less what was cancelled and came back"`
	Rate          *int64        `json:"rate,omitempty" doc:"wasted of wasted and sold, in thousandths of a percent; absent where neither was"`
	Shrinkage     int64         `json:"shrinkage" doc:"stolen, or lost on the way"`
	ShrinkageCost *money.Amount `json:"shrinkageCost,omitempty" doc:"absent without cost.read"`
	Donated       int64         `json:"donated"`
	DonatedCost   *money.Amount `json:"donatedCost,omitempty" doc:"absent without cost.read"`
}

// WasteBefore is the total of the period before.
type WasteBefore struct {
	From db.Date `json:"from" format:"date"`
	To   db.Date `json:"to" format:"date"`
	WasteSums
}

// wasteBy is how movements m and sale entries e of the variant v are grouped, and what the groups are called.
var wasteBy = map[string]struct{ key, label string }{
	"month":    {"substr(x.business_date, 1, 7)", "''"},
	"category": {"coalesce(p.category_id, '')", "coalesce(c.path, '')"},
	"product":  {"v.product_id", "p.name"},
	"location": {"x.location_id", "l.name"},
	"reason":   {"x.why", "''"},
}

// Waste sums up what was wasted. Items are what had any of it; of months, categories and locations also those that sold. It fails with
// bad_range.
func Waste(ctx context.Context, d *db.DB, q WasteQuery) (*WasteReport, error) {
	if q.From > q.To || q.From.DaysTo(q.To) > mostDays {
		return nil, db.Refuse("bad_range", "to", "Ask for at most ten years, and for a day that is not before the first.").With("first", q.From)
	}
	r := &WasteReport{From: q.From, To: q.To}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		r.TimeZone = s.TimeZone
		if r.Items, r.Total, err = waste(tx, q, tx.Actor); err != nil {
			return err
		}
		r.Previous.From, r.Previous.To = before(q.From, q.To)
		_, r.Previous.WasteSums, err = waste(tx, WasteQuery{r.Previous.From, r.Previous.To, "reason"}, tx.Actor)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sum up the waste: %w", err)
	}
	return r, nil
}

// mostDays is how long a report may be.
const mostDays = 3660

// before is the period before another one: of whole months as many months, else as many days.
func before(from, to db.Date) (first, last db.Date) {
	last = from.AddDays(-1)
	if from[8:] == "01" && to.AddDays(1)[8:] == "01" {
		months := 12*(year(to)-year(from)) + month(to) - month(from) + 1
		at, _ := time.Parse("2006-01-02", string(from)) // a date is one
		return db.Date(at.AddDate(0, -months, 0).Format("2006-01-02")), last
	}
	return from.AddDays(int(-from.DaysTo(to) - 1)), last
}

func year(d db.Date) (n int) { _, _ = fmt.Sscanf(string(d), "%4d", &n); return n }

func month(d db.Date) (n int) { _, _ = fmt.Sscanf(string(d[5:]), "%2d", &n); return n }

// lost is what left without being sold under one key.
type lost struct {
	Key, Label                                        string
	Units, Cost, Shrinkage, Shrunk, Donated, Given, Q int64
}

func waste(tx *db.Tx, q WasteQuery, reader db.Actor) ([]WasteItem, WasteSums, error) {
	by, scope := wasteBy[q.By], reader.Scope()
	var rows []lost
	err := tx.Select(&rows, `SELECT `+by.key+` AS key, `+by.label+` AS label,
			-sum(iif(x.why IN ('damage', 'waste'), x.delta, 0)) AS units, -sum(iif(x.why IN ('damage', 'waste'), x.cost, 0)) AS cost,
			-sum(iif(x.why IN ('theft', 'lost'), x.delta, 0)) AS shrinkage, -sum(iif(x.why IN ('theft', 'lost'), x.cost, 0)) AS shrunk,
			-sum(iif(x.why = 'donated', x.delta, 0)) AS donated, -sum(iif(x.why = 'donated', x.cost, 0)) AS given
		FROM (SELECT m.business_date, m.variant_id, m.location_id, m.delta, m.cost, `+stock.LostForSQL+` AS why FROM movements m
			WHERE `+stock.LostSQL+` AND m.business_date BETWEEN ?1 AND ?2 AND `+scope.Where("+m.location_id")+`) x
		CROSS JOIN variants v ON v.id = x.variant_id CROSS JOIN products p ON p.id = v.product_id CROSS JOIN locations l ON l.id = x.location_id LEFT JOIN categories c ON c.id = p.category_id
		WHERE x.why IN ('damage', 'waste', 'theft', 'lost', 'donated') GROUP BY 1`, q.From, q.To)
	if err != nil {
		return nil, WasteSums{}, err
	}
	key, label := by.key, by.label
	if q.By == "reason" {
		key, label = "''", "''"
	}
	var sold []lost
	err = tx.Select(&sold, `SELECT `+key+` AS key, `+label+` AS label, sum(x.quantity) AS q FROM sale_entries x
		CROSS JOIN variants v ON v.id = x.variant_id CROSS JOIN products p ON p.id = v.product_id CROSS JOIN locations l ON l.id = x.location_id LEFT JOIN categories c ON c.id = p.category_id
		WHERE x.business_date BETWEEN ?1 AND ?2 AND `+scope.Where("+x.location_id")+` GROUP BY 1`, q.From, q.To)
	if err != nil {
		return nil, WasteSums{}, err
	}
	items, total := q.items(rows, sold, reader.Can("cost.read"))
	return items, total, nil
}

// items puts what left and what was sold side by side, what was wasted most first, months in their order.
func (q WasteQuery) items(rows, sold []lost, costs bool) ([]WasteItem, WasteSums) {
	at := map[string]*lost{}
	var all lost
	for i := range rows {
		at[rows[i].Key] = &rows[i]
		all.add(rows[i])
	}
	for _, s := range sold {
		all.Q += s.Q
		switch l := at[s.Key]; {
		case l != nil:
			l.Q = s.Q
		case q.By != "product" && q.By != "reason":
			at[s.Key] = &s
		}
	}
	items := make([]WasteItem, 0, len(at))
	for _, l := range at {
		item := WasteItem{l.Key, l.Label, l.sums(costs)}
		if q.By == "reason" {
			item.Rate = nil
		}
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b WasteItem) int {
		if q.By == "month" {
			return cmp.Compare(a.Key, b.Key)
		}
		return cmp.Or(cmp.Compare(b.Units, a.Units), cmp.Compare(b.Shrinkage+b.Donated, a.Shrinkage+a.Donated), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Key, b.Key))
	})
	return items, all.sums(costs)
}

func (l *lost) add(m lost) {
	l.Units, l.Cost, l.Shrinkage, l.Shrunk, l.Donated, l.Given = l.Units+m.Units, l.Cost+m.Cost, l.Shrinkage+m.Shrinkage, l.Shrunk+m.Shrunk, l.Donated+m.Donated, l.Given+m.Given
}

func (l *lost) sums(costs bool) WasteSums {
	s := WasteSums{Units: l.Units, Sold: l.Q, Shrinkage: l.Shrinkage, Donated: l.Donated, Rate: wasteRate(l.Units, l.Q)}
	if costs {
		amount := func(n int64) *money.Amount { a := money.Amount(n); return &a }
		s.Cost, s.ShrinkageCost, s.DonatedCost = amount(l.Cost), amount(l.Shrunk), amount(l.Given)
	}
	return s
}

// wasteRate is DESIGN.md 4's: wasted/(wasted+sold), in thousandths of a percent, never below none or above all; nil where neither was. More may
// have been undone, or come back, in a time than was wasted or sold in it.
func wasteRate(wasted, sold int64) *int64 {
	wasted, sold = max(0, wasted), max(0, sold)
	if wasted+sold == 0 {
		return nil
	}
	part, err := money.Amount(wasted).Part(100_000, wasted+sold)
	if err != nil {
		return nil
	}
	rate := int64(part)
	return &rate
}
