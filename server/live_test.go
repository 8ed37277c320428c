package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"onhand/db"
	"onhand/server"
)

// patience is how long a test waits for what must come; nothing waits for it when all is well.
const patience = 20 * time.Second

type message struct {
	Type     string `json:"type"`
	Last     int64  `json:"last"`
	ID       int64  `json:"id"`
	Topic    string `json:"topic"`
	EntityID int64  `json:"entityId"`
	Version  int64  `json:"version"`
}

type tablet struct {
	t *testing.T
	*websocket.Conn
}

func (c *client) dial(query string, headers header) (*websocket.Conn, *http.Response, error) {
	h := http.Header{"Origin": {c.s.url}}
	if c.cookie != "" {
		h.Set("Cookie", "onhand_session="+c.cookie)
	}
	for name, value := range headers {
		h.Set(name, value)
	}
	return (&websocket.Dialer{HandshakeTimeout: patience}).Dial("ws://"+c.s.host+"/api/v1/live"+query, h)
}

func (c *client) listen(query string) *tablet {
	c.s.t.Helper()
	conn, _, err := c.dial(query, nil)
	if err != nil {
		c.s.t.Fatal(err)
	}
	c.s.t.Cleanup(func() { conn.Close() })
	return &tablet{c.s.t, conn}
}

// hear answers the next message that is no ping.
func (b *tablet) hear() message {
	b.t.Helper()
	for {
		m, err := b.next()
		if err != nil {
			b.t.Fatal(err)
		}
		if m.Type != "ping" {
			return m
		}
	}
}

func (b *tablet) next() (m message, err error) {
	if err := b.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return m, err
	}
	_, raw, err := b.ReadMessage()
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m)
}

// closed waits for the end and answers its code.
func (b *tablet) closed() int {
	b.t.Helper()
	for {
		_, err := b.next()
		var end *websocket.CloseError
		switch {
		case errors.As(err, &end):
			return end.Code
		case err != nil:
			b.t.Fatal(err)
		}
	}
}

func (s *shop) emit(topic string, id int64, location ...int64) int64 {
	s.t.Helper()
	err := db.Write(context.Background(), s.db, func(tx *db.Tx) error { return tx.Emit(topic, id, 1, location...) })
	if err != nil {
		s.t.Fatal(err)
	}
	_, last, err := db.EventRange(context.Background(), s.db)
	if err != nil {
		s.t.Fatal(err)
	}
	return last
}

func TestATabletHearsWhatHappens(t *testing.T) {
	t.Parallel()
	s := open(t)
	last := s.setUp().last
	b := s.signed.listen("")
	if m := b.hear(); m.Type != "hello" || m.Last != last {
		t.Fatalf("it is greeted with %+v, want hello and %d", m, last)
	}
	id := s.emit("orders", 7)
	if m := b.hear(); m != (message{Type: "event", ID: id, Topic: "orders", EntityID: 7, Version: 1}) {
		t.Errorf("it hears %+v", m)
	}
	s.emit("secrets", 1) // nobody may see a topic without a permission
	s.emit("stock", 3)
	if m := b.hear(); m.Topic != "stock" {
		t.Errorf("it hears %+v", m)
	}
}

func TestATabletThatSleptCatchesUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	last := s.setUp().last
	for i := range int64(1200) { // more than a page, and more than the hub remembers
		if i%2 == 0 {
			s.emit("orders", i)
		}
	}
	s.emit("secrets", 1)
	end := s.emit("orders", 5000)
	b := s.signed.listen(fmt.Sprintf("?after=%d", last))
	if m := b.hear(); m.Type != "hello" || m.Last != end {
		t.Fatalf("hello is %+v, want %d", m, end)
	}
	for i := int64(0); i < 1200; i += 2 {
		last++
		if m := b.hear(); m.ID != last || m.EntityID != i {
			t.Fatalf("it hears %+v, want event %d of order %d", m, last, i)
		}
	}
	if m := b.hear(); m.ID != end {
		t.Errorf("it hears %+v, want %d", m, end)
	}
	next := s.emit("orders", 6000)
	if m := b.hear(); m.ID != next {
		t.Errorf("it hears %+v, want %d", m, next)
	}
}

func TestNothingIsLostOrDoubledBetweenCatchingUpAndListening(t *testing.T) {
	t.Parallel()
	s := open(t)
	last := s.setUp().last
	const events = 300
	go func() {
		for i := range int64(events) {
			_ = db.Write(context.Background(), s.db, func(tx *db.Tx) error { return tx.Emit("orders", i, 1) }) // counted below
		}
	}()
	known := last
	for known < last+events { // comes back again and again while it happens
		b := s.signed.listen(fmt.Sprintf("?after=%d", known))
		b.hear()
		for n := 0; n < 40 && known < last+events; n++ {
			m := b.hear()
			if m.ID != known+1 {
				t.Fatalf("after %d it hears %+v", known, m)
			}
			known = m.ID
		}
		b.Close()
	}
}

