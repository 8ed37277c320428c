package alerts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/settings"
	"onhand/db/staff"
)

// Reader is an address that is told, and what its person may see.
type Reader struct {
	To    string
	Actor db.Actor
	Stop  string // the token that ends digests and summaries
	modes map[AlertKind]AlertMode
	told  map[AlertKind]told
}

// told is what an address knows of a kind.
type told struct {
	ID    int64 `bun:"told"`
	At    db.Time
	Began db.Time
	Count int64
}

// Readers are all who are told anything, each address once. The owner's addresses are told what is usual for an owner,
// those of people who work here what they asked for.
func Readers(tx *db.Tx) ([]Reader, error) {
	owners, err := owners(tx)
	if err != nil {
		return nil, err
	}
	var asked []int64
	if err := tx.Select(&asked, "SELECT DISTINCT user_id FROM alert_wishes ORDER BY user_id LIMIT 1000"); err != nil {
		return nil, fmt.Errorf("find who asked to be told: %w", err)
	}
	var all []Reader
	seen := map[string]bool{}
	add := func(r *Reader, err error) error {
		if err != nil || r == nil || seen[strings.ToLower(r.To)] {
			return err
		}
		seen[strings.ToLower(r.To)] = true
		all = append(all, *r)
		return nil
	}
	for _, to := range owners {
		if err := add(ownerReader(tx, to)); err != nil {
			return nil, err
		}
	}
	for _, id := range asked {
		if err := add(userReader(tx, id, false)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// owners are the addresses of the owner: those of the settings or, without any, the admins'.
func owners(tx *db.Tx) ([]string, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if len(s.Mail.OwnerRecipients) > 0 {
		return s.Mail.OwnerRecipients, nil
	}
	all, err := staff.AdminEmails(tx)
	if err != nil {
		return nil, fmt.Errorf("find the owner's addresses: %w", err)
	}
	return all, nil
}

// ownerReader is an address of the owner's. One of somebody who works here sees what they may see; one of somebody who
// no longer does is told nothing.
func ownerReader(tx *db.Tx, to string) (*Reader, error) {
	u, err := staff.ByEmail(tx, to)
	switch {
	case err == nil:
		return userReader(tx, u.ID, true)
	case db.CodeOf(err) != "not_found":
		return nil, err
	}
	r := &Reader{To: to, Actor: db.Actor{Kind: db.JobActor, Name: to, Permissions: staff.Admin.Permissions()}}
	stopped, err := r.address(tx)
	if err != nil {
		return nil, err
	}
	r.choose(nil, true)
	r.stop(stopped)
	return r, nil
}

func userReader(tx *db.Tx, id int64, owner bool) (*Reader, error) {
	u, actor, err := staff.ActorOf(tx, id)
	if db.CodeOf(err) == "not_found" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	wishes, err := wishesOf(tx, id)
	if err != nil {
		return nil, err
	}
	r := &Reader{To: u.Email, Actor: actor}
	stopped, err := r.address(tx)
	if err != nil {
		return nil, err
	}
	r.choose(wishes, owner)
	r.stop(stopped)
	return r, nil
}

// choose says when the reader is told of each kind.
func (r *Reader) choose(wishes map[AlertKind]AlertMode, owner bool) {
	r.modes = map[AlertKind]AlertMode{}
	for _, row := range table {
		mode := Off
		if owner {
			mode = row.owner
		}
		if wish, ok := wishes[row.kind]; ok {
			mode = wish
		}
		if !r.Actor.Can(row.permission) {
			mode = Off
		}
		r.modes[row.kind] = mode
	}
}

// stop leaves out what the reader ended by a link in a mail.
func (r *Reader) stop(stopped bool) {
	if !stopped {
		return
	}
	for _, k := range append(slices.Clone(stockKinds), WebOrder, Summary) {
		r.modes[k] = Off
	}
}

// Mode is when the reader is told of a kind.
func (r Reader) Mode(k AlertKind) AlertMode { return r.modes[k] }

// address reads what is known of the reader's address.
func (r *Reader) address(tx *db.Tx) (stopped bool, err error) {
	key := strings.ToLower(r.To)
	err = tx.Row("SELECT token, stopped FROM alert_addresses WHERE address = ?1", []any{key}, &r.Stop, &stopped)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return false, fmt.Errorf("read an address: %w", err)
	}
	var rows []struct {
		Kind AlertKind
		told `bun:",extend"`
	}
	if err := tx.Select(&rows, "SELECT kind, told, told_at AS at, began, count FROM alert_readers WHERE address = ?1", key); err != nil {
		return false, fmt.Errorf("read what an address was told: %w", err)
	}
	r.told = map[AlertKind]told{}
	for _, row := range rows {
		r.told[row.Kind] = row.told
	}
	return stopped, nil
}

// known says whether everything of the reader has its place in the file.
func (r Reader) known() bool {
	if r.Stop == "" {
		return false
	}
	for _, row := range table {
		if _, ok := r.told[row.kind]; !ok && row.kind != Summary {
			return false
		}
	}
	return true
}

// welcome gives a reader its place in the file. What happened before they came is not told: of the stock, what is so now
// is.
func (r Reader) welcome(tx *db.Tx) error {
	key := strings.ToLower(r.To)
	if _, err := tx.Exec("INSERT INTO alert_addresses (address, token) VALUES (?1, ?2) ON CONFLICT DO NOTHING", key, auth.NewToken()); err != nil {
		return fmt.Errorf("welcome a reader: %w", err)
	}
	for _, row := range table {
		if row.kind == Summary {
			continue
		}
		_, err := tx.Exec(`INSERT INTO alert_readers (address, kind, told, told_at)
			VALUES (?1, ?2, CASE WHEN ?3 THEN 0 ELSE coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0) END, ?4) ON CONFLICT DO NOTHING`, key, string(row.kind), isStock(row.kind), tx.Now)
		if err != nil {
			return fmt.Errorf("welcome a reader: %w", err)
		}
	}
	return nil
}

func wishesOf(tx *db.Tx, userID int64) (map[AlertKind]AlertMode, error) {
	var rows []struct {
		Kind AlertKind
		Mode AlertMode
	}
	if err := tx.Select(&rows, "SELECT kind, mode FROM alert_wishes WHERE user_id = ?1", userID); err != nil {
		return nil, fmt.Errorf("read who wants to be told what: %w", err)
	}
	wishes := make(map[AlertKind]AlertMode, len(rows))
	for _, r := range rows {
		wishes[r.Kind] = r.Mode
	}
	return wishes, nil
}
