package db

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// queueSize is how many writes may wait; one more is refused with 503.
const queueSize = 4096

// Write runs fn inside the next group commit and answers when it is on disk, or
// when all of it was undone. fn runs on the writer's goroutine: it must be short,
// must not call Write or Read, and must not touch network, files or templates.
//
// ctx is looked at once, before fn runs; once fn has run its caller waits for
// the commit. A full queue is `busy`, a full disk `disk_full`.
func Write(ctx context.Context, d *DB, fn func(*Tx) error) error {
	c := &call{ctx: ctx, actor: ActorOf(ctx), fn: fn, done: make(chan struct{})}
	if err := d.write.enqueue(c); err != nil {
		return err
	}
	<-c.done
	switch {
	case c.panicked != nil:
		panic(c.panicked)
	case c.exited:
		runtime.Goexit()
	}
	return c.err
}

// call is one Write waiting for its commit.
type call struct {
	ctx   context.Context
	actor Actor
	fn    func(*Tx) error
	done  chan struct{}

	err      error
	panicked any
	exited   bool
	after    []func()
	events   []Event
}

// writer owns the only connection that writes.
type writer struct {
	d     *DB
	c     *conn
	limit int

	mu     sync.RWMutex // guards closed against enqueue
	closed bool
	queue  chan *call
	ended  chan struct{}

	batch  *batch
	gid    atomic.Int64 // the goroutine that runs the functions
	broken atomic.Pointer[error]
	failed chan struct{}

	commits, writes atomic.Int64
}

func newWriter(d *DB, c *conn, limit int) *writer {
	w := &writer{d: d, c: c, limit: limit, queue: make(chan *call, queueSize), ended: make(chan struct{}), failed: make(chan struct{})}
	go w.run()
	return w
}

func (w *writer) enqueue(c *call) error {
	w.mustBeOutside()
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return stopping()
	}
	if err := w.failure(); err != nil {
		return err
	}
	select {
	case w.queue <- c:
		return nil
	default:
		return &Error{Kind: Unavailable, Code: "busy", Message: "Too much is being saved at once. Try again in a moment."}
	}
}

func stopping() error {
	return &Error{Kind: Unavailable, Code: "stopping", Message: "Onhand is stopping. Try again in a moment."}
}

// mustBeOutside turns a deadlock (a write inside a write) into a panic at once.
func (w *writer) mustBeOutside() {
	if w.gid.Load() == goroutineID() {
		panic("db: Write or Read inside a write: pass the *Tx on instead")
	}
}

func goroutineID() int64 {
	var buf [40]byte
	b := buf[len("goroutine "):runtime.Stack(buf[:], false)]
	for i, c := range b {
		if c == ' ' {
			b = b[:i]
			break
		}
	}
	id, _ := strconv.ParseInt(string(b), 10, 64)
	return id
}

// run takes batch after batch. When a function calls runtime.Goexit it takes
// this goroutine with it; the next one goes on with the same batch.
func (w *writer) run() {
	clean := false
	defer func() {
		if !clean {
			w.batch.exit()
			go w.run()
		}
	}()
	w.gid.Store(goroutineID())
	for {
		if w.batch == nil {
			first, ok := <-w.queue
			if !ok {
				break
			}
			w.batch = w.gather(first)
		}
		w.batch.carry()
		w.batch = nil
	}
	clean = true
	close(w.ended)
}

// gather takes everybody who waits at this moment.
func (w *writer) gather(first *call) *batch {
	n := len(w.queue)
	if w.limit > 0 {
		n = min(n, w.limit-1)
	}
	b := &batch{w: w, calls: make([]*call, 1, n+1)}
	b.calls[0] = first
	for range n {
		c, ok := <-w.queue
		if !ok {
			break
		}
		b.calls = append(b.calls, c)
	}
	return b
}

func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
	return errors.Join(w.c.close(), w.c.bun.Close())
}

func (w *writer) failure() error {
	if p := w.broken.Load(); p != nil {
		return *p
	}
	return nil
}

// fail stops writing for good: what the disk holds is no longer known.
func (w *writer) fail(cause error) {
	err := error(&Error{Kind: Unavailable, Code: "storage_failed", Message: "The disk answered with an error, so nothing more is saved. Start Onhand again; if it happens again, check the disk.", cause: cause})
	if w.broken.CompareAndSwap(nil, &err) {
		w.d.Log.Error("writing stopped", "error", cause)
		close(w.failed)
	}
}