func TestATabletThatSleptTooLongStartsAnew(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.setUp()
	for range 3 {
		s.emit("orders", 1)
	}
	last := s.emit("orders", 1)
	reset := func(after int64) {
		t.Helper()
		b := s.signed.listen(fmt.Sprintf("?after=%d", after))
		b.hear()
		if m := b.hear(); m != (message{Type: "reset", Last: last}) {
			t.Errorf("after %d it hears %+v, want reset", after, m)
		}
		next := s.emit("orders", 2)
		if m := b.hear(); m.ID != next {
			t.Errorf("then it hears %+v", m)
		}
		last = next
	}
	reset(last + 100) // of another file
	s.clock.pass(8 * 24 * time.Hour)
	last = s.emit("orders", 1)
	if _, err := db.Cleanup(t.Context(), s.db); err != nil {
		t.Fatal(err)
	}
	reset(1)
	b := s.signed.listen(fmt.Sprintf("?after=%d", last))
	b.hear()
	if next, m := s.emit("orders", 3), b.hear(); m.ID != next {
		t.Errorf("one that missed nothing hears %+v", m)
	}
	if _, r, err := s.signed.dial("?after=x", nil); err == nil || r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a wrong place is answered with %v", r)
	}
}

func TestASocketOpensOnlyForItsOwnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.setUp()
	for name, tc := range map[string]struct {
		client  *client
		headers header
		status  int
	}{
		"guest":         {s.guest(), nil, http.StatusUnauthorized},
		"made-up token": {&client{s: s, cookie: "x"}, nil, http.StatusUnauthorized},
		"guest of one":  {s.guest(), header{"Origin": "https://evil.example"}, http.StatusForbidden},
		"other site":    {s.signed, header{"Origin": "https://evil.example"}, http.StatusForbidden},
		"no site":       {s.signed, header{"Origin": "null"}, http.StatusForbidden},
	} {
		conn, r, err := tc.client.dial("", tc.headers)
		if err == nil {
			conn.Close()
			t.Errorf("%s: the socket opens", name)
		} else if r == nil || r.StatusCode != tc.status {
			t.Errorf("%s: %v %v, want %d", name, r, err, tc.status)
		}
	}
}

func TestSigningOutClosesTheSockets(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.setUp()
	other := &client{s: s, cookie: s.guest().post("/api/v1/session", `{"email":"anna@example.com","password":"correct horse"}`).is(http.StatusCreated).cookie()}
	mine, theirs := s.signed.listen(""), other.listen("")
	mine.hear()
	theirs.hear()
	s.signed.do("DELETE", "/api/v1/session", "").is(http.StatusNoContent)
	start := time.Now()
	if code := mine.closed(); code != 4401 {
		t.Errorf("it closes with %d", code)
	}
	if took := time.Since(start); took > 5*time.Second { // generous: a loaded machine; it is woken at once
		t.Errorf("it closes after %s", took)
	}
	id := s.emit("orders", 1)
	if m := theirs.hear(); m.ID != id {
		t.Errorf("the other session hears %+v", m)
	}
}

func TestATabletThatStopsReadingIsDropped(t *testing.T) {
	t.Parallel()
	s := open(t, func(s *server.Server) { s.HurrySockets(400 * time.Millisecond) })
	s.setUp()
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /api/v1/live HTTP/1.1\r\nHost: %s\r\nCookie: onhand_session=%s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", s.host, s.signed.cookie)
	in := bufio.NewReader(conn)
	r, err := http.ReadResponse(in, nil)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(r, err)
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, in); err != nil { // it never answers a ping
		t.Errorf("the connection of a silent tablet ends with %v", err)
	}
}

func TestATabletThatReadsTooSlowlyIsDropped(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.setUp()
	b := s.signed.listen("")
	b.hear()
	// All of it lands in one commit, more than the hub remembers: whoever was listening has lost the thread.
	err := db.Write(t.Context(), s.db, func(tx *db.Tx) error {
		for i := range int64(3000) {
			if err := tx.Emit("orders", i, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if code := b.closed(); code != websocket.CloseTryAgainLater {
		t.Errorf("it closes with %d", code)
	}
	if n := s.server.Dropped(); n != 1 {
		t.Errorf("%d sockets were dropped", n)
	}
}

func TestTheServerStopsInOrder(t *testing.T) {
	t.Parallel()
	working, finish := make(chan struct{}), make(chan struct{})
	s := open(t, func(s *server.Server) {
		s.AddRoute("/slow", func(ctx context.Context) error { close(working); <-finish; return nil })
	})
	s.setUp()
	b := s.signed.listen("")
	b.hear()
	answered := make(chan int, 1)
	go func() { answered <- s.guest().get("/api/v1/slow").StatusCode }()
	<-working
	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		stopped <- s.server.Close(ctx)
	}()
	if code := b.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the socket closes with %d", code)
	}
	select {
	case err := <-stopped:
		t.Fatalf("it stopped before the request was answered: %v", err)
	default:
	}
	close(finish)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request under way answers %d", status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if err := <-s.served; err != nil {
		t.Errorf("Serve ends with %v", err)
	}
	if conn, err := net.Dial("tcp", s.host); err == nil {
		conn.Close()
		t.Error("a stopped server takes a connection")
	}
}
