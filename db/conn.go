package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"

	"github.com/uptrace/bun"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxPrepared bounds a connection's cache; what comes after runs unprepared.
const maxPrepared = 512

// conn is one pinned connection with its prepared statements.
type conn struct {
	*sql.Conn
	bun      *bun.DB
	prepared map[string]*sql.Stmt
	trace    func(query string, args []any) // nil but in measurements
	// rolledBack is set by SQLite itself when a transaction ends in a rollback,
	// which database/sql does not notice (full disk, I/O error, interrupt).
	rolledBack atomic.Bool
}

func pin(ctx context.Context, d *bun.DB) (*conn, error) {
	sc, err := d.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: sc, bun: d, prepared: make(map[string]*sql.Stmt)}
	err = sc.Raw(func(dc any) error {
		h, ok := dc.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the SQLite driver has no rollback hook")
		}
		h.RegisterRollbackHook(func() { c.rolledBack.Store(true) })
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, sc.Close())
	}
	return c, nil
}

// stmt answers the prepared statement of a query, or nil when the cache is full.
func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	if len(c.prepared) >= maxPrepared {
		return nil, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = s
	return s, nil
}

func (c *conn) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if c.trace != nil {
		c.trace(query, args)
	}
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}

func (c *conn) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if c.trace != nil {
		c.trace(query, args)
	}
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.prepared {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.Conn.Close())...)
}

// primary is SQLite's primary result code of an error, 0 for anything else.
func primary(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// endsBatch says whether an error may have ended the whole transaction, so that
// nothing more may be written in it, even where the function went on.
func endsBatch(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrTxDone) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	switch primary(err) {
	case 0, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_ERROR:
		return false
	}
	return true
}

// endsWriting says whether an error means the file or disk cannot be trusted,
// so that the process must be started again. A search table that disagrees with
// its rows is not such: it can be made anew.
func endsWriting(err error) bool {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CORRUPT_VTAB {
		return false
	}
	switch primary(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// IsUnique says whether an error is a UNIQUE or PRIMARY KEY constraint that an
// insert or update met.
func IsUnique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// IsRaised says whether a trigger refused a change.
func IsRaised(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER
}

// IsCheck says whether an error is a CHECK constraint.
func IsCheck(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_CHECK
}
