package demo

import (
	"time"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
)

// tillDays is for how long the shop has kept tills.
const tillDays = 14

var (
	tillName  = words{"Till 1", "Kasse 1"}
	wrongCash = words{"Probably wrong change.", "Vermutlich falsch herausgegeben."}
	tooMuch   = words{"Somebody left their change.", "Jemand hat sein Wechselgeld liegen lassen."}
	stamps    = words{"Stamps", "Briefmarken"}
)

// keepTills opens a till at each store in the morning and counts it in the evening; now and then a little is missing. The first
// store's is open today. It comes last: what the customers did does not depend on it.
func (b *books) keepTills() {
	today := b.settings.Today(b.until)
	for n := tillDays - 1; n >= 0; n-- {
		date := today.AddDays(-n)
		sunday := b.at(date, 12, 0).Time().In(b.settings.Zone()).Weekday() == time.Sunday
		for at := range stores {
			if sunday && n > 0 {
				continue
			}
			b.keepTill(at, date, n > 0 || at > 0)
		}
	}
}

func (b *books) keepTill(at int, date db.Date, shut bool) {
	by, out, differs := b.clerk(at), b.rand.IntN(3) == 0, b.rand.IntN(5)
	var id int64
	b.then(b.at(date, 7, 50), by, func(tx *db.Tx) error {
		t, err := sales.OpenTillIn(tx, sales.NewTill{LocationID: b.stores[at], Name: tillName.in(b.language), Float: b.amount(15_000)})
		if err == nil {
			id = t.ID
		}
		return err
	})
	if out {
		b.then(b.at(date, 13, 20), by, func(tx *db.Tx) error {
			_, err := sales.MoveCashIn(tx, id, sales.NewTillMovement{Kind: sales.PaidOut, Amount: b.amount(850), Reason: stamps.in(b.language)})
			return err
		})
	}
	if !shut {
		return
	}
	difference := [...]money.Amount{0, 0, 0, -b.amount(50), b.amount(120)}[differs]
	b.then(b.at(date, 19, 30), by, func(tx *db.Tx) error {
		t, err := sales.TillIn(tx, id)
		if err != nil {
			return err
		}
		in := sales.TillClose{Counted: max(0, *t.Expected+difference)}
		switch {
		case difference < 0:
			in.Reason = wrongCash.in(b.language)
		case difference > 0:
			in.Reason = tooMuch.in(b.language)
		}
		_, err = sales.CloseTillIn(tx, id, in)
		return err
	})
}
