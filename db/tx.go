package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// ErrNoRow is what Get and Row answer when nothing matched.
var ErrNoRow = sql.ErrNoRows

var errBadConn = driver.ErrBadConn

// Tx is a transaction: inside Write it changes the shop, inside Read it is a
// snapshot. It is valid until its function returns.
type Tx struct {
	// Actor is who asked.
	Actor Actor
	// Now is the moment of this transaction; it does not move.
	Now Time
	// InPast says that Now is a moment of Past, so that nobody is told.
	InPast bool

	d     *DB
	ctx   context.Context
	c     *conn
	call  *call  // nil in a read
	batch *batch // nil in a read

	approver *Approver // who vouched for what was above the actor's limit
}

// Ctx carries the caller's values. In a write it never ends: a statement
// interrupted in a batch would roll back everybody in it.
func (tx *Tx) Ctx() context.Context {
	return tx.ctx
}

// DB is where the transaction runs; never for Write or Read, which would nest.
func (tx *Tx) DB() *DB { return tx.d }

// Exec runs a statement through the cache of prepared ones and answers how many
// rows it changed. Parameters are SQLite's own: ?1, ?2 or plain ?.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	res, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Insert runs an INSERT like Exec and answers the new row's id.
func (tx *Tx) Insert(query string, args ...any) (int64, error) {
	res, err := tx.exec(query, args)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// rowsAtOnce bounds how many rows one INSERT carries, and so how many forms of
// it are kept prepared.
const rowsAtOnce = 16

// InsertRows inserts many rows of one width and answers the last one's id. The
// head is the statement up to VALUES, the values follow each other row by row.
func (tx *Tx) InsertRows(head string, width int, values []any) (last int64, err error) {
	for len(values) > 0 {
		n := min(rowsAtOnce, len(values)/width)
		if last, err = tx.Insert(head+valuesOf(width, n), values[:n*width]...); err != nil {
			return 0, err
		}
		values = values[n*width:]
	}
	return last, nil
}

// valuesOf is the VALUES of n rows: " VALUES (?, ?), (?, ?)".
func valuesOf(width, n int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", width), ", ") + "), "
	return " VALUES " + strings.TrimSuffix(strings.Repeat(row, n), ", ")
}

func (tx *Tx) exec(query string, args []any) (sql.Result, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	res, err := tx.c.exec(tx.ctx, query, args...)
	return res, tx.note(err)
}

// Get reads one row into a struct (bun's tags) or a scalar; ErrNoRow when none matches.
func (tx *Tx) Get(dest any, query string, args ...any) error {
	rows, err := tx.query(query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return noRow(tx.note(rows.Err()))
	}
	if err := tx.d.schema().ScanRow(tx.ctx, rows, dest); err != nil {
		return tx.note(err)
	}
	return tx.note(rows.Close())
}

// Row reads one row's columns into dest; ErrNoRow when none matches. It is the
// quickest way to a few columns.
func (tx *Tx) Row(query string, args []any, dest ...any) error {
	rows, err := tx.query(query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return noRow(tx.note(rows.Err()))
	}
	if err := rows.Scan(dest...); err != nil {
		return tx.note(err)
	}
	return tx.note(rows.Close())
}

// Select reads all rows into a slice of structs or scalars.
func (tx *Tx) Select(dest any, query string, args ...any) error {
	rows, err := tx.query(query, args)
	if err != nil {
		return err
	}
	return tx.note(tx.d.schema().ScanRows(tx.ctx, rows, dest))
}

// Each calls fn for row after row, for results too long to hold. fn may use tx.
func (tx *Tx) Each(query string, args []any, fn func(rows *sql.Rows) error) error {
	if err := tx.usable(); err != nil {
		return err
	}
	rows, err := tx.c.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return tx.note(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return tx.note(rows.Err())
}

func (tx *Tx) query(query string, args []any) (*sql.Rows, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	rows, err := tx.c.query(tx.ctx, query, args...)
	return rows, tx.note(err)
}

// NewSelect, NewInsert, NewUpdate and NewDelete are bun's builders bound to this
// transaction, for one-table work off the hot paths.
func (tx *Tx) NewSelect() *bun.SelectQuery { return tx.d.schema().NewSelect().Conn(builder{tx}) }

// NewInsert builds an INSERT; see NewSelect.
func (tx *Tx) NewInsert() *bun.InsertQuery { return tx.d.schema().NewInsert().Conn(builder{tx}) }

// NewUpdate builds an UPDATE; see NewSelect. Without Column it writes every field.
func (tx *Tx) NewUpdate() *bun.UpdateQuery { return tx.d.schema().NewUpdate().Conn(builder{tx}) }

// NewDelete builds a DELETE; see NewSelect.
func (tx *Tx) NewDelete() *bun.DeleteQuery { return tx.d.schema().NewDelete().Conn(builder{tx}) }

// After keeps fn for the moment after COMMIT, for what changes in memory. It
// falls with its transaction, and must not block.
func (tx *Tx) After(fn func()) {
	tx.mustWrite("After")
	tx.call.after = append(tx.call.after, fn)
}

// Last keeps a statement for the moment before COMMIT, where it runs once for
// all the writes that asked for it. It must do the same whoever asked, since a
// refused write may have asked too, and it must not fail: nothing of the batch
// is saved then.
func (tx *Tx) Last(query string) {
	tx.mustWrite("Last")
	if !slices.Contains(tx.batch.last, query) {
		tx.batch.last = append(tx.batch.last, query)
	}
}

func (tx *Tx) mustWrite(what string) {
	if tx.call == nil {
		panic("db: " + what + " outside a write")
	}
}

// usable is looked at before each statement: once SQLite has ended the
// transaction, the next statement would start one of its own and commit it.
func (tx *Tx) usable() error {
	if tx.c == nil {
		panic("db: a transaction was used after its function returned")
	}
	if tx.batch != nil && tx.batch.lost() {
		return fmt.Errorf("the transaction is gone: %w", tx.batch.dead)
	}
	return nil
}

// note looks at a statement's error: some end the batch even if fn goes on.
func (tx *Tx) note(err error) error {
	if err != nil && tx.batch != nil && tx.batch.dead == nil && endsBatch(err) {
		tx.batch.dead = err
	}
	return err
}

func noRow(err error) error {
	if err != nil {
		return err
	}
	return ErrNoRow
}

// schema is the bun.DB that knows the structs; statements go through the pinned
// connection, never through it.
func (d *DB) schema() *bun.DB { return d.write.c.bun }

// builder lets bun's query builders run on the pinned connection.
type builder struct{ tx *Tx }

var _ bun.IConn = builder{}

func (b builder) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	if err := b.tx.usable(); err != nil {
		return nil, err
	}
	res, err := b.tx.c.ExecContext(b.tx.ctx, query, args...)
	return res, b.tx.note(err)
}

func (b builder) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := b.tx.usable(); err != nil {
		return nil, err
	}
	rows, err := b.tx.c.QueryContext(b.tx.ctx, query, args...)
	return rows, b.tx.note(err)
}

func (b builder) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	ctx := b.tx.ctx
	if err := b.tx.usable(); err != nil {
		gone, cancel := context.WithCancelCause(ctx)
		cancel(err) // a sql.Row cannot be made with an error, but an ended context gives it one
		ctx = gone
	}
	return b.tx.c.QueryRowContext(ctx, query, args...)
}

// Found words a missing row: what was asked for does not exist, or not for this
// actor. Other errors pass.
func Found(err error, what string) error {
	if errors.Is(err, ErrNoRow) {
		return NotFound(what)
	}
	return err
}
