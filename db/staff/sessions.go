package staff

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"onhand/db"
	"onhand/db/auth"
)

// SessionAge is how long a session lives after it was last used.
const SessionAge = 30 * 24 * time.Hour

const (
	touchEvery  = time.Minute // the use of a session is written down this often at most
	mostLive    = 4096        // sessions kept in memory; the others are read again
	mostExpired = 500         // sessions removed in one write
)

// Sessions knows who is signed in. Every request asks it, so the live ones are kept in memory:
// what ends one in the file ends it here in the same moment, after the commit.
type Sessions struct {
	d         *db.DB
	byAddress *auth.Throttle
	byPair    *auth.Throttle // of an account and an address
	byAccount *auth.Throttle // of addresses the account never signed in from: a stranger must not lock the owner out
	known     *auth.Known    // pairs that signed in; the sessions in the file tell of others
	ended     func(sessionID int64)

	mu      sync.RWMutex
	live    map[auth.Hash]*session
	endings int64 // counts what ended, so that a slow reader does not bring a session back

	unsaved atomic.Int64
}

type session struct {
	id    int64
	actor db.Actor
	until atomic.Int64 // ms; when it expires
	used  atomic.Int64 // ms; when its use was last written down
}

// NewSessions opens the room of sessions; ended is called with each session that ends, and must not block.
func NewSessions(d *db.DB, ended func(sessionID int64)) *Sessions {
	now := func() time.Time { return d.Now() }
	return &Sessions{
		d:         d,
		ended:     ended,
		byAddress: auth.NewThrottle(60, 5*time.Second, now),
		byPair:    auth.NewThrottle(10, 30*time.Second, now),
		byAccount: auth.NewThrottle(100, 30*time.Second, now),
		known:     auth.NewKnown(),
		live:      map[auth.Hash]*session{},
	}
}

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Code     string `json:"code,omitempty" doc:"of a second factor; nobody has one yet"`
}

// Origin is where a session comes from.
type Origin struct{ IP, UserAgent string }

// Started is a session that has begun. The token is the only copy.
type Started struct {
	Token string
	Actor db.Actor
	User  User
}

// SignIn begins a session. It fails with bad_credentials, in the same time whether or not the account exists,
// and with throttled after too many wrong passwords from one address, for one account from one address, or for one
// account from all the addresses it never signed in from.
func (s *Sessions) SignIn(ctx context.Context, in Credentials, from Origin) (*Started, error) {
	account := normalEmail(in.Email)
	pair := account + "\n" + from.IP
	if err := take(s.byAddress, from.IP); err != nil {
		return nil, err
	}
	if err := take(s.byPair, pair); err != nil {
		return nil, err
	}
	u, hash, signedIn, err := s.account(ctx, account, from.IP)
	if err != nil {
		return nil, err
	}
	known := signedIn || s.known.Has(pair)
	if !known {
		if err := take(s.byAccount, account); err != nil {
			return nil, err
		}
	}
	ok, err := auth.CheckPassword(ctx, hash, norm.NFC.String(in.Password))
	if err != nil {
		return nil, fmt.Errorf("check the password: %w", err)
	}
	if !ok || u.Status != Active {
		return nil, db.Errorf(db.Unauthenticated, "bad_credentials", "This email and password do not fit together. Check both.")
	}
	s.byAddress.Return(from.IP)
	s.byPair.Return(pair)
	if !known {
		s.byAccount.Return(account)
	}
	s.known.Add(pair)
	return s.begin(ctx, u, from)
}

// take spends a try, or says when there is one again.
func take(t *auth.Throttle, key string) error {
	wait := t.Take(key)
	if wait == 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	return db.Errorf(db.Throttled, "throttled", "Too many wrong passwords. Try again in %d seconds.", seconds).With("retryAfter", seconds)
}

// account reads an account by its normal address, and whether it has a session from ip; the empty hash when there is none.
func (s *Sessions) account(ctx context.Context, email, ip string) (u User, hash string, signedIn bool, err error) {
	err = db.Read(ctx, s.d, func(tx *db.Tx) error {
		return tx.Row(`SELECT id, name, email, role, status, version, password_hash,
			EXISTS (SELECT 1 FROM sessions WHERE user_id = users.id AND ip = ?2) FROM users WHERE email_normal = ?1`, []any{email, ip},
			&u.ID, &u.Name, &u.Email, &u.Role, &u.Status, &u.Version, &hash, &signedIn)
	})
	if errors.Is(err, db.ErrNoRow) {
		return User{}, "", false, nil
	}
	return u, hash, signedIn, err
}

func (s *Sessions) begin(ctx context.Context, u User, from Origin) (*Started, error) {
	var started *Started
	err := db.Write(ctx, s.d, func(tx *db.Tx) (err error) {
		started, err = s.Begin(tx, u, from)
		return err
	})
	var refused *db.Error
	if errors.As(err, &refused) && refused.Kind == db.Full {
		return s.beginUnsaved(u, from), nil
	}
	return started, err
}

// Begin starts a session of a user in the caller's transaction.
func (s *Sessions) Begin(tx *db.Tx, u User, from Origin) (*Started, error) {
	token := auth.NewToken()
	hash := auth.HashToken(token)
	until := tx.Now.Add(SessionAge)
	id, err := tx.Insert(`INSERT INTO sessions (user_id, token_hash, created_at, used_at, expires_at, ip, user_agent)
		VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)`, u.ID, hash[:], tx.Now, until, from.IP, agent(from.UserAgent))
	if err != nil {
		return nil, fmt.Errorf("begin a session: %w", err)
	}
	live := newSession(id, u, tx.Now, until)
	tx.Actor = live.actor
	tx.Actor.IP = from.IP
	tx.After(func() { s.keep(hash, live) })
	return &Started{Token: token, Actor: tx.Actor, User: u}, tx.Audit("session", id, nil, map[string]any{"userId": u.ID})
}

