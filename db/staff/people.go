package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
)

// Member is a user as those see them who look after people.
type Member struct {
	User
	LocationIDs  []int64  `json:"locationIds" bun:"-" doc:"the stores they are limited to; null for all"`
	HasPIN       bool     `json:"hasPin"`
	SecondFactor bool     `json:"secondFactor" doc:"whether a code follows their password"`
	CreatedAt    db.Time  `json:"createdAt" format:"date-time"`
	SortKey      string   `json:"-"`
	LastSeenAt   *db.Time `json:"lastSeenAt" format:"date-time" doc:"when they were last here, to the minute"`
}

// MemberChange changes what it carries.
type MemberChange struct {
	Version     *int64   `json:"version,omitempty"`
	Name        *string  `json:"name,omitempty"`
	Role        *Role    `json:"role,omitempty" enum:"admin,manager,employee"`
	LocationIDs *[]int64 `json:"locationIds,omitempty" maxItems:"1000" doc:"the stores they are limited to"`
	// AllLocations lifts the limit.
	AllLocations bool `json:"allLocations,omitempty" doc:"true lets them into every store"`
}

// MemberFilter narrows the list of people down.
type MemberFilter struct {
	db.List
	Status UserStatus
}

const memberColumns = userColumns + `, u.created_at, u.pin_hash <> '' AS has_pin, u.totp_secret <> '' AS second_factor,
	u.seen_at AS last_seen_at, u.sort_key`

// Members are those who work here or did, by name; not those who only asked to.
func Members(ctx context.Context, d *db.DB, f MemberFilter) (page db.Page[Member], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		where, args := []string{"u.status IN ('active', 'disabled')"}, []any{}
		if f.Status != "" {
			where, args = append(where, "u.status = ?"), append(args, string(f.Status))
		}
		if q := strings.TrimSpace(f.Q); q != "" {
			where = append(where, `(u.sort_key LIKE ? ESCAPE '\' OR u.sort_key LIKE ? ESCAPE '\' OR u.sort_key LIKE ? ESCAPE '\' OR u.email_normal LIKE ? ESCAPE '\')`)
			name := db.Prefix(db.SortKey(q))
			args = append(args, name, "% "+name, "%-"+name, db.Prefix(strings.ToLower(q)))
		}
		var name string
		var id int64
		if more, err := db.ReadCursor(f.After, &name, &id); err != nil {
			return err
		} else if more {
			where, args = append(where, "(u.sort_key, u.id) > (?, ?)"), append(args, name, id)
		}
		var rows []Member
		err := tx.Select(&rows, "SELECT "+memberColumns+" FROM users u WHERE "+strings.Join(where, " AND ")+" ORDER BY u.sort_key, u.id LIMIT ?", append(args, f.Size()+1)...)
		if err != nil {
			return fmt.Errorf("list people: %w", err)
		}
		page = db.PageOf(rows, f.Size(), func(m Member) string { return db.Cursor(m.SortKey, m.ID) })
		return withStores(tx, page.Items)
	})
	return page, err
}

// withStores reads the stores of all of them in one query.
func withStores(tx *db.Tx, members []Member) error {
	at := make(map[int64]*Member, len(members))
	marks := make([]string, len(members))
	args := make([]any, len(members))
	for i := range members {
		at[members[i].ID] = &members[i]
		marks[i], args[i] = "?", members[i].ID
	}
	var rows []struct {
		ID           int64
		LocationID   *int64
		AllLocations bool
	}
	err := tx.Select(&rows, `SELECT u.id, u.all_locations, l.location_id FROM users u LEFT JOIN user_locations l ON l.user_id = u.id
		WHERE u.id IN (`+strings.Join(marks, ", ")+") ORDER BY u.id, l.location_id", args...)
	if err != nil {
		return fmt.Errorf("read the stores of people: %w", err)
	}
	for _, r := range rows {
		m := at[r.ID]
		if !r.AllLocations && m.LocationIDs == nil {
			m.LocationIDs = []int64{}
		}
		if !r.AllLocations && r.LocationID != nil {
			m.LocationIDs = append(m.LocationIDs, *r.LocationID)
		}
	}
	return nil
}

