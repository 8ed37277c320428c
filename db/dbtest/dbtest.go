// Package dbtest opens shops for tests: a real file, a clock that stands still,
// and the few things that nearly every test needs in them.
package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/doctor"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
)

// The owner of every test shop signs in with these.
const (
	Email    = "ada@example.com"
	Password = "correct horse battery"
)

// noon is when every test begins: 20 November 2026, 13:30 in Berlin.
var noon = time.Date(2026, 11, 20, 12, 30, 0, 0, time.UTC)

// Clock is a time that stands still until a test moves it.
type Clock struct{ ms atomic.Int64 }

// Now is the present moment.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Set moves the clock to a moment.
func (c *Clock) Set(t time.Time) { c.ms.Store(t.UnixMilli()) }

// Forward moves the clock by a duration.
func (c *Clock) Forward(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Shop is a shop that was just set up: Corner Shop in Berlin, in EUR, its prices
// with tax, one location, and its owner Ada.
type Shop struct {
	*db.DB
	// Clock is the shop's; it begins on 20 November 2026 at 12:30 UTC.
	Clock *Clock
	// Ctx carries the owner, who may do everything.
	Ctx context.Context
	// Owner is the one user.
	Owner staff.User
	// Location is the id of the one location, Main store.
	Location int64

	t testing.TB
}

// Open opens a shop of its own for a test, and closes it with the test.
func Open(t testing.TB) *Shop {
	t.Helper()
	file, err := ready()
	if err != nil {
		t.Fatalf("make a shop: %v", err)
	}
	dir := folder(t, file)
	s := &Shop{Clock: new(Clock), t: t}
	s.Clock.Set(noon)
	s.open(dir)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the shop: %v", err)
		}
	})
	return s
}

// Empty is a folder of its own for a test with a file that no shop was set up in yet.
func Empty(t testing.TB) string {
	t.Helper()
	file, err := migrated()
	if err != nil {
		t.Fatalf("make an empty file: %v", err)
	}
	return folder(t, file)
}

// folder holds a copy of a file.
func folder(t testing.TB, file []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, db.FileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Reopen closes the shop and opens it again, as a restart does.
func (s *Shop) Reopen() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatalf("close the shop: %v", err)
	}
	s.open(s.Dir())
}

func (s *Shop) open(dir string) {
	s.t.Helper()
	ctx := context.Background()
	var err error
	if s.DB, err = db.Open(ctx, db.Options{Dir: dir, Now: s.Clock.Now}); err != nil {
		s.t.Fatalf("open the shop: %v", err)
	}
	now, err := settings.Current(ctx, s.DB)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Location = now.DefaultLocationID
	err = db.Read(ctx, s.DB, func(tx *db.Tx) error {
		owner, err := staff.ByID(tx, 1)
		if err == nil {
			s.Owner = *owner
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Ctx = db.WithActor(ctx, staff.Owner(s.Owner))
}

// Doctor fails the test with every invariant that is broken.
func (s *Shop) Doctor(t testing.TB) {
	t.Helper()
	reports, err := doctor.Run(context.Background(), s.DB)
	if err != nil {
		t.Errorf("the doctor: %v", err)
	}
	for _, r := range reports {
		t.Errorf("the doctor found in %s, %s: %s: %s", r.Room, r.Rule, r.Row, r.Message)
	}
}

// migrated is the file of all migrations, made once: with the race detector they take seconds.
var migrated = sync.OnceValues(func() ([]byte, error) {
	return made(func(context.Context, *db.DB) error { return nil })
})

// ready is the file of a shop that was set up, made once: that is most of what a
// test would do.
var ready = sync.OnceValues(func() ([]byte, error) {
	return made(func(ctx context.Context, d *db.DB) error {
		hash, err := auth.HashPassword(ctx, Password)
		if err != nil {
			return err
		}
		return db.Write(ctx, d, func(tx *db.Tx) error { return setUp(tx, hash) })
	})
})

// made is the file that is left when something was done in a new one.
func made(do func(context.Context, *db.DB) error) (file []byte, err error) {
	dir, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(do(ctx, d), d.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, db.FileName))
}

func setUp(tx *db.Tx, passwordHash string) error {
	owner, err := staff.AddOwner(tx, staff.NewOwner{Name: "Ada", Email: Email, Password: Password}, passwordHash)
	if err != nil {
		return err
	}
	tx.Actor = staff.Owner(*owner)
	included := true
	_, err = settings.SetUp(tx, settings.NewShop{
		Name: "Corner Shop", Currency: "EUR", TimeZone: "Europe/Berlin", PricesIncludeTax: &included, Language: "en",
	})
	if err != nil {
		return err
	}
	_, err = stock.CreateLocation(tx, "Main store")
	return err
}
