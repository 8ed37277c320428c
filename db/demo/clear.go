package demo

import (
	"context"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
	"onhand/db/tasks"
)

// author is who writes the demo.
var author = db.Actor{Kind: db.JobActor, Name: "demo"}

// kept is what belongs to the people and the machine, not to the goods: everything else goes with the demo, whoever made it.
var kept = []string{"settings", "shop_logo", "locations",
	"users", "user_locations", "views", "sessions", "recovery_codes", "password_resets", "api_tokens", "api_token_locations", "role_rules",
	"alert_wishes", "alert_addresses", "alert_cursor", "outages", "job_runs", "job_dates", "events"}

// told are the entities whose history stays.
var told = []string{"settings", "user", "session", "token", "registration", "role", "demo"}

// Remove takes the demo out again with everything that was entered since: the shop is as it was after its set-up, with the people
// and settings of today. In a shop without a demo it changes nothing. It fails with import_running while one moves in.
func Remove(ctx context.Context, d *db.DB, s *staff.Sessions) (*settings.Settings, error) {
	if !d.Importing.TryLock() {
		return nil, busy()
	}
	defer d.Importing.Unlock()
	if err := clear(ctx, d, s, ""); err != nil {
		return nil, err
	}
	return settings.Current(ctx, d)
}

func busy() error {
	return db.Errorf(db.Conflict, "import_running", "Another import is running. Wait until it is through and try again.")
}

// clear takes the demo out in one write: all of it, or nothing. Why is what is told of one that did not get in; sessions are nil
// while nobody can be signed in.
func clear(ctx context.Context, d *db.DB, s *staff.Sessions, why string) error {
	err := db.Write(ctx, d, func(tx *db.Tx) error {
		now, err := settings.In(tx)
		if err != nil || now.Demo == "" {
			return err
		}
		keep := db.Kept{Tables: kept, Audit: told, Author: author}
		if why != "" {
			keep.Tables = append([]string{"works"}, kept...)
		}
		if err := tx.Empty(keep); err != nil {
			return err
		}
		if err := staff.Dismiss(tx, s, domain); err != nil {
			return err
		}
		if err := staff.LeaveStores(tx, now.DemoStore); err != nil {
			return err
		}
		location, err := stock.CloseFrom(tx, now.DemoStore)
		if err != nil {
			return err
		}
		if err := settings.EndDemo(tx, location); err != nil {
			return err
		}
		if err := tx.AuditAs(db.Removed, "demo", 1, nil, nil); err != nil || why == "" {
			return err
		}
		return tasks.EndWork(tx, workKind, 1, tasks.WorkFailed, tasks.Note{Text: why})
	})
	if err != nil {
		return err
	}
	_, err = catalog.Discard(ctx, d)
	return err
}