// MemberByID is one of them; not_found when there is none.
func MemberByID(ctx context.Context, d *db.DB, id int64) (m *Member, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) { m, err = member(tx, id); return err })
	return m, err
}

func member(tx *db.Tx, id int64) (*Member, error) {
	rows := make([]Member, 1)
	err := tx.Get(&rows[0], "SELECT "+memberColumns+" FROM users u WHERE u.id = ?1 AND u.status IN ('active', 'disabled')", id)
	if err != nil {
		return nil, db.Found(err, "user")
	}
	return &rows[0], withStores(tx, rows)
}

// ChangeMember changes a person's name, role or stores; what they see changes at once. It fails with own_role,
// last_admin, not_your_stores and stale.
func (s *Sessions) ChangeMember(ctx context.Context, id int64, in MemberChange) (*Member, error) {
	return db.Do(ctx, s.d, in, func(tx *db.Tx) (*Member, error) {
		before, err := member(tx, id)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != before.Version {
			return nil, db.Stale(before)
		}
		if err := beyond(tx, *before); err != nil {
			return nil, err
		}
		name, role := before.Name, before.Role
		if in.Name != nil {
			if name, err = db.Required("name", *in.Name, 100); err != nil {
				return nil, err
			}
		}
		if in.Role != nil {
			role = *in.Role
		}
		if role != before.Role {
			if err := mayLoseRole(tx, *before, "own_role", "You cannot change your own role. Ask another admin."); err != nil {
				return nil, db.Blame(err, "role")
			}
		}
		if _, err := tx.Exec("UPDATE users SET name = ?2, sort_key = ?4, role = ?3, version = version + 1 WHERE id = ?1", id, name, string(role), db.SortKey(name)); err != nil {
			return nil, fmt.Errorf("change a user: %w", err)
		}
		if in.AllLocations || in.LocationIDs != nil {
			if tx.Actor.Kind == db.UserActor && tx.Actor.ID == id {
				return nil, db.Blame(db.Errorf(db.Forbidden, "own_role", "You cannot change your own stores. Ask another admin."), "locationIds")
			}
			if err := limitTo(tx, id, in.LocationIDs, in.AllLocations); err != nil {
				return nil, err
			}
		}
		return s.changed(tx, *before, "")
	})
}

// mayLoseRole refuses what nobody does to themselves, and what would leave the shop without an admin.
func mayLoseRole(tx *db.Tx, m Member, code, message string) error {
	if tx.Actor.Kind == db.UserActor && tx.Actor.ID == m.ID {
		return db.Errorf(db.Forbidden, code, "%s", message)
	}
	if m.Role != Admin || m.Status != Active {
		return nil
	}
	var another bool
	if err := tx.Row("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND status = 'active' AND id <> ?1)", []any{m.ID}, &another); err != nil {
		return fmt.Errorf("look for another admin: %w", err)
	}
	if !another {
		return db.Errorf(db.Conflict, "last_admin", "This is the only admin. Make another one first.")
	}
	return nil
}

// beyond refuses to touch somebody who sees stores that the actor does not.
func beyond(tx *db.Tx, m Member) error {
	scope := tx.Actor.Scope()
	if scope.All() || m.LocationIDs != nil && !slices.ContainsFunc(m.LocationIDs, func(id int64) bool { return !scope.Has(id) }) {
		return nil
	}
	return notYourStores()
}

func notYourStores() error {
	return db.Errorf(db.Forbidden, "not_your_stores", "This is for somebody who sees all of these stores. You see only some.")
}

