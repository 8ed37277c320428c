package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"onhand/db"
	"onhand/db/auth"
)

// tokenPrefix marks what is a secret of ours, for people and for programs that look for leaked ones.
const tokenPrefix = "oh_"

// APIToken lets a program in, with some of the permissions of who made it.
type APIToken struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Permissions []string `json:"permissions" bun:"-"`
	LocationIDs []int64  `json:"locationIds" bun:"-" doc:"the stores it is limited to; null for all"`
	UserID      int64    `json:"userId"`
	UserName    string   `json:"userName" doc:"who made it; it never may do more than they may"`
	CreatedAt   db.Time  `json:"createdAt" format:"date-time"`
	ExpiresAt   *db.Time `json:"expiresAt" format:"date-time" doc:"null for never"`
	UsedAt      *db.Time `json:"usedAt" format:"date-time" doc:"when it was last used, to the minute"`
	// Token is the secret, shown once.
	Token string `json:"token,omitempty" bun:"-" doc:"the secret; only in the reply that makes it"`

	Granted      string `json:"-" bun:"permissions"`
	AllLocations bool   `json:"-"`
}

// NewAPIToken is what it takes to let a program in.
type NewAPIToken struct {
	Name        string   `json:"name" minLength:"1" maxLength:"100"`
	Permissions []string `json:"permissions" minItems:"1" maxItems:"100"`
	LocationIDs *[]int64 `json:"locationIds,omitempty" maxItems:"1000" doc:"the stores it is limited to; all of its maker's when left out"`
	ExpiresAt   *db.Time `json:"expiresAt,omitempty" format:"date-time" doc:"never when left out"`
}

// apiToken is one in memory.
type apiToken struct {
	id    int64
	actor db.Actor
	until *db.Time
	used  atomic.Int64 // ms; when its use was last written down
}

