package server

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/websocket/v2"
	"github.com/valyala/fasthttp"

	"onhand/db"
)

// socketTimes are how a socket lives. The client hears a ping at least every ping, so it knows when it is cut off;
// we hear its pongs, so we know when it has stopped reading.
type socketTimes struct {
	ping, probe, silence, send time.Duration
}

var usualTimes = socketTimes{ping: 10 * time.Second, probe: 4 * time.Second, silence: 12 * time.Second, send: 5 * time.Second}

const catchUpPage = 500

// closing is why a socket is closed, as the client is told.
type closing struct {
	code   int
	reason string
}

var (
	closeGoingAway = closing{websocket.CloseGoingAway, "Onhand is stopping"}
	closeSignedOut = closing{4401, "signed_out"}     // ours: the client asks for the password, and does not come back
	closeLocked    = closing{4423, "locked"}         // the client asks for a PIN
	closeChanged   = closing{4409, "access_changed"} // the client comes back at once, with what it may see now
	closeTooSlow   = closing{websocket.CloseTryAgainLater, "too_slow"}
	closeFailed    = closing{websocket.CloseInternalServerErr, "internal"}
)

// socket is one tablet that listens.
type socket struct {
	s      *Server
	conn   *websocket.Conn
	actor  db.Actor
	look   func(context.Context) (db.Actor, error) // who the socket is for now
	after  int64                                   // the last event the client has; -1 when it has none
	last   int64                                   // the last event it was sent
	ending chan closing
	gone   chan struct{} // closed when the reader has stopped
}

// live checks who asks before the connection becomes a socket, so that a refusal is an ordinary reply.
func (s *Server) live(c *fiber.Ctx, ctx context.Context) error {
	if !websocket.IsWebSocketUpgrade(c) {
		return fiber.ErrUpgradeRequired
	}
	after := int64(-1)
	if q := c.Query("after"); q != "" {
		n, err := strconv.ParseInt(q, 10, 64)
		if err != nil || n < 0 {
			return db.Refuse("bad_cursor", "query.after", "This is no event's id. Leave it out to start from now.")
		}
		after = n
	}
	k := &socket{s: s, actor: db.ActorOf(ctx), look: s.lookAgain(c.Context()), after: after, ending: make(chan closing, 1), gone: make(chan struct{})}
	return websocket.New(k.run, websocket.Config{HandshakeTimeout: s.times.send, ReadBufferSize: 512, WriteBufferSize: 1024})(c)
}

// end asks the socket to close; only the first reason counts.
func (k *socket) end(why closing) {
	select {
	case k.ending <- why:
	default:
	}
}

// run is the socket's life: the only goroutine that writes. It returns when the reader has stopped too, for the
// connection is given back then.
func (k *socket) run(conn *websocket.Conn) {
	k.conn = conn
	place, ok := k.s.hub.add(k)
	if !ok {
		k.send(closeGoingAway)
		return
	}
	defer k.s.hub.remove(k)
	go k.read()
	why := k.tell(place)
	k.send(why)
	conn.SetReadDeadline(time.Now()) //nolint:errcheck // closing would not interrupt the reader here; this does
	<-k.gone
}

// read hears pongs and the client's close; whatever else it says is ignored.
func (k *socket) read() {
	defer close(k.gone)
	alive := func(string) error { return k.conn.SetReadDeadline(time.Now().Add(k.s.times.silence)) }
	k.conn.SetReadLimit(512)
	k.conn.SetPongHandler(alive)
	if alive("") != nil {
		return
	}
	for {
		if _, _, err := k.conn.ReadMessage(); err != nil {
			k.end(closing{websocket.CloseNormalClosure, ""})
			return
		}
	}
}

func (k *socket) send(why closing) {
	deadline := time.Now().Add(time.Second)
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(why.code, why.reason), deadline) // it may be gone
}

