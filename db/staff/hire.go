package staff

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/auth"
)

// NewMember is somebody who works in the shop without having asked to: nobody knows a password of theirs.
type NewMember struct {
	Name, Email string
	Role        Role
	LocationIDs []int64 // nil for all stores
}

// PINHash is what Hire keeps of a PIN.
func PINHash(ctx context.Context, pin string) (string, error) { return auth.HashPassword(ctx, pin) }

// Hire lets somebody in who takes tablets over with a PIN alone.
func Hire(tx *db.Tx, in NewMember, pinHash string) (*User, error) {
	u := &User{Name: in.Name, Email: in.Email, Role: in.Role, Status: Active, Version: 1}
	var err error
	u.ID, err = tx.Insert(`INSERT INTO users (name, email, email_normal, password_hash, pin_hash, role, status, created_at, sort_key)
		VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?7, ?8)`, u.Name, u.Email, normalEmail(u.Email), pinHash, string(u.Role), string(u.Status), tx.Now, db.SortKey(u.Name))
	if err != nil {
		return nil, fmt.Errorf("hire %s: %w", u.Name, err)
	}
	if in.LocationIDs != nil {
		if err := limitTo(tx, u.ID, &in.LocationIDs, false); err != nil {
			return nil, err
		}
	}
	return u, tx.Audit("user", u.ID, nil, u)
}

// Dismiss takes those out whose addresses are of a domain, as if they had never been here. Nobody may have their history, so
// this is for people who were made up. Everybody's pages are told that what they show has changed.
func Dismiss(tx *db.Tx, s *Sessions, domain string) error {
	const theirs = " IN (SELECT id FROM users WHERE email_normal LIKE '%' || ?1)"
	for _, query := range []string{
		"DELETE FROM sessions WHERE device_id IN (SELECT id FROM sessions WHERE user_id" + theirs + ")",
		"DELETE FROM sessions WHERE user_id" + theirs,
		"DELETE FROM api_token_locations WHERE token_id IN (SELECT id FROM api_tokens WHERE user_id" + theirs + ")",
		"DELETE FROM api_tokens WHERE user_id" + theirs,
		"DELETE FROM password_resets WHERE user_id" + theirs,
		"DELETE FROM recovery_codes WHERE user_id" + theirs,
		"DELETE FROM user_locations WHERE user_id" + theirs,
		"DELETE FROM views WHERE user_id" + theirs,
		"DELETE FROM users WHERE id" + theirs,
	} {
		if _, err := tx.Exec(query, domain); err != nil {
			return fmt.Errorf("dismiss: %w", err)
		}
	}
	if s != nil {
		tx.After(s.reload)
	}
	return nil
}

// LeaveStores takes everybody off a store and those that were opened after it, which are about to close.
func LeaveStores(tx *db.Tx, first int64) error {
	for _, query := range []string{
		"DELETE FROM user_locations WHERE location_id >= ?1",
		"DELETE FROM api_token_locations WHERE location_id >= ?1",
	} {
		if _, err := tx.Exec(query, first); err != nil {
			return fmt.Errorf("leave stores: %w", err)
		}
	}
	return nil
}
