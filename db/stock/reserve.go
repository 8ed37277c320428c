package stock

import (
	"errors"
	"fmt"

	"onhand/db"
)

// Ref is the order a reservation or movement belongs to.
type Ref struct {
	ID     int64
	Number string
}

// Need is what one order line takes from one location.
type Need struct {
	LineID     int64
	VariantID  int64
	LocationID int64
	Quantity   int64
	// Backorder lets the part that is not there wait for stock to come.
	Backorder bool
	// At is where the line stands in the input, for a refusal: "lines[2]".
	At string
}

// Reserve commits available stock to order lines: all of their quantities, or
// none of them and out_of_stock, naming every line that is short and what is
// left. With Backorder, the part that is not there is short. It answers how much
// of each was covered.
func Reserve(tx *db.Tx, ref Ref, needs []Need) (covered []int64, err error) {
	if covered, err = takeAll(tx, needs); err != nil {
		return nil, err
	}
	return covered, insertReservations(tx, ref, needs, covered)
}

func insertReservations(tx *db.Tx, ref Ref, needs []Need, covered []int64) error {
	const columns = 8
	rows := make([]any, 0, columns*len(needs))
	for i, n := range needs {
		rows = append(rows, ref.ID, ref.Number, n.LineID, n.VariantID, n.LocationID, n.Quantity, covered[i], tx.Now)
	}
	_, err := tx.InsertRows(`INSERT INTO reservations (order_id, order_number, line_id, variant_id, location_id, quantity, covered, at)`, columns, rows)
	if err != nil {
		return fmt.Errorf("reserve stock: %w", err)
	}
	return nil
}

// Amend changes what the lines of an order reserve, each by its quantity, which is below zero for what is given back: all of them, or none and
// out_of_stock as Reserve. What one line gives back another one may take, before it covers other orders that wait.
func Amend(tx *db.Tx, ref Ref, needs []Need) error {
	var freed []reservation
	var more []Need
	for _, n := range needs {
		if n.Quantity > 0 {
			more = append(more, n)
			continue
		}
		r, err := reservationOf(tx, n.LineID)
		if err != nil {
			return err
		}
		if err := r.lessen(tx, -n.Quantity); err != nil {
			return err
		}
		freed = append(freed, r)
	}
	covered, err := takeAll(tx, more)
	if err != nil {
		return err
	}
	for i, n := range more {
		q, err := tx.Exec("UPDATE reservations SET quantity = quantity + ?2, covered = covered + ?3 WHERE line_id = ?1", n.LineID, n.Quantity, covered[i])
		if err != nil {
			return fmt.Errorf("reserve stock: %w", err)
		}
		if q == 0 {
			if err := insertReservations(tx, ref, []Need{n}, covered[i:i+1]); err != nil {
				return err
			}
		}
	}
	for _, r := range freed {
		if err := coverShort(tx, r.VariantID, r.LocationID); err != nil {
			return err
		}
	}
	return nil
}

// takeAll commits what lines need, or names all that are short.
func takeAll(tx *db.Tx, needs []Need) (covered []int64, err error) {
	covered = make([]int64, len(needs))
	var refused []*db.Error
	for i, n := range needs {
		covered[i], err = take(tx, n)
		var e *db.Error
		if errors.As(err, &e) && e.Code == "out_of_stock" {
			refused = append(refused, e)
			continue
		}
		if err != nil {
			return nil, db.Blame(err, "%s", n.At)
		}
	}
	if len(refused) > 0 {
		return nil, db.Together(refused)
	}
	return covered, nil
}

// take commits what one line needs, and answers how much of it is there.
func take(tx *db.Tx, n Need) (covered int64, err error) {
	if _, err := expire(tx, n.VariantID, n.LocationID); err != nil {
		return 0, err
	}
	covered = n.Quantity
	v, err := commit(tx, n.VariantID, n.LocationID, n.Quantity, 0)
	switch {
	case errors.Is(err, db.ErrNoRow) && !n.Backorder:
		return 0, outOfStock(tx, n)
	case errors.Is(err, db.ErrNoRow):
		if covered, v, err = reserveShort(tx, n); err != nil {
			return 0, err
		}
	case err != nil:
		return 0, fmt.Errorf("reserve stock: %w", err)
	}
	return covered, changed(tx, n.VariantID, n.LocationID, v)
}

