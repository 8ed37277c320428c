package sales

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
)

// PickList is what is to be taken from the shelves for some orders.
type PickList struct {
	At     db.Time
	Orders []Order // as asked for
	Picks  []Pick  // by store, category and name
}

// Pick is how much of a variant a store's shelf gives, and for which orders.
type Pick struct {
	VariantID, LocationID        int64
	LocationName, Category, Name string
	Options, SKU                 string
	Quantity                     int64
	Orders                       []PickedFor

	key string // to sort by
}

// PickedFor is how much of a pick is for an order.
type PickedFor struct {
	Number   string
	Quantity int64
}

// ParcelContent is a line of an order with how much of it lies in a parcel.
type ParcelContent struct {
	*OrderLine
	Quantity int64
}

// Contents is what a parcel of the order holds. Without a parcel it is what is in none yet and, when there is no such thing, all of
// the order; of a cancelled one, nothing.
func (o *Order) Contents(parcel *Fulfilment) (lines []ParcelContent) {
	held := o.unpacked()
	switch {
	case parcel != nil:
		held = map[int64]int64{}
		for _, l := range parcel.Lines {
			held[l.OrderLineID] += l.Quantity
		}
	case !o.open() && o.Status != Completed:
		return nil
	}
	all := parcel == nil
	for _, quantity := range held {
		all = all && quantity == 0
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if all && l.Quantity > 0 {
			lines = append(lines, ParcelContent{l, l.Quantity})
		} else if held[l.ID] > 0 {
			lines = append(lines, ParcelContent{l, held[l.ID]})
		}
	}
	return lines
}

// Parcel is a fulfilment of the order; it fails with not_found.
func (o *Order) Parcel(id int64) (*Fulfilment, error) {
	i := slices.IndexFunc(o.Fulfilments, func(f Fulfilment) bool { return f.ID == id })
	if i < 0 {
		return nil, db.NotFound("fulfilment")
	}
	return &o.Fulfilments[i], nil
}

// Recipient is who the order is for, as an envelope has it: a line each, none when nobody knows.
func (o *Order) Recipient() []string {
	name := cmp.Or(o.CustomerName, o.CustomerEmail)
	if o.Address == nil {
		if name == "" {
			return nil
		}
		return []string{name}
	}
	to := *o.Address
	to.Name = cmp.Or(to.Name, name)
	lines := to.Lines()
	if to.Country != "" {
		lines = append(lines, to.Country)
	}
	return lines
}

// PickListOf is what is left to pick for orders that the actor may see, in one read. It fails with not_found, naming the place of an
// order there is none of, and with not_placed for a draft.
func PickListOf(ctx context.Context, d *db.DB, ids []int64) (*PickList, error) {
	list := &PickList{At: db.TimeOf(d.Now())}
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		if list.Orders, err = ordersIn(tx, ids); err != nil {
			return err
		}
		list.Picks, err = picks(tx, list.Orders)
		return err
	})
	return list, err
}

// Printed are orders that have papers, in the order of their ids. It fails as PickListOf does.
func Printed(ctx context.Context, d *db.DB, ids []int64) (orders []Order, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) {
		orders, err = ordersIn(tx, ids)
		return err
	})
	return orders, err
}

// ordersIn reads orders in the order of their ids; one that is named twice comes once.
func ordersIn(tx *db.Tx, ids []int64) ([]Order, error) {
	in, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows := []Order{}
	err = tx.Select(&rows, "SELECT "+orderColumns+orderTables+"WHERE o.id IN (SELECT value FROM json_each(?1)) AND "+tx.Actor.Scope().Where("o.location_id"), string(in))
	if err == nil {
		err = fill(tx, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	orders := make([]Order, 0, len(rows))
	for i, id := range ids {
		at := slices.IndexFunc(rows, func(o Order) bool { return o.ID == id })
		switch {
		case at < 0:
			return nil, db.Blame(db.NotFound("order"), "orderIds[%d]", i)
		case slices.Contains(ids[:i], id):
			continue
		}
		if err := rows[at].Printable(); err != nil {
			return nil, db.Blame(err, "orderIds[%d]", i)
		}
		orders = append(orders, rows[at])
	}
	return orders, nil
}

// Printable says whether the order has papers: a draft has none, it fails with not_placed.
func (o *Order) Printable() error {
	if o.Number == "" {
		return db.Errorf(db.Conflict, "not_placed", "A draft has no papers. Place it first.")
	}
	return nil
}

func picks(tx *db.Tx, orders []Order) ([]Pick, error) {
	type shelf struct{ variant, location int64 }
	at := map[shelf]int{}
	all := []Pick{}
	var variants []int64
	for i := range orders {
		o := &orders[i]
		if !o.open() {
			continue
		}
		left := o.unpacked()
		for _, l := range o.Lines {
			if left[l.ID] == 0 {
				continue
			}
			key := shelf{l.VariantID, o.LocationID}
			n, ok := at[key]
			if !ok {
				n = len(all)
				at[key] = n
				all = append(all, Pick{VariantID: l.VariantID, LocationID: o.LocationID, LocationName: o.LocationName, Name: l.Name, Options: l.Options, SKU: l.SKU})
				variants = append(variants, l.VariantID)
			}
			all[n].add(o.Number, left[l.ID])
		}
	}
	categories, err := catalog.CategoriesOf(tx, variants)
	if err != nil {
		return nil, err
	}
	for i := range all {
		p := &all[i]
		p.Category = categories[p.VariantID]
		p.key = strings.Join([]string{db.SortKey(p.LocationName), strconv.FormatInt(p.LocationID, 10), db.SortKey(p.Category), db.SortKey(p.Name), db.SortKey(p.Options), p.SKU}, "\x00")
	}
	slices.SortStableFunc(all, func(a, b Pick) int { return strings.Compare(a.key, b.key) })
	return all, nil
}

func (p *Pick) add(number string, quantity int64) {
	p.Quantity += quantity
	if last := len(p.Orders) - 1; last >= 0 && p.Orders[last].Number == number { // two lines of one variant
		p.Orders[last].Quantity += quantity
		return
	}
	p.Orders = append(p.Orders, PickedFor{number, quantity})
}