// CreateToken lets a program in. Nobody grants what they may not do themselves, and no token may let others in: it
// fails with not_yours_to_give and not_for_tokens.
func (s *Sessions) CreateToken(ctx context.Context, in NewAPIToken) (*APIToken, error) {
	name, err := db.Required("name", in.Name, 100)
	if err != nil {
		return nil, err
	}
	token := tokenPrefix + auth.NewToken()
	hash := auth.HashToken(token)
	var made *APIToken
	err = db.Write(ctx, s.d, func(tx *db.Tx) error {
		for i, p := range in.Permissions {
			if _, may := forTokens[p]; !may {
				return db.Refuse("not_for_tokens", fmt.Sprintf("permissions[%d]", i), "No token may do this: only a person lets somebody in.")
			}
			if !tx.Actor.Can(p) {
				return db.Refuse("not_yours_to_give", fmt.Sprintf("permissions[%d]", i), "You cannot give away what you may not do yourself.")
			}
		}
		if in.ExpiresAt != nil && *in.ExpiresAt <= tx.Now {
			return db.Refuse("in_the_past", "expiresAt", "This is in the past. Choose a later day.")
		}
		granted := slices.Clone(in.Permissions)
		slices.Sort(granted)
		list, err := json.Marshal(slices.Compact(granted))
		if err != nil {
			return err
		}
		id, err := tx.Insert(`INSERT INTO api_tokens (user_id, name, token_hash, permissions, all_locations, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
			tx.Actor.ID, name, hash[:], string(list), in.LocationIDs == nil, tx.Now, in.ExpiresAt)
		if err != nil {
			return fmt.Errorf("make a token: %w", err)
		}
		if in.LocationIDs != nil {
			if err := limitToken(tx, id, *in.LocationIDs); err != nil {
				return err
			}
		}
		if made, err = tokenByID(tx, id); err != nil {
			return err
		}
		if err := tx.Audit("token", id, nil, made); err != nil {
			return err
		}
		return tx.Emit("tokens", id, 1)
	})
	if err != nil {
		return nil, err
	}
	made.Token = token
	return made, nil
}

func limitToken(tx *db.Tx, id int64, locations []int64) error {
	for i, l := range locations {
		n, err := tx.Exec("INSERT INTO api_token_locations (token_id, location_id) SELECT ?1, l.id FROM locations l WHERE l.id = ?2 AND "+
			tx.Actor.Scope().Where("l.id")+" ON CONFLICT DO NOTHING", id, l)
		if err != nil {
			return fmt.Errorf("limit a token: %w", err)
		}
		if n == 0 && !seenBefore(locations, i) {
			return db.Blame(db.NotFound("location"), "locationIds[%d]", i)
		}
	}
	return nil
}

const tokenColumns = "t.id, t.name, t.permissions, t.all_locations, t.user_id, u.name AS user_name, t.created_at, t.expires_at, t.used_at"

// Tokens are those that let a program in or did until they expired, the newest first.
func Tokens(ctx context.Context, d *db.DB, l db.List) (page db.Page[APIToken], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		after := int64(1) << 62
		if _, err := db.ReadCursor(l.After, &after); err != nil {
			return err
		}
		var rows []APIToken
		err := tx.Select(&rows, "SELECT "+tokenColumns+" FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.revoked_at IS NULL AND t.id < ?1 ORDER BY t.id DESC LIMIT ?2", after, l.Size()+1)
		if err != nil {
			return fmt.Errorf("list tokens: %w", err)
		}
		page = db.PageOf(rows, l.Size(), func(t APIToken) string { return db.Cursor(t.ID) })
		return fillTokens(tx, page.Items)
	})
	return page, err
}

// fillTokens reads what else belongs to them, in one query.
func fillTokens(tx *db.Tx, tokens []APIToken) error {
	at := make(map[int64]*APIToken, len(tokens))
	marks, args := make([]string, len(tokens)), make([]any, len(tokens))
	for i := range tokens {
		t := &tokens[i]
		at[t.ID], marks[i], args[i] = t, "?", t.ID
		if err := json.Unmarshal([]byte(t.Granted), &t.Permissions); err != nil {
			return fmt.Errorf("read the permissions of a token: %w", err)
		}
		if !t.AllLocations {
			t.LocationIDs = []int64{}
		}
	}
	var rows []struct{ TokenID, LocationID int64 }
	err := tx.Select(&rows, "SELECT token_id, location_id FROM api_token_locations WHERE token_id IN ("+strings.Join(marks, ", ")+") ORDER BY token_id, location_id", args...)
	if err != nil {
		return fmt.Errorf("read the stores of tokens: %w", err)
	}
	for _, r := range rows {
		at[r.TokenID].LocationIDs = append(at[r.TokenID].LocationIDs, r.LocationID)
	}
	return nil
}

func tokenByID(tx *db.Tx, id int64) (*APIToken, error) {
	rows := make([]APIToken, 1)
	err := tx.Get(&rows[0], "SELECT "+tokenColumns+" FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = ?1 AND t.revoked_at IS NULL", id)
	if err != nil {
		return nil, db.Found(err, "token")
	}
	return &rows[0], fillTokens(tx, rows)
}

// RevokeToken shuts a program out at once.
func (s *Sessions) RevokeToken(ctx context.Context, id int64) error {
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		before, err := tokenByID(tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE api_tokens SET revoked_at = ?2 WHERE id = ?1", id, tx.Now); err != nil {
			return fmt.Errorf("revoke a token: %w", err)
		}
		tx.After(func() {
			s.forgetTokens()
			s.ended(-id, SignedOut)
		})
		if err := tx.AuditAs("revoked", "token", id, before, nil); err != nil {
			return err
		}
		return tx.Emit("tokens", id, 2)
	})
}

func (s *Sessions) forgetTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	s.endings++
}

// TokenActor is who a token stands for: itself, with what it was given of what its maker may do. It fails with
// unauthenticated.
func (s *Sessions) TokenActor(ctx context.Context, token, ip string) (db.Actor, error) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return db.Actor{}, badToken()
	}
	hash := auth.HashToken(token)
	s.mu.RLock()
	t, ok := s.tokens[hash]
	s.mu.RUnlock()
	if !ok {
		var err error
		if t, err = s.loadToken(ctx, hash); err != nil {
			return db.Actor{}, err
		}
	}
	now := db.TimeOf(s.d.Now())
	if t.until != nil && now >= *t.until {
		return db.Actor{}, badToken()
	}
	if used := t.used.Load(); int64(now)-used >= touchEvery.Milliseconds() && t.used.CompareAndSwap(used, int64(now)) {
		err := db.Write(context.WithoutCancel(ctx), s.d, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE api_tokens SET used_at = ?2 WHERE id = ?1", t.id, now)
			return err
		})
		if err != nil {
			s.d.Log.Warn("the use of a token was not written down", "error", err)
		}
	}
	actor := t.actor
	actor.IP = ip
	return actor, nil
}

func badToken() error {
	return db.Errorf(db.Unauthenticated, codeSignedOut, "This token does not open anything. It may have been revoked or have expired.")
}

func (s *Sessions) loadToken(ctx context.Context, hash auth.Hash) (*apiToken, error) {
	s.mu.RLock()
	endings := s.endings
	s.mu.RUnlock()
	t := &apiToken{}
	err := db.Read(ctx, s.d, func(tx *db.Tx) error {
		var id int64
		if err := tx.Row("SELECT id FROM api_tokens WHERE token_hash = ?1 AND revoked_at IS NULL", []any{hash[:]}, &id); err != nil {
			return err
		}
		row, err := tokenByID(tx, id)
		if err != nil {
			return err
		}
		maker, err := ByID(tx, row.UserID)
		if err != nil {
			return err
		}
		if maker.Status != Active {
			return db.ErrNoRow
		}
		a, err := accessOf(tx, *maker)
		if err != nil {
			return err
		}
		t.id, t.until, t.actor = row.ID, row.ExpiresAt, row.actor(a)
		if row.UsedAt != nil {
			t.used.Store(int64(*row.UsedAt))
		}
		return nil
	})
	if errors.Is(err, db.ErrNoRow) || db.CodeOf(err) == "not_found" {
		return nil, badToken()
	}
	if err != nil {
		return nil, fmt.Errorf("read the token: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.endings == endings && len(s.tokens) < mostLive {
		s.tokens[hash] = t
	}
	return t, nil
}

// actor is the token as the one who acts: within what its maker may do and see now.
func (t *APIToken) actor(maker access) db.Actor {
	theirs := maker.actor(false)
	actor := db.Actor{Kind: db.TokenActor, ID: t.ID, Name: t.Name, Permissions: db.Permissions{}, Limits: theirs.Limits,
		Locations: theirs.Locations, SessionID: -t.ID}
	for _, p := range t.Permissions {
		if _, may := forTokens[p]; may && theirs.Can(p) {
			actor.Permissions[p] = struct{}{}
		}
	}
	if t.LocationIDs != nil {
		actor.Locations = slices.DeleteFunc(slices.Clone(t.LocationIDs), func(id int64) bool { return !theirs.Scope().Has(id) })
	}
	return actor
}
