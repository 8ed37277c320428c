package mail_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"onhand/jobs/mail"
)

// quick is short enough to test with and long enough for a busy machine.
var quick = mail.Timeouts{Dial: 2 * time.Second, Step: 2 * time.Second, Data: 2 * time.Second, Dot: 2 * time.Second}

// hasty is for servers that are slow on purpose.
var hasty = mail.Timeouts{Dial: 2 * time.Second, Step: time.Second, Data: time.Second, Dot: time.Second}

// patience bounds a Send that hasty ends after a second, on a busy machine.
const patience = 10 * time.Second

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority() *authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key))
	return &authority{must(x509.ParseCertificate(der)), key}
}

// serve is the configuration of a server with a certificate for name; localhost is 127.0.0.1 too.
func (a *authority) serve(name string, until time.Time) *tls.Config {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until}
	if name == "localhost" {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der := must(x509.CreateCertificate(rand.Reader, c, a.cert, &key.PublicKey, a.key))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

var (
	trusted = sync.OnceValue(newAuthority)
	good    = sync.OnceValue(func() *tls.Config { return trusted().serve("localhost", time.Now().Add(time.Hour)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// listen runs serve for each connection, and fails the test when one is still open after the client has returned.
func listen(t *testing.T, serve func(net.Conn)) (port int) {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		closed := make(chan struct{})
		go func() { open.Wait(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(5 * time.Second):
			t.Error("the connection was left open")
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// act is what a scripted server does at a point of the conversation; false ends the connection.
type act func(c net.Conn) bool

func say(s string) act {
	return func(c net.Conn) bool { _, err := io.WriteString(c, s); return err == nil }
}

func fallSilent(c net.Conn) bool { _, _ = io.Copy(io.Discard, c); return false }

func hangUp(net.Conn) bool { return false }

// drip sends a byte every few milliseconds for ever: no single read waits long.
func drip(c net.Conn) bool {
	for {
		if _, err := c.Write([]byte("2")); err != nil {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func rant(c net.Conn) bool {
	for line := bytes.Repeat([]byte("2"), 1<<16); ; {
		if _, err := c.Write(line); err != nil {
			return false
		}
	}
}

// script is a mail server by the book except for what it does at some points: the greeting, the handshake, a command,
// the dot.
type script struct {
	on      map[string]act
	offers  string // lines of the answer to EHLO; "" for AUTH PLAIN and STARTTLS
	implied bool   // TLS from the first byte

	mu   sync.Mutex
	said []string // commands as they came
	mail []string // mails as they came
}

func (s *script) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.said, "\n")
}

func (s *script) mails() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.mail)
}

func (s *script) serve(c net.Conn) {
	if s.implied {
		if c = s.handshake(c); c == nil {
			return
		}
	}
	if !s.do(c, "greeting", "220 test ESMTP\r\n") {
		return
	}
	offers := s.offers
	if offers == "" {
		offers = "250-AUTH PLAIN\r\n250-STARTTLS\r\n"
	}
	answers := map[string]string{
		"EHLO": "250-test\r\n" + offers + "250 HELP\r\n", "HELO": "250 test\r\n", "STARTTLS": "220 go on\r\n", "AUTH": "235 welcome\r\n",
		"MAIL": "250 sender ok\r\n", "RCPT": "250 recipient ok\r\n", "DATA": "354 go on\r\n", "QUIT": "221 bye\r\n",
	}
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.mu.Lock()
		s.said = append(s.said, strings.TrimSpace(line))
		s.mu.Unlock()
		answer, ok := answers[verb]
		if !ok {
			answer = "500 what?\r\n"
		}
		if !s.do(c, verb, answer) || verb == "QUIT" {
			return
		}
		switch {
		case verb == "STARTTLS":
			if c = s.handshake(c); c == nil {
				return
			}
			r = bufio.NewReader(c)
		case verb == "DATA" && s.on["DATA"] == nil:
			if !s.take(r) || !s.do(c, "dot", "250 2.0.0 queued as 42\r\n") {
				return
			}
		}
	}
}

func (s *script) do(c net.Conn, point, usual string) bool {
	if a := s.on[point]; a != nil {
		return a(c)
	}
	return say(usual)(c)
}

func (s *script) handshake(c net.Conn) net.Conn {
	if a := s.on["handshake"]; a != nil {
		_, err := c.Read(make([]byte, 1<<12)) // what comes before the client's hello is forgotten by the client
		_ = err == nil && say("\x16\x03\x03\x3f\xff")(c) && a(c)
		return nil
	}
	conn := tls.Server(c, good())
	if conn.Handshake() != nil {
		return nil
	}
	return conn
}

func (s *script) take(r *bufio.Reader) bool {
	var body strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			s.mu.Lock()
			s.mail = append(s.mail, body.String())
			s.mu.Unlock()
			return true
		}
		body.WriteString(line)
	}
}

// start runs the script and answers how to reach it, protected by STARTTLS.
func (s *script) start(t *testing.T) mail.Server {
	t.Helper()
	return mail.Server{Host: "127.0.0.1", Port: listen(t, s.serve), Security: mail.STARTTLS, Username: "shop", Password: "secret",
		Roots: trusted().roots(), Timeouts: quick}
}

var letter = mail.Letter{
	FromName: "Corner Shop", From: "shop@example.com", To: "ada@example.org",
	Subject: "Your order", Text: "Thank you.\n", HTML: "<p>Thank you.</p>", MessageID: "1.abc@shop.example",
	At: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
}

// send fails the test when Send takes longer than a test may wait.
func send(t *testing.T, s mail.Server, l mail.Letter) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	began := time.Now()
	reply, err := mail.Send(ctx, s, l)
	if took := time.Since(began); took > patience {
		t.Errorf("Send took %v", took)
	}
	return reply, err
}
