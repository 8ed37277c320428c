package stock

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// Class is what part of all that the shop sells in a year a variant makes, by what that costs (ABC analysis).
type Class string

// The classes: the few goods that make most of what is sold, those between, and the many that make little of it.
const (
	ClassA Class = "A"
	ClassB Class = "B"
	ClassC Class = "C"
)

// classDays is how many whole days before today are looked at to rank what is sold.
const classDays = 365

// classSlice is how many variants are read, and written, at once.
const classSlice = 500

// Up to which part of all that is sold, in hundredths, something is of class A, and of class B.
const (
	partA = 80
	partB = 95
)

// ClassSQL is the class of the variant v, empty where none of it was sold.
const ClassSQL = `coalesce((SELECT class FROM classes c WHERE c.variant_id = v.id), '')`

// Consumption is what was sold of a variant within a year, and where that ranks.
type Consumption struct {
	VariantID int64
	Value     money.Amount // what is sold costs: by the average cost, else the product's, else by its price; in minor units
	Before    money.Amount // the value of all that ranks before it
	Class     Class
}

// Classify ranks what is sold, and keeps the class of each. It writes only those that changed, some at a time.
func Classify(ctx context.Context, d *db.DB) error {
	ranked, err := Ranking(ctx, d)
	if err != nil {
		return err
	}
	var kept []struct {
		VariantID int64
		Class     Class
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error { return tx.Select(&kept, "SELECT variant_id, class FROM classes") })
	if err != nil {
		return fmt.Errorf("read the classes: %w", err)
	}
	had := make(map[int64]Class, len(kept))
	for _, k := range kept {
		had[k.VariantID] = k.Class
	}
	var changes [][2]any
	for _, c := range ranked {
		if had[c.VariantID] != c.Class {
			changes = append(changes, [2]any{c.VariantID, c.Class})
		}
		delete(had, c.VariantID)
	}
	for gone := range had {
		changes = append(changes, [2]any{gone, nil})
	}
	for some := range slices.Chunk(changes, classSlice) {
		if err := db.Write(ctx, d, func(tx *db.Tx) error { return keepClasses(tx, some) }); err != nil {
			return fmt.Errorf("keep the classes: %w", err)
		}
	}
	return nil
}

// keepClasses writes the classes of some variants; nil is none.
func keepClasses(tx *db.Tx, changes [][2]any) error {
	of, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM classes WHERE variant_id IN (SELECT value ->> 0 FROM json_each(?1) WHERE value ->> 1 IS NULL)", string(of)); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO classes (variant_id, class) SELECT value ->> 0, value ->> 1 FROM json_each(?1) WHERE value ->> 1 IS NOT NULL
		ON CONFLICT (variant_id) DO UPDATE SET class = excluded.class`, string(of))
	return err
}

// Ranking is what was sold in the last year, the most valuable first. Something is of the class in which the middle of its part of all
// lies: so the one product of a shop is of class A, and so is one that begins below 80 of a hundred and mostly lies below them.
func Ranking(ctx context.Context, d *db.DB) ([]Consumption, error) {
	all, err := consumed(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("rank what is sold: %w", err)
	}
	slices.SortFunc(all, func(a, b Consumption) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.VariantID, b.VariantID))
	})
	total := money.Amount(0)
	for i := range all {
		all[i].Before = total
		total = min(total+all[i].Value, money.Max) // beyond what the books can hold all is of one class
	}
	mostly := func(c Consumption, part money.Amount) bool { return 100*(2*c.Before+c.Value) < 2*part*total }
	for i, c := range all {
		switch {
		case mostly(c, partA):
			all[i].Class = ClassA
		case mostly(c, partB):
			all[i].Class = ClassB
		default:
			all[i].Class = ClassC
		}
	}
	return all, nil
}

// consumed sums up what was sold of each variant. It reads many days of many, some at a time.
func consumed(ctx context.Context, d *db.DB) (all []Consumption, err error) {
	for after := int64(0); ; {
		var rows []struct {
			VariantID, Sold, Quantity int64
			Value                     money.Amount
		}
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			day, err := today(tx)
			if err != nil {
				return err
			}
			return tx.Select(&rows, `SELECT s.id AS variant_id, s.sold, coalesce(c.quantity, 1) AS quantity, coalesce(c.value, s.cost, s.price) AS value FROM (
					SELECT v.id, v.cost, v.price, (SELECT coalesce(sum(sold), 0) FROM stock_days d WHERE d.variant_id = v.id AND d.date >= ?1 AND d.date < ?2) AS sold
					FROM variants v WHERE v.id > ?3 ORDER BY v.id LIMIT ?4) s
				LEFT JOIN costs c ON c.variant_id = s.id AND c.quantity > 0 AND c.value > 0 ORDER BY s.id`, day.AddDays(-classDays), day, after, classSlice)
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Sold <= 0 {
				continue
			}
			value, err := r.Value.Part(r.Sold, r.Quantity)
			if err != nil {
				value = money.Max
			}
			all = append(all, Consumption{VariantID: r.VariantID, Value: value})
		}
		if len(rows) < classSlice {
			return all, nil
		}
		after = rows[len(rows)-1].VariantID
	}
}
