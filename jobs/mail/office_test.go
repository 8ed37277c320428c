package mail_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/tls"
	"encoding/hex"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"onhand/jobs/mail"
)

// postOffice is a real mail server that keeps what it gets.
type postOffice struct {
	ways   []string // of signing in
	refuse map[string]*smtp.SMTPError

	mu             sync.Mutex
	from, to, user string
	bytes          []byte
	protected      bool
	utf8           bool
}

// open starts it; set changes the server, when not nil.
func (p *postOffice) open(t *testing.T, implied bool, config *tls.Config, set func(*smtp.Server)) mail.Server {
	t.Helper()
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{p, c}, nil }))
	s.TLSConfig, s.ErrorLog, s.AllowInsecureAuth = config, log.New(io.Discard, "", 0), true
	if set != nil {
		set(s)
	}
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { s.Close() })
	to := mail.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: mail.STARTTLS, Roots: trusted().roots(), Timeouts: quick}
	if implied {
		l, to.Security = tls.NewListener(l, config), mail.TLS
	}
	go s.Serve(l)
	return to
}

type session struct {
	*postOffice
	conn *smtp.Conn
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) refusal(at string) error {
	if e := s.refuse[at]; e != nil {
		return e
	}
	return nil
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from, s.utf8 = from, o.UTF8
	return s.refusal("sender")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	return s.refusal("recipient")
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refusal("dot"); err != nil {
		return err
	}
	_, s.protected = s.conn.TLSConnectionState()
	s.bytes = data
	return nil
}

func (s *session) AuthMechanisms() []string { return s.ways }

func (s *session) Auth(way string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != "shop" || password != "sécret" {
			return smtp.ErrAuthFailed
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.user = way + " " + user
		return nil
	}
	switch way {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	}
	return &cramServer{check}, nil
}

type loginServer struct {
	check func(user, password string) error
	asked int
	user  string
}

func (l *loginServer) Next(answer []byte) ([]byte, bool, error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("User Name"), false, nil // not what the draft says, as Exchange does
	case 2:
		l.user = string(answer)
		return []byte("Password"), false, nil
	}
	return nil, true, l.check(l.user, string(answer))
}

type cramServer struct {
	check func(user, password string) error
}

func (c *cramServer) Next(answer []byte) ([]byte, bool, error) {
	if answer == nil {
		return []byte("<1.2@test>"), false, nil
	}
	user, digest, _ := strings.Cut(string(answer), " ")
	h := hmac.New(md5.New, []byte("sécret"))
	h.Write([]byte("<1.2@test>"))
	if digest != hex.EncodeToString(h.Sum(nil)) {
		return nil, true, smtp.ErrAuthFailed
	}
	return nil, true, c.check(user, "sécret")
}
