package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"onhand/db"
	"onhand/db/auth"
)

// How long a session lives after it was last used and at the most, and how long one that a PIN opened stays open
// unused: it is locked then, whatever the page before it does.
const (
	SessionAge = 30 * 24 * time.Hour
	LongestAge = 90 * 24 * time.Hour
	PINIdle    = 15 * time.Minute
)

const (
	touchEvery  = time.Minute // the use of a session is written down this often at most
	mostLive    = 4096        // sessions kept in memory; the others are read again
	mostExpired = 500         // sessions removed in one write
	unsavedFrom = 1 << 40     // the first number, below zero, of sessions that are not in the file; above are tokens
)

// Ending is what happened to a session, for those who carry its sockets.
type Ending int

// The endings: signed out for good, locked until a PIN, or still there with other permissions or stores.
const (
	SignedOut Ending = iota
	Locked
	AccessChanged
)

// Sessions knows who is signed in. Every request asks it, so the live ones are kept in memory:
// what ends one in the file ends it here in the same moment, after the commit.
type Sessions struct {
	d      *db.DB
	secret *auth.Secret
	guard  *guard
	ended  func(sessionID int64, why Ending)

	mu      sync.RWMutex
	live    map[auth.Hash]*session
	tokens  map[auth.Hash]*apiToken
	endings int64 // counts what ended, so that a slow reader does not bring a session back

	unsaved atomic.Int64
}

// session is one that lives. Whoever takes a device over by PIN has a session under the one that signed it in.
type session struct {
	id     int64
	device int64 // the session that signed the device in; its own id after a password
	actor  db.Actor
	ends   db.Time      // whatever happens
	until  atomic.Int64 // ms; when it expires
	used   atomic.Int64 // ms; when its use was last written down
}

// NewSessions opens the room of sessions; ended is called with each session that ends or changes, 0 for all of them,
// and must not block.
func NewSessions(d *db.DB, ended func(sessionID int64, why Ending)) *Sessions {
	return &Sessions{
		d:      d,
		secret: auth.NewSecret(d.Dir()),
		guard:  newGuard(func() time.Time { return d.Now() }),
		ended:  ended,
		live:   map[auth.Hash]*session{},
		tokens: map[auth.Hash]*apiToken{},
	}
}

// Origin is where a session comes from.
type Origin struct{ IP, UserAgent string }

// Started is a session that has begun. The token is the only copy.
type Started struct {
	Token string
	Actor db.Actor
	User  User
}

// Begin starts a session of a user in the caller's transaction, after their password was right.
func (s *Sessions) Begin(tx *db.Tx, u User, from Origin) (*Started, error) {
	return s.beginOn(tx, u, from, nil)
}

// beginOn starts a session; one that takes a device over has it.
func (s *Sessions) beginOn(tx *db.Tx, u User, from Origin, device *int64) (*Started, error) {
	a, err := accessOf(tx, u)
	if err != nil {
		return nil, err
	}
	token := auth.NewToken()
	hash := auth.HashToken(token)
	until := tx.Now.Add(SessionAge)
	id, err := tx.Insert(`INSERT INTO sessions (user_id, token_hash, created_at, used_at, expires_at, ip, user_agent, device_id)
		VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7)`, u.ID, hash[:], tx.Now, until, from.IP, agent(from.UserAgent), device)
	if err != nil {
		return nil, fmt.Errorf("begin a session: %w", err)
	}
	if err := seen(tx, u.ID); err != nil {
		return nil, err
	}
	live := newSession(id, device, a, tx.Now, tx.Now, until)
	tx.Actor = live.actor
	tx.Actor.IP = from.IP
	tx.After(func() { s.keep(hash, live) })
	way := "password"
	if device != nil {
		way = "pin"
	}
	return &Started{Token: token, Actor: tx.Actor, User: u}, tx.AuditAs("signed_in", "session", id, nil, map[string]any{"userId": u.ID, "by": way})
}

// beginUnsaved lets people in while the disk is full, so that they can see why nothing is saved. The session
// lives in memory, under a number of its own below zero, and ends with the process.
func (s *Sessions) beginUnsaved(a access, from Origin) *Started {
	token := auth.NewToken()
	now := db.TimeOf(s.d.Now())
	live := newSession(-unsavedFrom-s.unsaved.Add(1), nil, a, now, now, now.Add(SessionAge))
	s.keep(auth.HashToken(token), live)
	actor := live.actor
	actor.IP = from.IP
	return &Started{Token: token, Actor: actor, User: a.user}
}

