package staff_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/dbtest"
	"onhand/db/staff"
)

type room struct {
	*db.DB
	sessions *staff.Sessions
	owner    staff.User
	mu       sync.Mutex
	now      time.Time
	ended    []int64
}

func open(t *testing.T) *room {
	t.Helper()
	r := &room{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	var err error
	r.DB, err = db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: r.time})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	r.sessions = staff.NewSessions(r.DB, func(id int64, _ staff.Ending) { r.ended = append(r.ended, id) })
	in := staff.NewOwner{Name: " Anna ", Email: "Anna@Example.com", Password: "correct horse"}
	if err := in.Check("Corner Shop"); err != nil {
		t.Fatal(err)
	}
	hash, err := auth.HashPassword(t.Context(), in.Password)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.write(t, func(tx *db.Tx) error {
		u, err := staff.AddOwner(tx, in, hash)
		if err == nil {
			r.owner = *u
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) time() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.now }

func (r *room) pass(d time.Duration) { r.mu.Lock(); defer r.mu.Unlock(); r.now = r.now.Add(d) }

func (r *room) write(t *testing.T, fn func(*db.Tx) error) error {
	t.Helper()
	return db.Write(t.Context(), r.DB, fn)
}

func (r *room) begin(t *testing.T) *staff.Started {
	t.Helper()
	s, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: "anna@example.com", Password: "correct horse"}, staff.Origin{IP: "192.0.2.1", UserAgent: "a\x00b" + strings.Repeat("ü", 300)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r *room) count(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Read(t.Context(), r.DB, func(tx *db.Tx) error { return tx.Row(query, args, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestThereIsOneOwner(t *testing.T) {
	t.Parallel()
	r := open(t)
	if r.owner.Name != "Anna" || r.owner.Role != staff.Admin || r.owner.Status != staff.Active {
		t.Errorf("owner %+v", r.owner)
	}
	err := r.write(t, func(tx *db.Tx) error {
		_, err := staff.AddOwner(tx, staff.NewOwner{Name: "Ben", Email: "ben@example.com"}, "x")
		return err
	})
	if db.CodeOf(err) != "already_set_up" {
		t.Errorf("a second owner: %v", err)
	}
}

func TestAnOwnerNeedsNameEmailAndPassword(t *testing.T) {
	t.Parallel()
	in := staff.NewOwner{Email: "anna", Password: "short"}
	err := in.Check("Corner Shop")
	var fields []string
	if e, ok := err.(*db.Error); ok {
		for _, one := range append([]*db.Error{e}, e.Also...) {
			fields = append(fields, one.Field+" "+one.Code)
		}
	}
	if want := []string{"name required", "email bad_email", "password password_too_short"}; !slices.Equal(fields, want) {
		t.Errorf("wrong are %v, want %v", fields, want)
	}
}

func TestATokenIsNotInTheFile(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t)
	if n := r.count(t, "SELECT count(*) FROM sessions WHERE token_hash = ?1 OR hex(token_hash) = hex(?1)", []byte(s.Token)); n != 0 {
		t.Error("the token itself is stored")
	}
	hash := auth.HashToken(s.Token)
	if n := r.count(t, "SELECT count(*) FROM sessions WHERE token_hash = ?1 AND length(user_agent) <= 200 AND instr(user_agent, char(0)) = 0", hash[:]); n != 1 {
		t.Error("its hash is not stored, or the browser's name is stored as it came")
	}
}

func TestSigningOutEndsTheSessionAtOnceAndForGood(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t)
	ctx := t.Context()
	actor, err := r.sessions.Actor(ctx, s.Token, "192.0.2.7")
	if err != nil || actor.ID != r.owner.ID || actor.IP != "192.0.2.7" || actor.SessionID == 0 || !actor.Can("settings.write") {
		t.Fatalf("actor %+v, %v", actor, err)
	}
	for range 2 { // the second time it has ended already
		if err := r.sessions.SignOut(ctx, s.Token); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.sessions.Actor(ctx, s.Token, ""); db.CodeOf(err) != "unauthenticated" {
		t.Errorf("after signing out: %v", err)
	}
	if _, err := r.sessions.Look(ctx, s.Token); db.CodeOf(err) != "unauthenticated" {
		t.Errorf("it lives on: %v", err)
	}
	if _, err := staff.NewSessions(r.DB, func(int64, staff.Ending) {}).Actor(ctx, s.Token, ""); db.CodeOf(err) != "unauthenticated" {
		t.Errorf("after a restart: %v", err)
	}
	if !slices.Equal(r.ended, []int64{actor.SessionID}) {
		t.Errorf("ended %v, want %d once", r.ended, actor.SessionID)
	}
}

func TestASessionSurvivesARestartAndSlides(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t)
	for range 3 {
		r.pass(20 * 24 * time.Hour)
		again := staff.NewSessions(r.DB, func(int64, staff.Ending) {})
		if _, err := again.Actor(t.Context(), s.Token, ""); err != nil {
			t.Fatal(err)
		}
	}
	r.pass(staff.SessionAge)
	if _, err := r.sessions.Actor(t.Context(), s.Token, ""); db.CodeOf(err) != "unauthenticated" {
		t.Errorf("after its time: %v", err)
	}
	if removed, err := staff.RemoveExpired(t.Context(), r.DB); err != nil || removed != 0 {
		t.Errorf("at its last moment %d are removed, %v", removed, err)
	}
	r.pass(time.Second)
	if removed, err := staff.RemoveExpired(t.Context(), r.DB); err != nil || removed != 1 {
		t.Errorf("%d are removed, %v", removed, err)
	}
}

func TestUseIsWrittenDownOnceAMinute(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t)
	_, before := r.Batches()
	for range 300 {
		r.pass(time.Second)
		if _, err := r.sessions.Actor(t.Context(), s.Token, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, after := r.Batches(); after-before != 5 {
		t.Errorf("%d writes in five minutes", after-before)
	}
}

func TestDisabledPeopleDoNotGetIn(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t)
	if err := r.write(t, func(tx *db.Tx) error { _, err := tx.Exec("UPDATE users SET status = 'disabled'"); return err }); err != nil {
		t.Fatal(err)
	}
	_, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: "anna@example.com", Password: "correct horse"}, staff.Origin{})
	if db.CodeOf(err) != "bad_credentials" {
		t.Errorf("a new session: %v", err)
	}
	if _, err := staff.NewSessions(r.DB, func(int64, staff.Ending) {}).Actor(t.Context(), s.Token, ""); db.CodeOf(err) != "unauthenticated" {
		t.Errorf("an old session: %v", err)
	}
}

func TestRolesOnlyEverLose(t *testing.T) {
	t.Parallel()
	admin, manager, employee := staff.Admin.Permissions(), staff.Manager.Permissions(), staff.Employee.Permissions()
	for _, p := range employee.Names() {
		if _, ok := manager[p]; !ok {
			t.Errorf("an employee may %s, a manager may not", p)
		}
	}
	for _, p := range manager.Names() {
		if _, ok := admin[p]; !ok {
			t.Errorf("a manager may %s, an admin may not", p)
		}
	}
	for _, p := range []string{"cost.read", "imports.run", "settings.read", "products.write", "audit.read"} {
		if _, ok := employee[p]; ok {
			t.Errorf("an employee may %s", p)
		}
	}
	for _, p := range []string{"settings.write", "locations.write"} {
		if _, ok := manager[p]; ok {
			t.Errorf("a manager may %s", p)
		}
	}
	if staff.Role("owner").Permissions() != nil || staff.Known("orders.raed") || !staff.Known("orders.read") {
		t.Error("made-up roles and permissions count")
	}
}

// hurry makes the owner's password cheap to check, for tests that guess a lot.
func (r *room) hurry(t *testing.T) {
	t.Helper()
	salt := []byte("salt of a test")
	b64 := base64.RawStdEncoding.EncodeToString
	hash := "$argon2id$v=19$m=8,t=1,p=1$" + b64(salt) + "$" + b64(argon2.IDKey([]byte("correct horse"), salt, 1, 8, 1, 32))
	if err := r.write(t, func(tx *db.Tx) error { _, err := tx.Exec("UPDATE users SET password_hash = ?1", hash); return err }); err != nil {
		t.Fatal(err)
	}
}

func TestAStrangerWhoGuessesDoesNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hurry(t)
	try := func(email, password, ip string) string {
		_, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: email, Password: password}, staff.Origin{IP: ip})
		return db.CodeOf(err)
	}
	if code := try("anna@example.com", "correct horse", "192.0.2.1"); code != "" {
		t.Fatal(code)
	}
	r.sessions = staff.NewSessions(r.DB, func(int64, staff.Ending) {}) // after a restart her session in the file tells
	guesses := map[string]int{}
	for i := range 100 {
		guesses[try("anna@example.com", "wrong", fmt.Sprintf("198.51.100.%d", i))]++
	}
	for minute := range 60 {
		r.pass(time.Minute)
		for i := range 3 {
			guesses[try("anna@example.com", "wrong", fmt.Sprintf("203.0.113.%d", 3*minute+i))]++
		}
	}
	if guesses["throttled"] != 60 {
		t.Errorf("a stranger's guesses: %v", guesses)
	}
	if code := try("anna@example.com", "correct horse", "192.0.2.1"); code != "" {
		t.Errorf("the owner at her own address: %s", code)
	}
}

