package stock

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// PastLevel is what there was of a variant at a location at some moment: opening plus the movements is onHand.
type PastLevel struct {
	VariantID    int64      `json:"variantId"`
	SKU          string     `json:"sku" bun:"sku"`
	Name         string     `json:"name"`
	LocationID   int64      `json:"locationId"`
	LocationName string     `json:"locationName"`
	At           db.Time    `json:"at" bun:"-"`
	OnHand       int64      `json:"onHand" bun:"-" doc:"physically there at that moment"`
	Opening      int64      `json:"opening" bun:"-" doc:"the sum of all older movements"`
	Movements    []Movement `json:"movements" bun:"-" doc:"those until then, newest first"`
}

// AsOf is a level at a moment of the past; one of today that is still to come counts as now, since clocks differ. It fails with not_found and,
// for a later day, out_of_range.
func AsOf(ctx context.Context, d *db.DB, variantID, locationID int64, at db.Time) (*PastLevel, error) {
	l := &PastLevel{}
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		if _, err := LocationIn(tx, locationID); err != nil {
			return err
		}
		err = tx.Get(l, `SELECT v.id AS variant_id, v.sku, v.name, l.id AS location_id, l.name AS location_name FROM variants v JOIN locations l ON l.id = ?2 WHERE v.id = ?1`, variantID, locationID)
		if err != nil {
			return db.Found(err, "variant")
		}
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		if err := notAfterToday("query.at", s.Today(at), s.Today(tx.Now)); err != nil {
			return err
		}
		l.At = max(1, min(at, tx.Now))
		l.Movements, l.Opening, err = ledgerOf(tx, MovementFilter{VariantID: variantID, LocationID: locationID, Until: l.At})
		if len(l.Movements) > 0 {
			l.OnHand = l.Movements[0].Balance
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look back at the stock: %w", err)
	}
	return l, nil
}

// Worth is what the stock was worth at the end of a day, by store. What was between two stores was in neither.
type Worth struct {
	Date  db.Date      `json:"date" format:"date"`
	Items []StoreWorth `json:"items" doc:"the stores that the person sees, by name"`
	Units int64        `json:"units"`
	Value money.Amount `json:"value" doc:"in minor units"`
}

// StoreWorth is what lay in one store. A variant costs the same in all of them: each has its part of what all is worth, to
// the minor unit.
type StoreWorth struct {
	LocationID   int64        `json:"locationId"`
	LocationName string       `json:"locationName"`
	Units        int64        `json:"units"`
	Value        money.Amount `json:"value" doc:"in minor units"`
}

// worthSlice is how many levels are read at once.
const worthSlice = 5000

// WorthOn values the stock by moving average, as it was at the end of a day; no day is today. It fails with out_of_range for a day that is
// still to come.
func WorthOn(ctx context.Context, d *db.DB, day db.Date) (*Worth, error) {
	w := &Worth{Items: []StoreWorth{}}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		s, err := settings.In(tx)
		if err != nil {
			return err
		}
		if w.Date = s.Today(tx.Now); day != "" {
			if err := notAfterToday("query.date", day, w.Date); err != nil {
				return err
			}
			w.Date = day
		}
		if err := tx.Select(&w.Items, "SELECT id AS location_id, name AS location_name FROM locations WHERE "+tx.Actor.Scope().Where("id")+" ORDER BY name, id"); err != nil {
			return err
		}
		return w.sum(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("value the stock: %w", err)
	}
	return w, nil
}

// notAfterToday refuses a day of which nobody knows yet what will be there.
func notAfterToday(field string, day, today db.Date) error {
	if day <= today {
		return nil
	}
	return db.Refuse("out_of_range", field, "What will be there on %s is not known yet. Ask for today or a day before.", day).With("latest", today)
}

// sum adds up all levels of the day, those of stores that the person does not see as well: they have their part in each variant's value.
func (w *Worth) sum(tx *db.Tx) error {
	store := make(map[int64]*StoreWorth, len(w.Items))
	for i := range w.Items {
		store[w.Items[i].LocationID] = &w.Items[i]
	}
	var p parts
	for after := (Place{}); ; {
		var held []heldLevel
		err := tx.Select(&held, `SELECT lv.variant_id, lv.location_id,
				coalesce((SELECT closing FROM stock_days d WHERE d.variant_id = lv.variant_id AND d.location_id = lv.location_id AND d.date <= ?1 ORDER BY d.date DESC LIMIT 1), 0) AS units,
				coalesce((SELECT quantity FROM cost_days c WHERE c.variant_id = lv.variant_id AND c.date <= ?1 ORDER BY c.date DESC LIMIT 1), 0) AS quantity,
				coalesce((SELECT value FROM cost_days c WHERE c.variant_id = lv.variant_id AND c.date <= ?1 ORDER BY c.date DESC LIMIT 1), 0) AS value
			FROM levels lv WHERE (lv.variant_id, lv.location_id) > (?2, ?3) ORDER BY lv.variant_id, lv.location_id LIMIT ?4`,
			w.Date, after.VariantID, after.LocationID, worthSlice)
		if err != nil {
			return err
		}
		for _, l := range held {
			value, err := p.of(l)
			if err != nil {
				return err
			}
			if at := store[l.LocationID]; at != nil {
				if w.Value, err = w.Value.Add(value); err != nil {
					return worthTooMuch()
				}
				w.Units, at.Units, at.Value = w.Units+l.Units, at.Units+l.Units, at.Value+value
			}
		}
		if len(held) < worthSlice {
			return nil
		}
		after = held[worthSlice-1].Place
	}
}

// heldLevel is what a store had of a variant, and what there was of the variant in all stores.
type heldLevel struct {
	Place           `bun:",extend"`
	Units, Quantity int64
	Value           money.Amount
}

// parts shares the value of one variant after another over its stores, in their order: each store's part is what is worth all up
// to it less what is worth all before it, so that they add up.
type parts struct {
	variantID, units int64
	value            money.Amount
}

func (p *parts) of(l heldLevel) (money.Amount, error) {
	if l.VariantID != p.variantID {
		*p = parts{variantID: l.VariantID}
	}
	if l.Units == 0 {
		return 0, nil
	}
	upTo, err := l.Value.Part(p.units+l.Units, l.Quantity)
	if err != nil {
		return 0, worthTooMuch()
	}
	value := upTo - p.value
	p.units, p.value = p.units+l.Units, upTo
	return value, nil
}
