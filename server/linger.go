package server

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// lingerTime and lingerLimit bound what is still read from a client whose body nobody wanted.
const (
	lingerTime  = 2 * time.Second
	lingerLimit = 2 * uploadLimit
)

// lingering is a connection that, when it closes with unread data, first says that it has said everything and reads
// on for a moment: the system would else cut it at once, and the reply would be lost on its way.
type lingering struct {
	*net.TCPConn
	unread atomic.Bool
	of     *conns
}

// Close closes the connection, late if something is unread.
func (c *lingering) Close() error {
	defer c.of.remove(c)
	if c.unread.Load() && c.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		io.CopyN(io.Discard, c.TCPConn, lingerLimit) //nolint:errcheck // whatever it says, it is closed now
	}
	return c.TCPConn.Close()
}

// SetReadDeadline is that of TCP, but when the server stops nobody is waited for beyond its last moment.
func (c *lingering) SetReadDeadline(at time.Time) error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	if last := c.of.last; !last.IsZero() && (at.IsZero() || at.After(last)) {
		at = last
	}
	return c.TCPConn.SetReadDeadline(at)
}

// conns are the connections that are open.
type conns struct {
	mu   sync.Mutex
	open map[*lingering]struct{}
	last time.Time // when reading ends; zero while the server runs
}

func (o *conns) remove(c *lingering) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.open, c)
}

// stopReading lets those who are still sending do so until at.
func (o *conns) stopReading(at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = at
	for c := range o.open {
		c.TCPConn.SetReadDeadline(at) //nolint:errcheck // only a closed one fails
	}
}

// cut closes what is open and answers how many that were.
func (o *conns) cut() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	for c := range o.open {
		c.TCPConn.Close() //nolint:errcheck // it is closed now
	}
	return len(o.open)
}

// listener makes its connections linger.
type listener struct {
	net.Listener
	*conns
}

// Accept waits for a connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		c := &lingering{TCPConn: tcp, of: l.conns}
		l.mu.Lock()
		l.open[c] = struct{}{}
		l.mu.Unlock()
		return c, nil
	}
	return c, err
}
