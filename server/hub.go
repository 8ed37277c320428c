package server

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"onhand/db"
	"onhand/db/staff"
)

// remembered is how many events a socket may lag behind before it is dropped. It then comes back and catches up.
const remembered = 1024

// gatherTime lets events collect before the sockets are woken: a busy till makes thousands a second.
const gatherTime = 5 * time.Millisecond

// hub carries committed events to the sockets. The writer only appends to a ring; each socket reads on from its own
// place, so a slow one holds nobody up and costs no memory.
type hub struct {
	mu      sync.RWMutex
	ring    [remembered]item
	next    uint64        // events ever published; the next one goes to next % remembered
	changed chan struct{} // closed when there is more to read
	waking  bool
	closed  bool
	sockets map[*socket]struct{}
	open    sync.WaitGroup

	dropped atomic.Int64
}

// item is an event and the message it makes, made once for all sockets.
type item struct {
	event   db.Event
	message []byte
}

func newHub() *hub {
	return &hub{changed: make(chan struct{}), sockets: map[*socket]struct{}{}}
}

// publish runs on the writer's goroutine.
func (h *hub) publish(e db.Event) {
	it := item{e, message(e)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ring[h.next%remembered] = it
	h.next++
	if !h.waking && len(h.sockets) > 0 {
		h.waking = true
		time.AfterFunc(gatherTime, h.wake)
	}
}

func (h *hub) wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waking = false
	close(h.changed)
	h.changed = make(chan struct{})
}

// message is what a client is told: what changed, never what it is.
func message(e db.Event) []byte {
	b := make([]byte, 0, 96)
	b = append(b, `{"type":"event","id":`...)
	b = strconv.AppendInt(b, e.ID, 10)
	b = append(b, `,"topic":`...)
	b = strconv.AppendQuote(b, e.Topic)
	b = append(b, `,"entityId":`...)
	b = strconv.AppendInt(b, e.EntityID, 10)
	b = append(b, `,"version":`...)
	b = strconv.AppendInt(b, e.Version, 10)
	return append(b, '}')
}

var errLagging = errors.New("the socket reads too slowly")

// after answers the events from a place in the ring on, the next place, and a channel that is closed when there are more.
func (h *hub) after(place uint64, into []item) ([]item, uint64, <-chan struct{}, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.next-place > remembered {
		return nil, 0, nil, errLagging
	}
	for ; place < h.next; place++ {
		into = append(into, h.ring[place%remembered])
	}
	return into, place, h.changed, nil
}

// add lets a socket in and answers its place in the ring. It answers false while the hub closes.
func (h *hub) add(s *socket) (place uint64, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return 0, false
	}
	h.sockets[s] = struct{}{}
	h.open.Add(1)
	return h.next, true
}

func (h *hub) remove(s *socket) {
	h.mu.Lock()
	delete(h.sockets, s)
	h.mu.Unlock()
	h.open.Done()
}

// endSession closes the sockets of a session that has ended or changed; 0 stands for all sessions.
func (h *hub) endSession(id int64, why staff.Ending) {
	reason := map[staff.Ending]closing{staff.SignedOut: closeSignedOut, staff.Locked: closeLocked, staff.AccessChanged: closeChanged}[why]
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.sockets {
		if id == 0 || s.actor.SessionID == id {
			s.end(reason)
		}
	}
}

// close ends all sockets and waits until they are gone, or ctx ends.
func (h *hub) close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	for s := range h.sockets {
		s.end(closeGoingAway)
	}
	h.mu.Unlock()
	gone := make(chan struct{})
	go func() { h.open.Wait(); close(gone) }()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return errors.New("some live sockets did not close in time")
	}
}

func (h *hub) count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.sockets)
}

func (h *hub) published() uint64 {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.next
}