// commit checks and takes in one statement, so there is no gap to race in. It
// answers the level's new version, ErrNoRow when that much is not available.
func commit(tx *db.Tx, variantID, locationID, covered, short int64) (version int64, err error) {
	err = tx.Row(`UPDATE levels SET committed = committed + ?3, backordered = backordered + ?4, version = version + 1
		WHERE variant_id = ?1 AND location_id = ?2 AND on_hand - committed - unavailable >= ?3 RETURNING version`,
		[]any{variantID, locationID, covered, short}, &version)
	return version, err
}

func reserveShort(tx *db.Tx, n Need) (covered, version int64, err error) {
	if err := ensureLevel(tx, n.VariantID, n.LocationID); err != nil {
		return 0, 0, err
	}
	left, err := available(tx, n.VariantID, n.LocationID)
	if err != nil {
		return 0, 0, err
	}
	version, err = commit(tx, n.VariantID, n.LocationID, left, n.Quantity-left)
	if err != nil {
		return 0, 0, fmt.Errorf("reserve stock: %w", err)
	}
	return left, version, nil
}

func available(tx *db.Tx, variantID, locationID int64) (int64, error) {
	var left int64
	err := tx.Row("SELECT on_hand - committed - unavailable FROM levels WHERE variant_id = ?1 AND location_id = ?2",
		[]any{variantID, locationID}, &left)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return 0, fmt.Errorf("read the level: %w", err)
	}
	return left, nil
}

func ensureLevel(tx *db.Tx, variantID, locationID int64) error {
	_, err := tx.Exec("INSERT INTO levels (variant_id, location_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", variantID, locationID)
	if err != nil {
		return fmt.Errorf("make the level: %w", err)
	}
	return nil
}

func outOfStock(tx *db.Tx, n Need) error {
	left, err := available(tx, n.VariantID, n.LocationID)
	if err != nil {
		return err
	}
	var location string
	if err := tx.Row("SELECT name FROM locations WHERE id = ?1", []any{n.LocationID}, &location); err != nil {
		return db.Blame(db.Found(err, "location"), "locationId")
	}
	msg := fmt.Sprintf("Only %d left at %s.", left, location)
	if left == 0 {
		msg = fmt.Sprintf("None left at %s.", location)
	}
	field := n.At
	if field != "" {
		field += ".quantity"
	}
	return (&db.Error{Kind: db.Conflict, Code: "out_of_stock", Message: msg, Field: field}).
		With("left", left).With("location", location).With("variantId", n.VariantID)
}

// reservation is the open part of one order line.
type reservation struct {
	ID         int64
	OrderID    int64
	VariantID  int64
	LocationID int64
	Quantity   int64
	Covered    int64
}

func reservationOf(tx *db.Tx, lineID int64) (reservation, error) {
	var r reservation
	err := tx.Row("SELECT id, order_id, variant_id, location_id, quantity, covered FROM reservations WHERE line_id = ?1",
		[]any{lineID}, &r.ID, &r.OrderID, &r.VariantID, &r.LocationID, &r.Quantity, &r.Covered)
	if err != nil {
		return r, fmt.Errorf("find the reservation of line %d: %w", lineID, err)
	}
	return r, nil
}

// Release gives back q of a line's open reservation, the part no stock covers
// first; what becomes available covers those who wait.
func Release(tx *db.Tx, lineID, q int64) error {
	r, err := reservationOf(tx, lineID)
	if err != nil || q == 0 {
		return err
	}
	if err := r.lessen(tx, q); err != nil {
		return err
	}
	return coverShort(tx, r.VariantID, r.LocationID)
}

// lessen takes q from a reservation, the part no stock covers first.
func (r reservation) lessen(tx *db.Tx, q int64) error {
	if q > r.Quantity {
		return fmt.Errorf("release %d of reservation %d: only %d are reserved", q, r.ID, r.Quantity)
	}
	short := min(q, r.Quantity-r.Covered)
	covered := q - short
	if err := r.shrink(tx, covered, short); err != nil {
		return err
	}
	var v int64
	err := tx.Row(`UPDATE levels SET committed = committed - ?3, backordered = backordered - ?4, version = version + 1
		WHERE variant_id = ?1 AND location_id = ?2 RETURNING version`, []any{r.VariantID, r.LocationID, covered, short}, &v)
	if err != nil {
		return fmt.Errorf("release stock: %w", err)
	}
	return changed(tx, r.VariantID, r.LocationID, v)
}

