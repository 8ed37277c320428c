package stock

import (
	"encoding/json"
	"fmt"
	"math"

	"onhand/db"
)

// paceDays is how many whole days before today are looked at to say how fast something sells.
const paceDays = 90

// Pace is how fast a variant sells at a location: units sold within the window, on how many days of it there were any to sell, and
// the sum of the squares of what each day sold.
type Pace struct{ Sold, Days, Squares int64 }

// PerDay is the mean of what is sold on a day with something to sell, and its standard deviation, both in units; 0 where there was none.
func (p Pace) PerDay() (mean, deviation float64) {
	if p.Days == 0 {
		return 0, 0
	}
	n, sum := float64(p.Days), float64(p.Sold)
	if p.Days > 1 {
		deviation = math.Sqrt(max(0, n*float64(p.Squares)-sum*sum) / (n * (n - 1)))
	}
	return sum / n, deviation
}

// Cover is for how many days so many last (DESIGN.md 4: available / d), nil where none was sold.
func (p Pace) Cover(units int64) *int64 {
	if p.Sold <= 0 || p.Days <= 0 {
		return nil
	}
	days := units * p.Days / p.Sold
	return &days
}

// Sells is how many are sold in so many days at this pace.
func (p Pace) Sells(days int64) int64 {
	if p.Sold <= 0 || p.Days <= 0 || days <= 0 {
		return 0
	}
	return p.Sold * days / p.Days
}

// paceSQL is the pace of a level lv: sold and days of the window from ?2 to the day before ?3. Of each day on which something moved, when
// something was there, it takes that day and the days carried before it; from the last one on its closing was on the shelf.
const paceSQL = `SELECT coalesce(sum(sold), 0) AS sold, coalesce(sum(min(sold, 1000000) * min(sold, 1000000)), 0) AS squares,
		coalesce(sum(1 + iif(carried = 0, 0, min(carried, CAST(julianday(date) - julianday(?2) AS INTEGER)))), 0) +
		coalesce((SELECT iif(closing = 0, 0, CAST(julianday(?3) - max(julianday(date) + 1, julianday(?2)) AS INTEGER)) FROM stock_days e
			WHERE e.variant_id = lv.variant_id AND e.location_id = lv.location_id AND e.date < ?3 ORDER BY e.date DESC LIMIT 1), 0) AS days
	FROM stock_days d WHERE d.variant_id = lv.variant_id AND d.location_id = lv.location_id AND d.date >= ?2 AND d.date < ?3`

// PacesAt is how fast it sells at some places.
func PacesAt(tx *db.Tx, places []Place) (map[Place]Pace, error) {
	at, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Place `bun:",extend"`
		Pace  string
	}
	err = tx.Select(&rows, `SELECT variant_id, location_id, (SELECT json_array(sold, days, squares) FROM (`+paceSQL+`)) AS pace
		FROM (SELECT DISTINCT value ->> 'VariantID' AS variant_id, value ->> 'LocationID' AS location_id FROM json_each(?1)) lv`, string(at), day.AddDays(-paceDays), day)
	if err != nil {
		return nil, fmt.Errorf("read how fast it sells: %w", err)
	}
	paces := make(map[Place]Pace, len(rows))
	for _, r := range rows {
		var p Pace
		if err := json.Unmarshal([]byte(r.Pace), &[]any{&p.Sold, &p.Days, &p.Squares}); err != nil {
			return nil, err
		}
		paces[r.Place] = p
	}
	return paces, nil
}

// risksAt is how much of each dated lot at some places will be left on the day it expires.
func risksAt(tx *db.Tx, places []Place) (map[int64]int64, error) {
	if len(places) == 0 {
		return nil, nil
	}
	day, err := today(tx)
	if err != nil {
		return nil, err
	}
	paces, err := PacesAt(tx, places)
	if err != nil {
		return nil, err
	}
	at, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	var lots []struct {
		ID, VariantID, LocationID, Free int64
		ExpiresOn                       db.Date
	}
	err = tx.Select(&lots, `SELECT id, variant_id, location_id, quantity - unavailable AS free, expires_on FROM lots
		WHERE (variant_id, location_id) IN (SELECT value ->> 'VariantID', value ->> 'LocationID' FROM json_each(?1))
			AND expired_at IS NULL AND quantity > 0 AND expires_on <> 'never' ORDER BY expires_on, id`, string(at))
	if err != nil {
		return nil, fmt.Errorf("read what expires: %w", err)
	}
	risks, covered := map[int64]int64{}, map[Place]int64{}
	for _, l := range lots {
		p := Place{l.VariantID, l.LocationID}
		sold := min(l.Free, max(0, paces[p].Sells(day.DaysTo(l.ExpiresOn))-covered[p]))
		covered[p] += sold
		risks[l.ID] = l.Free - sold
	}
	return risks, nil
}
