// Package reports reads what the owner wants to know.
package reports

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/stock"
)

// shown is how many rows of each list the dashboard carries.
const shown = 8

// Dashboard is the day so far in one look.
type Dashboard struct {
	Date        db.Date     `json:"date"`
	TimeZone    string      `json:"timeZone"`
	Currency    string      `json:"currency"`
	Today       SalesOfDay  `json:"today"`
	SameWeekday SalesOfDay  `json:"sameWeekday" doc:"the whole same weekday of last week"`
	Waiting     WaitingList `json:"waiting"`
	Low         StockList   `json:"low"`
	Begun       bool        `json:"begun" doc:"whether the shop has or had a product or an order"`
}

// SalesOfDay sums the sale entries of a business date.
type SalesOfDay struct {
	Date    db.Date      `json:"date"`
	Orders  int64        `json:"orders" doc:"placed that day and not cancelled on it"`
	Units   int64        `json:"units"`
	Revenue money.Amount `json:"revenue" doc:"with tax, less what was cancelled that day"`
}

// WaitingList is open orders, the oldest first.
type WaitingList struct {
	Items []sales.Order `json:"items"`
	More  bool          `json:"more"`
}

// StockList is what is low or out.
type StockList struct {
	Items []stock.Level `json:"items"`
	More  bool          `json:"more"`
}

// DashboardOf is the dashboard as the actor may see it.
func DashboardOf(ctx context.Context, d *db.DB) (*Dashboard, error) {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return nil, err
	}
	today := s.Today(db.TimeOf(d.Now()))
	b := &Dashboard{Date: today, TimeZone: s.TimeZone, Currency: s.Currency}
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) {
		if b.Today, err = salesOf(tx, today); err != nil {
			return err
		}
		if b.SameWeekday, err = salesOf(tx, today.AddDays(-7)); err != nil {
			return err
		}
		b.Begun, err = begun(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sum up the day: %w", err)
	}
	waiting, err := sales.Orders(ctx, d, sales.OrderFilter{List: db.List{Limit: shown}, Statuses: []sales.Status{sales.Placed, sales.Confirmed}, Open: true, OldestFirst: true})
	if err != nil {
		return nil, err
	}
	low, err := stock.Levels(ctx, d, stock.LevelFilter{List: db.List{Limit: shown}, States: []stock.State{stock.Low, stock.Out}})
	if err != nil {
		return nil, err
	}
	b.Waiting, b.Low = WaitingList{waiting.Items, waiting.Next != ""}, StockList{low.Items, low.Next != ""}
	return b, nil
}

func begun(tx *db.Tx) (bool, error) {
	yes, err := catalog.Begun(tx)
	if err != nil || yes {
		return yes, err
	}
	return sales.Begun(tx)
}

func salesOf(tx *db.Tx, date db.Date) (SalesOfDay, error) {
	day := SalesOfDay{Date: date}
	err := tx.Row(`SELECT coalesce(sum(placed AND NOT dropped), 0), coalesce(sum(units), 0), coalesce(sum(total), 0)
		FROM (SELECT max(kind = 'sale') AS placed, max(kind = 'cancel') AS dropped, sum(quantity) AS units, sum(total) AS total
			FROM sale_entries WHERE business_date = ?1 AND `+tx.Actor.Scope().Where("location_id")+` GROUP BY order_id)`,
		[]any{date}, &day.Orders, &day.Units, &day.Revenue)
	return day, err
}