func (r reservation) shrink(tx *db.Tx, covered, short int64) error {
	n, err := tx.Exec("UPDATE reservations SET quantity = quantity - ?2 - ?3, covered = covered - ?2 WHERE id = ?1 AND covered >= ?2 AND quantity - covered >= ?3",
		r.ID, covered, short)
	if err != nil {
		return fmt.Errorf("shrink the reservation: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("shrink reservation %d by %d and %d: it is smaller", r.ID, covered, short)
	}
	return nil
}

// waiting is one step of covering those who wait, or of uncovering.
const waitingStep = 100

// coverShort lets what is available cover open reservations that wait, the
// oldest first, and tells their orders.
func coverShort(tx *db.Tx, variantID, locationID int64) error {
	for {
		var left, short int64
		err := tx.Row("SELECT on_hand - committed - unavailable, backordered FROM levels WHERE variant_id = ?1 AND location_id = ?2",
			[]any{variantID, locationID}, &left, &short)
		if err != nil {
			return fmt.Errorf("read the level: %w", err)
		}
		if left == 0 || short == 0 {
			return nil
		}
		var waiting []reservation
		err = tx.Select(&waiting, `SELECT id, order_id, variant_id, location_id, quantity, covered FROM reservations
			WHERE variant_id = ?1 AND location_id = ?2 AND quantity > 0 AND covered < quantity ORDER BY id LIMIT ?3`, variantID, locationID, waitingStep)
		if err != nil {
			return fmt.Errorf("find who waits: %w", err)
		}
		if len(waiting) == 0 {
			return fmt.Errorf("variant %d at %d: %d are short but no reservation waits", variantID, locationID, short)
		}
		for _, r := range waiting {
			q := min(left, r.Quantity-r.Covered)
			if q == 0 {
				break
			}
			if err := r.cover(tx, q); err != nil {
				return err
			}
			left -= q
		}
	}
}

// cover moves q of a reservation from short to covered (or back, when negative)
// and tells its order.
func (r reservation) cover(tx *db.Tx, q int64) error {
	if _, err := tx.Exec("UPDATE reservations SET covered = covered + ?2 WHERE id = ?1", r.ID, q); err != nil {
		return fmt.Errorf("cover a reservation: %w", err)
	}
	n, err := tx.Exec(`UPDATE levels SET committed = committed + ?3, backordered = backordered - ?3, version = version + 1
		WHERE variant_id = ?1 AND location_id = ?2`, r.VariantID, r.LocationID, q)
	if err != nil || n != 1 {
		return fmt.Errorf("cover a reservation: %d levels: %w", n, err)
	}
	// The order's own row is not touched: what is short is read from here.
	return tx.Emit("orders", r.OrderID, 0, r.LocationID)
}

// uncover turns the newest covered reservations short until need units are free
// for the truth of the shelf, and answers the orders that wait now.
func uncover(tx *db.Tx, variantID, locationID, need int64) (orders []int64, err error) {
	for need > 0 {
		var newest []reservation
		err := tx.Select(&newest, `SELECT id, order_id, variant_id, location_id, quantity, covered FROM reservations
			WHERE variant_id = ?1 AND location_id = ?2 AND quantity > 0 AND covered > 0 ORDER BY id DESC LIMIT ?3`, variantID, locationID, waitingStep)
		if err != nil {
			return nil, fmt.Errorf("find what is reserved: %w", err)
		}
		if len(newest) == 0 {
			return orders, nil
		}
		for _, r := range newest {
			q := min(need, r.Covered)
			if q == 0 {
				break
			}
			if err := r.cover(tx, -q); err != nil {
				return nil, err
			}
			orders = append(orders, r.OrderID)
			need -= q
		}
	}
	return orders, nil
}

// changed tells that a level has a new version.
func changed(tx *db.Tx, variantID, locationID, version int64) error {
	return tx.Emit("stock", variantID, version, locationID)
}