// Actor is who holds a session, unauthenticated when nobody does. Using a session prolongs it. A locked one has an
// actor without permissions.
func (s *Sessions) Actor(ctx context.Context, token, ip string) (db.Actor, error) {
	live, err := s.find(ctx, token)
	if err != nil {
		return db.Actor{}, err
	}
	now := s.d.Now().UnixMilli()
	if now >= live.until.Load() {
		return db.Actor{}, signedOut()
	}
	if live.idle(now) {
		actor := lockedActor(live.actor)
		actor.IP = ip
		return actor, nil
	}
	if used := live.used.Load(); now-used >= touchEvery.Milliseconds() && live.used.CompareAndSwap(used, now) {
		s.touch(ctx, live)
	}
	actor := live.actor
	actor.IP = ip
	return actor, nil
}

// Look is Actor without using the session.
func (s *Sessions) Look(ctx context.Context, token string) (db.Actor, error) {
	live, err := s.find(ctx, token)
	if err != nil {
		return db.Actor{}, err
	}
	now := s.d.Now().UnixMilli()
	switch {
	case now >= live.until.Load():
		return db.Actor{}, signedOut()
	case live.idle(now):
		return lockedActor(live.actor), nil
	}
	return live.actor, nil
}

func (s *Sessions) find(ctx context.Context, token string) (*session, error) {
	hash := auth.HashToken(token)
	s.mu.RLock()
	live, ok := s.live[hash]
	s.mu.RUnlock()
	if ok {
		return live, nil
	}
	return s.load(ctx, hash)
}

// SignOut ends the session of a token, and with it its device. Ending what has ended is no error.
func (s *Sessions) SignOut(ctx context.Context, token string) error {
	hash := auth.HashToken(token)
	s.mu.RLock()
	live, ok := s.live[hash]
	s.mu.RUnlock()
	if ok && live.id < 0 {
		s.forget(live.id)
		return nil
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		var device, userID int64
		err := tx.Row("SELECT coalesce(device_id, id), user_id FROM sessions WHERE token_hash = ?1", []any{hash[:]}, &device, &userID)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		if err := s.end(tx, "id = ?1", device); err != nil {
			return err
		}
		return tx.AuditAs("signed_out", "session", device, map[string]any{"userId": userID}, nil)
	})
}

// end removes the devices that a condition names, with the sessions under them.
func (s *Sessions) end(tx *db.Tx, condition string, args ...any) error {
	var ids []int64
	if err := tx.Select(&ids, "SELECT id FROM sessions WHERE device_id IN (SELECT id FROM sessions WHERE "+condition+")", args...); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	var devices []int64
	if err := tx.Select(&devices, "SELECT id FROM sessions WHERE "+condition, args...); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	ids = append(ids, devices...) // those under a device first, for they refer to it
	for _, id := range ids {
		if _, err := tx.Exec("DELETE FROM sessions WHERE id = ?1", id); err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
	}
	tx.After(func() {
		for _, id := range ids {
			s.forget(id)
		}
	})
	return nil
}