// tell greets, catches up and then passes on what happens, until there is a reason to close.
func (k *socket) tell(place uint64) closing {
	ctx := context.Background()
	// The session may have ended or changed before the hub knew this socket.
	if why := k.lookAgain(ctx); why.code != 0 {
		return why
	}
	ctx = db.WithActor(ctx, k.actor)
	if err := k.greet(ctx); err != nil {
		return k.failed(err)
	}
	pings, probes := time.NewTicker(k.s.times.ping), time.NewTicker(k.s.times.probe)
	defer pings.Stop()
	defer probes.Stop()
	var items []item
	for {
		var changed <-chan struct{}
		var err error
		if items, place, changed, err = k.s.hub.after(place, items[:0]); err != nil {
			return k.failed(err)
		}
		for _, it := range items {
			if err := k.pass(it.event, it.message); err != nil {
				return k.failed(err)
			}
		}
		select {
		case why := <-k.ending:
			return why
		case <-changed:
		case <-pings.C:
			if why := k.lookAgain(ctx); why.code != 0 {
				return why
			}
			err = k.write([]byte(`{"type":"ping"}`))
		case <-probes.C:
			err = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(k.s.times.send))
		}
		if err != nil {
			return k.failed(err)
		}
	}
}

// lookAgain asks who the socket is for now, and why it has to close if nobody is any more. A busy file ends nothing.
func (k *socket) lookAgain(ctx context.Context) closing {
	actor, err := k.look(ctx)
	switch {
	case db.CodeOf(err) == "unauthenticated":
		return closeSignedOut
	case err != nil:
		return closing{}
	case actor.Locked:
		return closeLocked
	}
	k.actor = actor
	return closing{}
}

// lookAgain remembers what a request came with, to ask later who it stands for.
func (s *Server) lookAgain(c *fasthttp.RequestCtx) func(context.Context) (db.Actor, error) {
	token, session, ip := bearer(c), sessionToken(c), s.ip(c)
	return func(ctx context.Context) (db.Actor, error) {
		if token != "" {
			return s.sessions.TokenActor(ctx, token, ip)
		}
		return s.sessions.Look(ctx, session)
	}
}

// greet says where the shop is, and brings the client there from where it was. The socket's place in the ring was taken
// before, so nothing falls between; pass sends no event twice.
func (k *socket) greet(ctx context.Context) error {
	oldest, last, err := db.EventRange(ctx, k.s.db)
	if err != nil {
		return err
	}
	if err := k.write(fmt.Appendf(nil, `{"type":"hello","last":%d}`, last)); err != nil {
		return err
	}
	switch {
	case k.after < 0:
		k.last = last
		return nil
	case k.after > last, k.after < oldest-1, oldest == 0 && k.after < last:
		k.last = last
		return k.write(fmt.Appendf(nil, `{"type":"reset","last":%d}`, last))
	}
	k.last = k.after
	for k.last < last {
		events, err := db.Events(ctx, k.s.db, k.last, catchUpPage)
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := k.pass(e, message(e)); err != nil {
				return err
			}
		}
		if len(events) < catchUpPage || len(k.ending) > 0 {
			return nil
		}
	}
	return nil
}

// pass sends an event once, if the actor may see it.
func (k *socket) pass(e db.Event, message []byte) error {
	if e.ID <= k.last {
		return nil
	}
	k.last = e.ID
	if !maySee(k.actor, e) {
		return nil
	}
	return k.write(message)
}

func (k *socket) write(b []byte) error {
	if err := k.conn.SetWriteDeadline(time.Now().Add(k.s.times.send)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, b)
}

// failed is how a socket ends that could not be written to, or could not be told everything.
func (k *socket) failed(err error) closing {
	if err == errLagging {
		k.s.hub.dropped.Add(1)
		return closeTooSlow
	}
	if db.CodeOf(err) != "" {
		return closeTooSlow // the file was busy: it comes back and tries again
	}
	return closeFailed
}
