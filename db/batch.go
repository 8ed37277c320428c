package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"

	sqlite3 "modernc.org/sqlite/lib"
)

// preparedSavepoints is how many savepoint names are worth a prepared statement.
const preparedSavepoints = 64

// batch is the calls that share one transaction.
type batch struct {
	w         *writer
	calls     []*call
	next      int      // the call whose turn it is
	begun     bool     // the transaction is open
	committed bool     // all of it is on disk
	dead      error    // why the transaction can no longer be committed
	last      []string // statements of Tx.Last, in the order they were first asked for
}

// carry runs the calls that are left, commits and answers everybody.
func (b *batch) carry() {
	b.begin()
	for b.dead == nil && b.next < len(b.calls) {
		b.run(b.calls[b.next])
		b.next++
	}
	b.commit()
	if b.committed {
		b.settle()
	} else {
		b.abandon()
	}
	for _, c := range b.calls {
		close(c.done)
	}
}

func (b *batch) begin() {
	if b.begun {
		return
	}
	b.begun = true
	if b.dead = b.w.failure(); b.dead != nil {
		return // these were queued before writing stopped
	}
	b.w.c.rolledBack.Store(false)
	if _, err := b.w.c.exec(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		b.dead = fmt.Errorf("begin: %w", err)
	}
}

func (b *batch) commit() {
	if b.lost() || b.committed {
		return
	}
	if b.finish(); b.dead != nil {
		return
	}
	if _, err := b.w.c.exec(context.Background(), "COMMIT"); err != nil {
		b.dead = fmt.Errorf("commit: %w", err)
		return
	}
	b.committed = true
	b.w.commits.Add(1)
	b.w.writes.Add(int64(len(b.calls)))
}

// finish runs what was kept for the end of the batch.
func (b *batch) finish() {
	for _, query := range b.last {
		if _, err := b.w.c.exec(context.Background(), query); err != nil {
			b.dead = fmt.Errorf("finish the batch: %w", err)
			return
		}
	}
}

// alone says whether the batch is of one call. It needs no savepoint: it takes the whole transaction back. With one SQLite keeps a
// copy of each page as it was, which takes as long again as a write of many pages itself.
func (b *batch) alone() bool { return len(b.calls) == 1 }

// run gives one call its savepoint.
func (b *batch) run(c *call) {
	if err := c.ctx.Err(); err != nil {
		c.err = err
		return
	}
	name := "s" + strconv.Itoa(b.next)
	if !b.alone() && !b.mark("SAVEPOINT ", name) {
		return
	}
	tx := &Tx{Actor: c.actor, Now: TimeOf(b.w.d.Now()), d: b.w.d, ctx: context.WithoutCancel(c.ctx), c: b.w.c, call: c, batch: b}
	tx.past(c.ctx)
	c.err = b.guarded(tx, c)
	if b.lost() {
		return
	}
	if c.err != nil || c.panicked != nil {
		c.after, c.events = nil, nil
		b.undo(name)
		return
	}
	if !b.alone() {
		b.mark("RELEASE ", name)
	}
}

// guarded runs fn and keeps its panic for the caller, whose stack it will not
// show: that of fn is logged. However fn ends, its Tx ends with it.
func (b *batch) guarded(tx *Tx, c *call) (err error) {
	defer func() {
		tx.c = nil
		if c.panicked = recover(); c.panicked != nil {
			b.w.d.Log.Error("a write panicked", "panic", c.panicked, "stack", string(debug.Stack()))
		}
	}()
	if err := c.fn(tx); err != nil {
		return err
	}
	return tx.saveEvents()
}

// exit undoes a call that ended with runtime.Goexit; one that did so in a hook
// after the commit stays.
func (b *batch) exit() {
	if b.committed {
		return
	}
	c := b.calls[b.next]
	c.exited, c.after, c.events = true, nil, nil
	if !b.lost() {
		b.undo("s" + strconv.Itoa(b.next))
	}
	b.next++
}

// undo takes back what one call did; both statements are needed, or the
// savepoint stays open.
func (b *batch) undo(name string) {
	if b.alone() {
		b.again()
		return
	}
	if b.mark("ROLLBACK TO ", name) {
		b.mark("RELEASE ", name)
	}
}

// again takes the whole transaction back and begins another one.
func (b *batch) again() {
	if _, err := b.w.c.exec(context.Background(), "ROLLBACK"); err != nil {
		b.dead = fmt.Errorf("roll back: %w", err)
		return
	}
	b.begun = false
	b.begin()
}

// mark runs a savepoint statement; when it fails the batch is dead.
func (b *batch) mark(verb, name string) bool {
	if b.lost() {
		return false
	}
	exec := b.w.c.exec
	if b.next >= preparedSavepoints {
		exec = b.w.c.ExecContext
	}
	if _, err := exec(context.Background(), verb+name); err != nil {
		b.dead = fmt.Errorf("%s: %w", verb+name, err)
		return false
	}
	return true
}

// lost says whether the transaction is gone, and remembers it.
func (b *batch) lost() bool {
	if b.dead == nil && b.w.c.rolledBack.Load() {
		b.dead = errors.New("SQLite rolled the transaction back")
	}
	return b.dead != nil
}

// abandon rolls back and fails every caller: nobody is acknowledged, and no
// function runs a second time.
func (b *batch) abandon() {
	if _, err := b.w.c.exec(context.Background(), "ROLLBACK"); err != nil && primary(err) != sqlite3.SQLITE_ERROR {
		b.w.d.Log.Error("roll back", "error", err)
	}
	b.w.d.Log.Warn("a batch was lost", "writes", len(b.calls), "error", b.dead)
	if endsWriting(b.dead) || errors.Is(b.dead, errBadConn) {
		b.w.fail(b.dead)
	}
	err := b.w.failure()
	switch {
	case err != nil:
	case primary(b.dead) == sqlite3.SQLITE_FULL:
		err = &Error{Kind: Full, Code: "disk_full", Message: "The disk is full, so nothing was saved. Free some space and try again.", cause: b.dead}
	default:
		err = &Error{Kind: Unavailable, Code: "not_saved", Message: "Nothing was saved. Try again in a moment.", cause: b.dead}
	}
	for _, c := range b.calls {
		c.after, c.events = nil, nil
		if c.panicked == nil && !c.exited {
			c.err = err
		}
	}
}

// settle does in memory what the committed calls asked for, in their order. It
// takes each hook off before calling it, so that none runs twice.
func (b *batch) settle() {
	for _, c := range b.calls {
		for len(c.after) > 0 {
			fn := c.after[0]
			c.after = c.after[1:]
			b.w.d.hook(fn)
		}
		events := c.events
		c.events = nil
		b.w.d.tell(events)
	}
}

// hook runs what was to happen after a commit. The commit stands and its callers
// are answered, so a panic is a bug to log, not a reason to stop the shop.
func (d *DB) hook(fn func()) {
	defer func() {
		if r := recover(); r != nil {
			d.Log.Error("a hook panicked after its commit", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	fn()
}