// limitTo says which stores a user sees: of those that the actor sees.
func limitTo(tx *db.Tx, userID int64, ids *[]int64, all bool) error {
	if (all || ids == nil) && !tx.Actor.Scope().All() {
		return db.Blame(notYourStores(), "locationIds")
	}
	if _, err := tx.Exec("UPDATE users SET all_locations = ?2 WHERE id = ?1", userID, all); err != nil {
		return fmt.Errorf("limit a user: %w", err)
	}
	if _, err := tx.Exec("DELETE FROM user_locations WHERE user_id = ?1", userID); err != nil {
		return fmt.Errorf("limit a user: %w", err)
	}
	if all || ids == nil {
		return nil
	}
	for i, id := range *ids {
		n, err := tx.Exec("INSERT INTO user_locations (user_id, location_id) SELECT ?1, l.id FROM locations l WHERE l.id = ?2 AND "+
			tx.Actor.Scope().Where("l.id")+" ON CONFLICT DO NOTHING", userID, id)
		if err != nil {
			return fmt.Errorf("limit a user: %w", err)
		}
		if n == 0 && !seenBefore(*ids, i) {
			return db.Blame(db.NotFound("location"), "locationIds[%d]", i)
		}
	}
	return nil
}

func seenBefore(ids []int64, at int) bool {
	for _, id := range ids[:at] {
		if id == ids[at] {
			return true
		}
	}
	return false
}

// changed writes down what became of somebody and lets their sessions know.
func (s *Sessions) changed(tx *db.Tx, before Member, action string) (*Member, error) {
	after, err := member(tx, before.ID)
	if err != nil {
		return nil, err
	}
	if err := s.reloadUser(tx, before.ID); err != nil {
		return nil, err
	}
	if err := tx.AuditAs(action, "user", before.ID, before, after); err != nil {
		return nil, err
	}
	return after, tx.Emit("users", before.ID, after.Version)
}

// MemberCommand is what a command on somebody carries.
type MemberCommand struct {
	Version *int64 `json:"version,omitempty"`
}

// Disable keeps somebody out: their sessions, sockets and tokens end at once. It fails with own_account and last_admin.
func (s *Sessions) Disable(ctx context.Context, id int64, in MemberCommand) (*Member, error) {
	return db.Do(ctx, s.d, in, func(tx *db.Tx) (*Member, error) {
		before, err := member(tx, id)
		if err != nil || before.Status == Disabled {
			return before, err
		}
		if in.Version != nil && *in.Version != before.Version {
			return nil, db.Stale(before)
		}
		if err := beyond(tx, *before); err != nil {
			return nil, err
		}
		if err := mayLoseRole(tx, *before, "own_account", "You cannot disable yourself. Ask another admin."); err != nil {
			return nil, err
		}
		if err := s.end(tx, "user_id = ?1", id); err != nil {
			return nil, err
		}
		if _, err := tx.Exec("DELETE FROM password_resets WHERE user_id = ?1", id); err != nil {
			return nil, fmt.Errorf("void the links: %w", err)
		}
		if _, err := tx.Exec("UPDATE users SET status = 'disabled', version = version + 1 WHERE id = ?1", id); err != nil {
			return nil, fmt.Errorf("disable a user: %w", err)
		}
		return s.changed(tx, *before, "disabled")
	})
}

// Enable lets somebody in again who was disabled.
func (s *Sessions) Enable(ctx context.Context, id int64, in MemberCommand) (*Member, error) {
	return db.Do(ctx, s.d, in, func(tx *db.Tx) (*Member, error) {
		before, err := member(tx, id)
		if err != nil || before.Status == Active {
			return before, err
		}
		if in.Version != nil && *in.Version != before.Version {
			return nil, db.Stale(before)
		}
		if err := beyond(tx, *before); err != nil {
			return nil, err
		}
		if _, err := tx.Exec("UPDATE users SET status = 'active', version = version + 1 WHERE id = ?1", id); err != nil {
			return nil, fmt.Errorf("enable a user: %w", err)
		}
		return s.changed(tx, *before, "enabled")
	})
}

// SignOutMember ends all sessions of somebody.
func (s *Sessions) SignOutMember(ctx context.Context, id int64) (*Member, error) {
	var m *Member
	err := db.Write(ctx, s.d, func(tx *db.Tx) (err error) {
		if m, err = member(tx, id); err != nil {
			return err
		}
		if err := beyond(tx, *m); err != nil {
			return err
		}
		if err := s.end(tx, "user_id = ?1", id); err != nil {
			return err
		}
		return tx.AuditAs("signed_out", "user", id, nil, nil)
	})
	return m, err
}