// beginUnsaved lets people in while the disk is full, so that they can see why nothing is saved. The session
// lives in memory, under a number below zero, and ends with the process.
func (s *Sessions) beginUnsaved(u User, from Origin) *Started {
	token := auth.NewToken()
	now := db.TimeOf(s.d.Now())
	live := newSession(-s.unsaved.Add(1), u, now, now.Add(SessionAge))
	s.keep(auth.HashToken(token), live)
	actor := live.actor
	actor.IP = from.IP
	return &Started{Token: token, Actor: actor, User: u}
}

// Actor is who holds a token, unauthenticated when nobody does. Using a session prolongs it.
func (s *Sessions) Actor(ctx context.Context, token, ip string) (db.Actor, error) {
	hash := auth.HashToken(token)
	s.mu.RLock()
	live, ok := s.live[hash]
	s.mu.RUnlock()
	if !ok {
		var err error
		if live, err = s.load(ctx, hash); err != nil {
			return db.Actor{}, err
		}
	}
	now := s.d.Now().UnixMilli()
	if now >= live.until.Load() {
		return db.Actor{}, signedOut()
	}
	if used := live.used.Load(); now-used >= touchEvery.Milliseconds() && live.used.CompareAndSwap(used, now) {
		s.touch(ctx, live)
	}
	actor := live.actor
	actor.IP = ip
	return actor, nil
}

// Lives says whether a token still opens a session, without using it.
func (s *Sessions) Lives(ctx context.Context, token string) bool {
	hash := auth.HashToken(token)
	s.mu.RLock()
	live, ok := s.live[hash]
	s.mu.RUnlock()
	if !ok {
		var err error
		if live, err = s.load(ctx, hash); err != nil {
			return db.CodeOf(err) != codeSignedOut // a busy file does not end a session
		}
	}
	return s.d.Now().UnixMilli() < live.until.Load()
}

// SignOut ends the session of a token. Ending what has ended is no error.
func (s *Sessions) SignOut(ctx context.Context, token string) error {
	hash := auth.HashToken(token)
	s.mu.RLock()
	live, ok := s.live[hash]
	s.mu.RUnlock()
	if ok && live.id < 0 {
		s.forget(hash, live.id)
		return nil
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		var id, userID int64
		err := tx.Row("DELETE FROM sessions WHERE token_hash = ?1 RETURNING id, user_id", []any{hash[:]}, &id, &userID)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		tx.After(func() { s.forget(hash, id) })
		return tx.Audit("session", id, map[string]any{"userId": userID}, nil)
	})
}

// RemoveExpired deletes sessions that have run out, in short writes. It answers how many went.
func RemoveExpired(ctx context.Context, d *db.DB) (removed int64, err error) {
	for {
		var n int64
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			n, err = tx.Exec("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ?1 LIMIT ?2)", tx.Now, mostExpired)
			return err
		})
		if err != nil {
			return removed, fmt.Errorf("remove expired sessions: %w", err)
		}
		if removed += n; n < mostExpired {
			return removed, nil
		}
	}
}

const codeSignedOut = "unauthenticated"

func signedOut() error {
	return db.Errorf(db.Unauthenticated, codeSignedOut, "You are not signed in. Sign in and try again.")
}

func newSession(id int64, u User, used, until db.Time) *session {
	live := &session{id: id, actor: Actor(u)}
	live.actor.SessionID = id
	live.used.Store(int64(used))
	live.until.Store(int64(until))
	return live
}

func (s *Sessions) load(ctx context.Context, hash auth.Hash) (*session, error) {
	s.mu.RLock()
	endings := s.endings
	s.mu.RUnlock()
	var (
		u           User
		id          int64
		used, until db.Time
	)
	err := db.Read(ctx, s.d, func(tx *db.Tx) error {
		return tx.Row(`SELECT s.id, s.used_at, s.expires_at, u.id, u.name, u.email, u.role, u.status, u.version
			FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?1 AND u.status = 'active'`, []any{hash[:]},
			&id, &used, &until, &u.ID, &u.Name, &u.Email, &u.Role, &u.Status, &u.Version)
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil, signedOut()
	}
	if err != nil {
		return nil, fmt.Errorf("read the session: %w", err)
	}
	live := newSession(id, u, used, until)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.endings == endings { // else it may be this one that ended while we read
		s.put(hash, live)
	}
	return live, nil
}

// touch writes down that a session is used. When that fails the session goes on: nobody is thrown out by a full disk.
func (s *Sessions) touch(ctx context.Context, live *session) {
	now := db.TimeOf(s.d.Now())
	live.until.Store(int64(now.Add(SessionAge)))
	if live.id < 0 {
		return
	}
	err := db.Write(context.WithoutCancel(ctx), s.d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE sessions SET used_at = ?2, expires_at = ?3 WHERE id = ?1", live.id, now, now.Add(SessionAge))
		return err
	})
	if err != nil {
		s.d.Log.Warn("the use of a session was not written down", "error", err)
	}
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

func (s *Sessions) forget(hash auth.Hash, id int64) {
	s.mu.Lock()
	delete(s.live, hash)
	s.endings++
	s.mu.Unlock()
	s.ended(id)
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
