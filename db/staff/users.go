// Package staff is the people who work in the shop: who they are, what they may do, and their sessions.
package staff

import (
	"fmt"
	"net/mail"
	"strings"

	"golang.org/x/text/unicode/norm"

	"onhand/db"
)

// UserStatus says whether a member of staff may come in.
type UserStatus string

// The statuses of a user.
const (
	Pending  UserStatus = "pending"
	Active   UserStatus = "active"
	Disabled UserStatus = "disabled"
	Rejected UserStatus = "rejected"
)

// User is a member of staff.
type User struct {
	ID      int64      `json:"id"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
	Role    Role       `json:"role" enum:"admin,manager,employee"`
	Status  UserStatus `json:"status" enum:"pending,active,disabled,rejected"`
	Version int64      `json:"version"`
}

// userColumns are what columns reads into, of users as u.
const userColumns = "u.id, u.name, u.email, u.role, u.status, u.version"

func (u *User) columns() []any {
	return []any{&u.ID, &u.Name, &u.Email, &u.Role, &u.Status, &u.Version}
}

// NewOwner is who sets the shop up.
type NewOwner struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Check cleans the input in place and names everything that is wrong with it. The shop's name is no password.
func (in *NewOwner) Check(shop string) error {
	var wrong []*db.Error
	note := func(err error) {
		if e, ok := err.(*db.Error); ok {
			wrong = append(wrong, e)
		}
	}
	var err error
	in.Name, err = db.Required("name", in.Name, 100)
	note(err)
	in.Email, err = cleanEmail("email", in.Email)
	note(err)
	in.Password, err = newPassword("password", in.Password, in.Name, in.Email, shop)
	note(err)
	return db.Together(wrong)
}

// AddOwner makes the first user, an admin. It fails with already_set_up when there is one.
func AddOwner(tx *db.Tx, in NewOwner, passwordHash string) (*User, error) {
	var users int64
	if err := tx.Row("SELECT count(*) FROM users", nil, &users); err != nil {
		return nil, fmt.Errorf("count users: %w", err)
	}
	if users > 0 {
		return nil, db.Errorf(db.Conflict, "already_set_up", "This shop is set up already. Sign in.")
	}
	u := &User{Name: in.Name, Email: in.Email, Role: Admin, Status: Active, Version: 1}
	var err error
	u.ID, err = tx.Insert(`INSERT INTO users (name, email, email_normal, password_hash, role, status, created_at, sort_key)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
		u.Name, u.Email, normalEmail(u.Email), passwordHash, string(u.Role), string(u.Status), tx.Now, db.SortKey(u.Name))
	if err != nil {
		return nil, fmt.Errorf("add the owner: %w", err)
	}
	return u, tx.Audit("user", u.ID, nil, u)
}

// ByID is one user; not_found when there is none.
func ByID(tx *db.Tx, id int64) (*User, error) {
	var u User
	if err := tx.Row("SELECT "+userColumns+" FROM users u WHERE u.id = ?1", []any{id}, u.columns()...); err != nil {
		return nil, db.Found(err, "user")
	}
	return &u, nil
}

// normalEmail is the form under which an address is unique.
func normalEmail(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }

func cleanEmail(field, s string) (string, error) {
	s, err := db.Required(field, s, 254)
	if err != nil {
		return "", err
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", db.Refuse("bad_email", field, "This is no email address. Write it like anna@example.com.")
	}
	return s, nil
}