// RemoveExpired deletes sessions that have run out, in short writes. It answers how many went.
func RemoveExpired(ctx context.Context, d *db.DB) (removed int64, err error) {
	for {
		var n int64
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions s WHERE expires_at < ?1
				AND NOT EXISTS (SELECT 1 FROM sessions under WHERE under.device_id = s.id) LIMIT ?2)`, tx.Now, mostExpired)
			return err
		})
		if err != nil {
			return removed, fmt.Errorf("remove expired sessions: %w", err)
		}
		if removed += n; n == 0 {
			break
		}
	}
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM password_resets WHERE expires_at < ?1", tx.Now)
		return err
	})
	if err != nil {
		return removed, fmt.Errorf("remove expired password links: %w", err)
	}
	return removed, nil
}

const codeSignedOut = "unauthenticated"

func signedOut() error {
	return db.Errorf(db.Unauthenticated, codeSignedOut, "You are not signed in. Sign in and try again.")
}

func newSession(id int64, device *int64, a access, born, used, until db.Time) *session {
	live := &session{id: id, device: id, actor: a.actor(device != nil), ends: born.Add(LongestAge)}
	if device != nil {
		live.device = *device
	}
	live.actor.SessionID, live.actor.DeviceID, live.actor.ByPIN = id, live.device, device != nil
	live.used.Store(int64(used))
	live.until.Store(int64(min(until, live.ends)))
	return live
}

// idle says whether nobody has stood before a session that a PIN opened for too long.
func (live *session) idle(now int64) bool {
	return live.device != live.id && now-live.used.Load() >= PINIdle.Milliseconds()
}

// lockedActor is somebody without a permission until a PIN gives them back.
func lockedActor(a db.Actor) db.Actor {
	a.Locked, a.Needs, a.Permissions, a.Withheld = true, codeLocked, db.Permissions{}, a.Permissions
	return a
}

func (s *Sessions) load(ctx context.Context, hash auth.Hash) (*session, error) {
	s.mu.RLock()
	endings := s.endings
	s.mu.RUnlock()
	var live *session
	err := db.Read(ctx, s.d, func(tx *db.Tx) error {
		var (
			u                 User
			id                int64
			device            *int64
			born, used, until db.Time
			locked            bool
		)
		err := tx.Row(`SELECT s.id, s.device_id, s.created_at, s.used_at, s.expires_at, s.locked, `+userColumns+`
			FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?1 AND u.status = 'active'`, []any{hash[:]},
			append([]any{&id, &device, &born, &used, &until, &locked}, u.columns()...)...)
		if err != nil {
			return err
		}
		a, err := accessOf(tx, u)
		if err != nil {
			return err
		}
		live = newSession(id, device, a, born, used, until)
		if locked {
			live.actor = lockedActor(live.actor)
		}
		return nil
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil, signedOut()
	}
	if err != nil {
		return nil, fmt.Errorf("read the session: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.endings == endings { // else it may be this one that ended while we read
		s.put(hash, live)
	}
	return live, nil
}

// touch writes down that a session, and so its device, is used. When that fails the session goes on: nobody is thrown
// out by a full disk.
func (s *Sessions) touch(ctx context.Context, live *session) {
	now := db.TimeOf(s.d.Now())
	until := now.Add(SessionAge)
	live.until.Store(int64(min(until, live.ends)))
	if live.id < 0 {
		return
	}
	err := db.Write(context.WithoutCancel(ctx), s.d, func(tx *db.Tx) error {
		if _, err := tx.Exec("UPDATE sessions SET used_at = ?3, expires_at = ?4 WHERE id IN (?1, ?2)", live.id, live.device, now, until); err != nil {
			return err
		}
		return seen(tx, live.actor.ID)
	})
	if err != nil {
		s.d.Log.Warn("the use of a session was not written down", "error", err)
	}
}

// seen writes down that somebody was here.
func seen(tx *db.Tx, userID int64) error {
	_, err := tx.Exec("UPDATE users SET seen_at = ?2 WHERE id = ?1", userID, tx.Now)
	return err
}

func (s *Sessions) keep(hash auth.Hash, live *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(hash, live)
}

// put makes room by forgetting any other session: it is read again when it comes back.
func (s *Sessions) put(hash auth.Hash, live *session) {
	for other, l := range s.live {
		if len(s.live) < mostLive {
			break
		}
		if l.id > 0 {
			delete(s.live, other)
		}
	}
	s.live[hash] = live
}

// forget drops a session that has ended.
func (s *Sessions) forget(id int64) { s.drop(id, SignedOut) }

// drop takes a session out of memory, so that it is read again or gone, and tells who carries its sockets. 0 is all of
// them.
func (s *Sessions) drop(id int64, why Ending) {
	s.mu.Lock()
	for hash, l := range s.live {
		if l.id == id || id == 0 {
			delete(s.live, hash)
		}
	}
	s.endings++
	s.mu.Unlock()
	s.ended(id, why)
}

// reload lets everybody's access be read again: what a role may do has changed.
func (s *Sessions) reload() {
	s.drop(0, AccessChanged)
	s.forgetTokens()
}

// reloadUser lets a user's access be read again after the commit: their role or stores have changed.
func (s *Sessions) reloadUser(tx *db.Tx, userID int64) error {
	var ids []int64
	if err := tx.Select(&ids, "SELECT id FROM sessions WHERE user_id = ?1", userID); err != nil {
		return fmt.Errorf("find the sessions of a user: %w", err)
	}
	var tokens []int64
	if err := tx.Select(&tokens, "SELECT id FROM api_tokens WHERE user_id = ?1 AND revoked_at IS NULL", userID); err != nil {
		return fmt.Errorf("find the tokens of a user: %w", err)
	}
	tx.After(func() {
		for _, id := range ids {
			s.drop(id, AccessChanged)
		}
		s.forgetTokens()
		for _, id := range tokens {
			s.ended(-id, AccessChanged)
		}
	})
	return nil
}

// agent keeps what is printable of a browser's name.
func agent(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}
