package db

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"
	sqlite3 "modernc.org/sqlite/lib"
)

// readDeadline bounds every read; a list that needs longer is a bug.
const readDeadline = 10 * time.Second

// Read runs fn on one consistent snapshot. The connection refuses writes. The
// read ends with ctx, or after ten seconds.
func Read(ctx context.Context, d *DB, fn func(*Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, readDeadline)
	defer cancel()
	return Inspect(ctx, d, fn)
}

// Inspect is Read without the ten seconds, for looking through the whole file.
func Inspect(ctx context.Context, d *DB, fn func(*Tx) error) error {
	d.write.mustBeOutside()
	c, err := d.pool.take(ctx)
	if err != nil {
		return err
	}
	// Before the BEGIN: one that a cancelled context reports as failed may have run.
	defer d.pool.give(c)
	if _, err := c.exec(ctx, "BEGIN DEFERRED"); err != nil {
		return late(ctx, err)
	}
	tx := &Tx{Actor: ActorOf(ctx), Now: TimeOf(d.Now()), d: d, ctx: ctx, c: c}
	defer func() { tx.c = nil }()
	return late(ctx, fn(tx))
}

// late words a read that ran out of time.
func late(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{Kind: Unavailable, Code: "too_slow", Message: "That took too long. Narrow the search and try again.", cause: err}
	}
	return err
}

// pool is the connections that read, opened when first needed.
type pool struct {
	bun    *bun.DB
	free   chan *conn
	closed chan struct{}
}

func newPool(b *bun.DB, n int) *pool {
	p := &pool{bun: b, free: make(chan *conn, n), closed: make(chan struct{})}
	for range n {
		p.free <- nil // a place that has no connection yet
	}
	return p
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case c := <-p.free:
		return p.ready(ctx, c)
	case <-p.closed:
		return nil, stopping()
	case <-ctx.Done():
		return nil, late(ctx, ctx.Err())
	}
}

func (p *pool) ready(ctx context.Context, c *conn) (*conn, error) {
	if c != nil {
		return c, nil
	}
	c, err := pin(ctx, p.bun)
	if err != nil {
		p.free <- nil
		return nil, late(ctx, err)
	}
	if err := checkPragmas(ctx, c); err != nil {
		p.free <- nil
		return nil, late(ctx, errors.Join(err, c.close()))
	}
	return c, nil
}

// give ends the snapshot and frees the connection; one that cannot leave its
// snapshot is closed, or later readers would see the past.
func (p *pool) give(c *conn) {
	_, err := c.exec(context.Background(), "ROLLBACK")
	if err != nil && primary(err) != sqlite3.SQLITE_ERROR { // that one says there was no transaction
		_ = c.close()
		c = nil
	}
	p.free <- c
}

// close waits for the reads under way.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range cap(p.free) {
		if c := <-p.free; c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(append(errs, p.bun.Close())...)
}
