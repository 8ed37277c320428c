// Package db is the kernel: one SQLite file with one writer and many readers,
// and what every room above it shares: transactions, idempotency, actors,
// audit, events, errors and time.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// FileName is the name of the database inside the data folder.
const FileName = "onhand.db"

// readers is how many snapshots are read at once; more wait for a free one.
const readers = 4

// Options say where the data lives and what a test replaces.
type Options struct {
	// Dir is the data folder; it is made when missing.
	Dir string
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Log receives what a person running the shop should know; discarded when nil.
	Log *slog.Logger
	// Trace hears of every statement of every write, with its parameters. Only
	// measurements set it.
	Trace func(query string, args []any)
	// AsItIs opens only a shop that is there and of this version: nothing is
	// made and nothing upgraded.
	AsItIs bool
	// BatchLimit is how many writes share one commit at the most; no limit
	// when 0. Only measurements set it.
	BatchLimit int
}

// DB is an open data folder.
type DB struct {
	// Now is the clock, replaced by tests. Transactions freeze it as Tx.Now.
	Now func() time.Time
	// Log receives what a person running the shop should know.
	Log *slog.Logger
	// Settings holds the snapshot of the settings room, which alone touches it.
	Settings atomic.Value
	// Importing is held by the one import that is being carried out or taken back; the imports room alone touches it.
	Importing sync.Mutex
	// Pictures is held by the removal of files that no row names, and shared by whoever is adding some; the catalog alone touches it.
	Pictures sync.RWMutex

	dir    string
	unlock func() error
	write  *writer
	pool   *pool
	hub    listeners
	close  func() error
}

// Open locks the folder, checks the engine, opens the file, brings its schema
// up to date and starts the writer. It refuses an engine that can lose commits,
// a folder in use, and a file of a newer version, each in a plain sentence.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !o.AsItIs {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	unlock, err := lockFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	d := &DB{Now: o.Now, Log: o.Log, dir: o.Dir, unlock: unlock}
	if err := d.open(ctx, o); err != nil {
		return nil, errors.Join(err, unlock())
	}
	return d, nil
}

func (d *DB) open(ctx context.Context, o Options) error {
	path := filepath.Join(d.dir, FileName)
	if err := checkFile(path, o.AsItIs); err != nil {
		return err
	}
	wdb := openSQL(path, false)
	c, err := start(ctx, wdb, o.AsItIs)
	if err != nil {
		return errors.Join(err, wdb.Close())
	}
	c.trace = o.Trace
	d.write = newWriter(d, c, o.BatchLimit)
	d.pool = newPool(openSQL(path, true), readers)
	d.close = sync.OnceValue(func() error {
		return errors.Join(d.write.close(), d.pool.close(), d.unlock())
	})
	return nil
}

// start makes a writer's connection ready: engine, pragmas, schema.
func start(ctx context.Context, wdb *bun.DB, asItIs bool) (*conn, error) {
	if err := checkEngine(ctx, wdb); err != nil {
		return nil, err
	}
	if err := migrateFile(ctx, wdb, asItIs); err != nil {
		return nil, err
	}
	c, err := pin(ctx, wdb)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := checkPragmas(ctx, c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func openSQL(path string, queryOnly bool) *bun.DB {
	s, err := sql.Open("sqlite", dsn(path, queryOnly))
	if err != nil {
		panic(err) // the driver is linked in; only a missing one fails here
	}
	s.SetMaxOpenConns(1)
	if queryOnly {
		s.SetMaxOpenConns(readers)
		s.SetMaxIdleConns(readers)
	}
	return bun.NewDB(s, sqlitedialect.New())
}

// Dir is the data folder.
func (d *DB) Dir() string { return d.dir }

// Healthy is nil while writes can be acknowledged. After an I/O or corruption
// error it stays non-nil: the process has to be started again.
func (d *DB) Healthy() error { return d.write.failure() }

// Failed is closed when writing has stopped for good.
func (d *DB) Failed() <-chan struct{} { return d.write.failed }

// Queued is how many writes wait for the writer.
func (d *DB) Queued() int { return len(d.write.queue) }

// Batches counts commits and the writes in them since the start.
func (d *DB) Batches() (commits, writes int64) {
	return d.write.commits.Load(), d.write.writes.Load()
}

// Close lets queued writes finish, then closes the file and unlocks the folder.
// Writes after it are refused.
func (d *DB) Close() error { return d.close() }

// listeners are those who hear events after their commit.
type listeners struct {
	mu  sync.Mutex
	all map[int]func(Event)
	n   int
}

// Listen calls fn for each committed event, in order, on the writer's
// goroutine: it must not block. The returned function ends it.
func (d *DB) Listen(fn func(Event)) (stop func()) {
	d.hub.mu.Lock()
	defer d.hub.mu.Unlock()
	if d.hub.all == nil {
		d.hub.all = make(map[int]func(Event))
	}
	d.hub.n++
	id := d.hub.n
	d.hub.all[id] = fn
	return func() {
		d.hub.mu.Lock()
		defer d.hub.mu.Unlock()
		delete(d.hub.all, id)
	}
}

func (d *DB) tell(events []Event) {
	if len(events) == 0 {
		return
	}
	d.hub.mu.Lock()
	defer d.hub.mu.Unlock()
	for _, e := range events {
		for _, fn := range d.hub.all {
			d.hook(func() { fn(e) })
		}
	}
}
