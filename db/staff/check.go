package staff

import (
	"context"

	"onhand/db"
)

// Check looks for people who are in where they should not be.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.Look(ctx, d, []db.Rule{
		{Name: "a shop has an admin", Query: `SELECT 'users', 'Nobody may let people in or change settings.' WHERE EXISTS (SELECT 1 FROM users)
			AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND status = 'active')`},
		{Name: "only those who work here are signed in", Query: `SELECT 'session ' || s.id, 'It is of user ' || u.id || ', who is ' || u.status || '.'
			FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.status <> 'active'`},
		{Name: "a device was signed in with a password", Query: `SELECT 'session ' || s.id, 'It was taken over from session ' || d.id || ', which a PIN opened itself.'
			FROM sessions s JOIN sessions d ON d.id = s.device_id WHERE d.device_id IS NOT NULL`},
		{Name: "stores are named for those who are limited to them", Query: `SELECT 'user ' || u.id, 'They see every store, and one is named.'
			FROM users u WHERE u.all_locations = 1 AND EXISTS (SELECT 1 FROM user_locations WHERE user_id = u.id)`},
		{Name: "recovery codes stand in for a second factor", Query: `SELECT 'user ' || u.id, 'They have codes and no second factor.'
			FROM users u WHERE u.totp_secret = '' AND EXISTS (SELECT 1 FROM recovery_codes WHERE user_id = u.id)`},
	})
}