func TestGuessesFromManyAddressesAreThrottled(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hurry(t)
	guesses := map[string]int{}
	for i := range 10_000 {
		_, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: "anna@example.com", Password: "wrong"}, staff.Origin{IP: fmt.Sprintf("198.%d.%d.1", i/250, i%250)})
		guesses[db.CodeOf(err)]++
	}
	if guesses["bad_credentials"] != 100 || guesses["throttled"] != 9_900 {
		t.Errorf("guesses: %v", guesses)
	}
}

func TestOnePasswordAgainstManyAccountsIsThrottled(t *testing.T) {
	t.Parallel()
	r := open(t)
	guesses := map[string]int{}
	for i := range 10_000 {
		_, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: fmt.Sprintf("somebody%d@example.com", i), Password: "Summer2026!"}, staff.Origin{IP: fmt.Sprintf("2001:db8:1:1::%x", i)}) // a home line has all of these
		guesses[db.CodeOf(err)]++
	}
	if guesses["bad_credentials"] != 60 || guesses["throttled"] != 9_940 {
		t.Errorf("guesses: %v", guesses)
	}
	if _, err := r.sessions.SignIn(t.Context(), staff.Credentials{Email: "anna@example.com", Password: "correct horse"}, staff.Origin{IP: "192.0.2.1"}); err != nil {
		t.Errorf("the owner elsewhere: %v", err)
	}
}
