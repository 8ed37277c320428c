package demo

import (
	"onhand/db"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/sales"
)

// The codes that the shop gave out.
var (
	welcome = words{"WELCOME10", "WILLKOMMEN10"}
	thirsty = words{"THIRSTY15", "DURST15"}
	flyer   = words{"NEIGHBOUR5", "NACHBAR5"}
)

var (
	onTheCard   = words{"On the card that new customers get.", "Auf der Karte, die neue Kunden bekommen."}
	onThePoster = words{"Was on the poster: all drinks.", "Stand auf dem Plakat: alle Getränke."}
	onTheFlyer  = words{"For the next flyer.", "Für das nächste Faltblatt."}
)

// The days of the poster, from today.
const (
	posterUp   = -140
	posterDown = -100
)

// giveCodes makes one code that everybody has once, one that is over and one that is yet to come.
func (b *books) giveCodes() {
	today := b.settings.Today(b.until)
	tenth, more, five := money.Rate(10_000), money.Rate(15_000), b.amount(500)
	for _, c := range []struct {
		on db.Time
		in sales.NewDiscountCode
	}{
		{b.begin, sales.NewDiscountCode{Code: welcome.in(b.language), Percent: &tenth, MaxPerCustomer: 1, Note: onTheCard.in(b.language)}},
		{b.midnight(today.AddDays(posterUp)), sales.NewDiscountCode{Code: thirsty.in(b.language), Percent: &more, CategoryIDs: []int64{b.drinks},
			StartsOn: today.AddDays(posterUp), EndsOn: today.AddDays(posterDown), Note: onThePoster.in(b.language)}},
		{b.midnight(today.AddDays(-2)), sales.NewDiscountCode{Code: flyer.in(b.language), Amount: &five, Minimum: b.amount(4_000), MaxUses: 100,
			StartsOn: today.AddDays(3), EndsOn: today.AddDays(17), Note: onTheFlyer.in(b.language)}},
	} {
		b.then(c.on, manager, func(tx *db.Tx) error {
			_, err := sales.CreateDiscountCodeIn(tx, c.in)
			return err
		})
	}
}

// code is what somebody types in where they order: what is on the poster, or once what stood on their card.
func (b *books) code(date db.Date, who *customers.Contact, picked []*ware) string {
	today := b.settings.Today(b.until)
	if date >= today.AddDays(posterUp) && date <= today.AddDays(posterDown) {
		for _, w := range picked {
			if w.article.aisle.hall == drinks {
				return thirsty.in(b.language)
			}
		}
	}
	if len(who.Name)%3 != 0 || b.given[who.Email] { // not everybody reads the card
		return ""
	}
	b.given[who.Email] = true
	return welcome.in(b.language)
}
