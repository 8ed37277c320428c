package server

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingerTime and lingerLimit bound what is still read from a client whose body nobody wanted.
const (
	lingerTime  = 2 * time.Second
	lingerLimit = 16 << 20
)

// lingering is a connection that, when it closes with unread data, first says that it has said everything and reads
// on for a moment: the system would else cut it at once, and the reply would be lost on its way.
type lingering struct {
	*net.TCPConn
	unread atomic.Bool
}

// Close closes the connection, late if something is unread.
func (c *lingering) Close() error {
	if c.unread.Load() && c.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		io.CopyN(io.Discard, c.TCPConn, lingerLimit) //nolint:errcheck // whatever it says, it is closed now
	}
	return c.TCPConn.Close()
}

// listener makes its connections linger.
type listener struct{ net.Listener }

// Accept waits for a connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &lingering{TCPConn: tcp}, nil
	}
	return c, err
}
