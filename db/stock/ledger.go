package stock

import (
	"errors"
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Reason says why a quantity moved.
type Reason string

// The reasons of movements. The first seven a person may give.
const (
	Received   Reason = "received"
	Damage     Reason = "damage"
	Theft      Reason = "theft"
	Waste      Reason = "waste"
	Donated    Reason = "donated"
	FoundStock Reason = "found"
	Correction Reason = "correction"
	Sale       Reason = "sale"
	Reversal   Reason = "reversal"
	Return     Reason = "return"
	Moved      Reason = "transfer"
	Lost       Reason = "lost"
	Miscounted Reason = "miscounted"
	Counted    Reason = "count"
)

// Document is what a movement belongs to.
type Document struct {
	Type   string `json:"type" enum:"order,fulfilment,import,transfer,count,purchase,adjustment"`
	ID     int64  `json:"id"`
	Number string `json:"number"`
}

// move is one change of what is physically there.
type move struct {
	VariantID, LocationID int64
	Delta                 int64
	// Committed is how much the committed quantity changes with it.
	Committed int64
	Reason    Reason
	Note      string
	// Cost is the value that comes in with a positive delta or, negative, leaves
	// with what has just come in, in minor units; nil takes the variant's average.
	Cost     *money.Amount
	Document *Document
	// Lots says which lots a variant that tracks lots takes from or puts into.
	Lots lotChoice
	// Shares is what of it each lot takes part in, and Unavailable how much the quantity set aside changes with them; split fills both.
	Shares      []share
	Unavailable int64
}

// enter changes a level and appends the movement that explains it. It answers
// the cost of what moved (positive coming in, negative going out) and
// errTooLittle when the level, or its lots, do not hold that much. What is sold
// makes it worth counting: see levels.turned, a rough figure by the average cost.
func enter(tx *db.Tx, m move) (money.Amount, error) {
	if err := m.split(tx); err != nil {
		return 0, err
	}
	var balance, version int64
	err := tx.Row(`UPDATE levels SET on_hand = on_hand + ?3, committed = committed + ?4, unavailable = unavailable + ?5, version = version + 1, turned = CASE ?6 WHEN 0 THEN turned ELSE
			max(0, min(turned + ?6 * max(1, coalesce((SELECT min(value / quantity, 1000000000) FROM costs WHERE variant_id = ?1 AND quantity > 0), 1)), 9007199254740991)) END
		WHERE variant_id = ?1 AND location_id = ?2 AND committed + ?4 >= 0 AND unavailable + ?5 >= 0
			AND on_hand + ?3 - committed - ?4 - unavailable - ?5 >= 0
		RETURNING on_hand, version`, []any{m.VariantID, m.LocationID, m.Delta, m.Committed, m.Unavailable, m.sold()}, &balance, &version)
	if errors.Is(err, db.ErrNoRow) {
		return 0, errTooLittle
	}
	if db.IsCheck(err) {
		return 0, db.Errorf(db.Invalid, "too_large", "That is more than one place can hold on the books.")
	}
	if err != nil {
		return 0, fmt.Errorf("change the level: %w", err)
	}
	day, err := today(tx)
	if err != nil {
		return 0, err
	}
	cost, err := value(tx, m, day)
	if err != nil {
		return 0, err
	}
	id, err := m.append(tx, day, balance, cost)
	if err != nil {
		return 0, err
	}
	if err := m.keepDay(tx, day, balance); err != nil {
		return 0, err
	}
	if err := m.keepShares(tx, id); err != nil {
		return 0, err
	}
	return cost, changed(tx, m.VariantID, m.LocationID, version)
}

// sold is how many units a movement sells or, negative, takes back.
func (m move) sold() int64 {
	if m.Reason == Sale || m.Reason == Reversal && m.Document != nil && m.Document.Type == "order" {
		return max(-1_000_000_000, min(-m.Delta, 1_000_000_000))
	}
	return 0
}

// append writes the movement down and answers its id.
func (m move) append(tx *db.Tx, day db.Date, balance int64, cost money.Amount) (id int64, err error) {
	var doc struct {
		kind, number *string
		id           *int64
	}
	if d := m.Document; d != nil {
		doc.kind, doc.id, doc.number = &d.Type, &d.ID, &d.Number
	}
	id, err = tx.Insert(`INSERT INTO movements (at, business_date, variant_id, location_id, delta, balance, cost, reason, note,
			document_type, document_id, document_number, actor_kind, actor_id, actor_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`,
		tx.Now, day, m.VariantID, m.LocationID, m.Delta, balance, cost, m.Reason, m.Note,
		doc.kind, doc.id, doc.number, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return 0, fmt.Errorf("enter the movement: %w", err)
	}
	return id, nil
}

// errTooLittle says that a level does not hold what should leave.
var errTooLittle = errors.New("not that many are there")

// value keeps quantity and value of a variant: a receipt adds, an issue takes
// round(value*q/quantity), the last unit takes the rest (moving average). It
// answers the signed cost of the movement.
func value(tx *db.Tx, m move, day db.Date) (money.Amount, error) {
	var quantity int64
	var total money.Amount
	err := tx.Row("SELECT quantity, value FROM costs WHERE variant_id = ?1", []any{m.VariantID}, &quantity, &total)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return 0, fmt.Errorf("read the cost: %w", err)
	}
	cost, err := costOf(m, quantity, total)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`INSERT INTO costs (variant_id, quantity, value) VALUES (?1, max(?2, 0), max(?3, 0))
		ON CONFLICT (variant_id) DO UPDATE SET quantity = quantity + ?2, value = value + ?3`, m.VariantID, m.Delta, cost)
	if err != nil {
		return 0, fmt.Errorf("keep the cost: %w", err)
	}
	return cost, keepCost(tx, m.VariantID, day, quantity+m.Delta, total+cost)
}

func costOf(m move, quantity int64, total money.Amount) (cost money.Amount, err error) {
	switch {
	case m.Cost != nil:
		cost = *m.Cost
	case quantity <= 0:
		return 0, nil
	case -m.Delta >= quantity:
		return -total, nil
	default:
		if cost, err = total.Part(m.Delta, quantity); err != nil {
			return 0, worthTooMuch()
		}
	}
	if _, err := total.Add(cost); err != nil {
		return 0, worthTooMuch()
	}
	return cost, nil
}

func worthTooMuch() error {
	return db.Refuse("too_large", "unitCost", "The value of this stock would be larger than the books can hold.")
}
