package demo

import (
	"context"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
)

// Who owns a shop that is nothing but a demo. The password is no secret, and the shop listens on this computer alone unless it is
// told otherwise.
const (
	Email    = "owner@example.com"
	Password = "look around first"
)

// Own makes a shop that is nothing but a demo, in a folder without a shop, or goes on with one it made. It fails with not_demo in a
// folder with a real one.
func Own(ctx context.Context, d *db.DB, language string) error {
	ctx = db.WithActor(ctx, author)
	s, err := settings.Current(ctx, d)
	switch {
	case db.CodeOf(err) == "not_set_up":
		hash, err := auth.HashPassword(ctx, Password)
		if err != nil {
			return err
		}
		return fill(ctx, d, func(tx *db.Tx) error { return setUp(tx, hash, language) })
	case err != nil:
		return err
	case s.Demo == settings.DemoThere:
		return nil
	case s.Demo == settings.DemoFilling: // it was stopped on the way
		if err := TakeBack(ctx, d); err != nil {
			return err
		}
		return fill(ctx, d, nil)
	}
	return db.Errorf(db.Conflict, "not_demo", "This folder holds a shop that is no demo. Choose another one.")
}

func setUp(tx *db.Tx, hash, language string) error {
	owner, err := staff.AddOwner(tx, staff.NewOwner{Name: "Sam Brook", Email: Email, Password: Password}, hash)
	if err != nil {
		return err
	}
	tx.Actor = staff.Owner(*owner)
	name, store := words{"Brook & Daughters", "Brook & Töchter"}, words{"Old Town", "Altstadt"}
	if _, err = settings.SetUp(tx, settings.NewShop{Name: name.in(language), Currency: "EUR", TimeZone: "Europe/Berlin", Language: language}); err != nil {
		return err
	}
	if _, err = settings.SaveIn(tx, settings.Change{TaxRates: &settings.TaxRates{{Name: fullRate.in(language), Rate: goods}, {Name: lowRate.in(language), Rate: food}}}); err != nil {
		return err
	}
	_, err = stock.CreateLocation(tx, store.in(language))
	return err
}
