package jobs_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/jobs"
	letters "onhand/jobs/mail"
)

// hasty ends a silent server soon enough for a test.
var hasty = letters.Timeouts{Dial: 2 * time.Second, Step: 250 * time.Millisecond, Data: 250 * time.Millisecond, Dot: 250 * time.Millisecond}

// office is a real mail server that does at each step what a test tells it.
type office struct {
	t    *testing.T
	port int

	mu     sync.Mutex
	behave func(step, to string) error // nil for by the book
	got    []received
}

// received is a mail that the office took.
type received struct{ to, id, subject, body string }

// What an office does besides answering with an error.
var (
	errSilent = errors.New("fall silent")
	errHangUp = errors.New("hang up")
)

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.port = l.Addr().(*net.TCPAddr).Port
	s := smtp.NewServer(o)
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "office.test", true, quiet{}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return o
}

// quiet keeps broken connections, which are the point here, out of the test's output.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s := &visit{o: o, c: c}
	return s, s.step("hello")
}

func (o *office) does(behave func(step, to string) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.behave = behave
}

// at makes the office do something at one step, whoever the mail is for.
func at(step string, err error) func(string, string) error {
	return func(s, _ string) error {
		if s == step {
			return err
		}
		return nil
	}
}

func (o *office) mails() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]received(nil), o.got...)
}

type visit struct {
	o  *office
	c  *smtp.Conn
	to string
}

func (v *visit) step(name string) error {
	v.o.mu.Lock()
	behave := v.o.behave
	v.o.mu.Unlock()
	if behave == nil {
		return nil
	}
	err := behave(name, v.to)
	switch {
	case errors.Is(err, errSilent):
		_, _ = io.Copy(io.Discard, v.c.Conn()) // until the other side hangs up
	case errors.Is(err, errHangUp):
		_ = v.c.Conn().Close()
	}
	return err
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return v.step("sender") }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	return v.step("recipient")
}
func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func (v *visit) Data(r io.Reader) error {
	if err := v.step("data"); err != nil {
		return err
	}
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	if err := v.step("before the dot"); err != nil {
		return err
	}
	v.o.mu.Lock()
	v.o.got = append(v.o.got, received{v.to, m.Header.Get("Message-ID"), m.Header.Get("Subject"), string(body)})
	v.o.mu.Unlock()
	return v.step("after the dot")
}

// says is an answer of the office.
func says(code int, words string) error { return &smtp.SMTPError{Code: code, Message: words} }

// posted is a shop whose mail leaves by an office.
type posted struct {
	*dbtest.Shop
	office *office
	jobs   *jobs.Jobs
}

func openPosted(t *testing.T) *posted {
	t.Helper()
	p := &posted{Shop: dbtest.Open(t), office: openOffice(t)}
	host, from, security, port := "127.0.0.1", "shop@example.com", settings.NoTLS, p.office.port
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{Mail: &settings.MailChange{Host: &host, Port: &port, Security: &security, From: &from}}); err != nil {
		t.Fatal(err)
	}
	p.hire(t)
	return p
}

// hire starts jobs anew, as a restart does.
func (p *posted) hire(t *testing.T) {
	t.Helper()
	var err error
	p.jobs, err = jobs.New(p.DB, jobs.Options{URL: "http://shop.test", Timeouts: hasty, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
}

// queue queues a mail to somebody.
func (p *posted) queue(t *testing.T, to string) {
	t.Helper()
	err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
		return outbox.Queue(tx, outbox.Mail{Kind: "test", To: to, Key: "test/" + to, Facts: struct{}{}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a job by hand.
func (p *posted) run(t *testing.T, name string) string {
	t.Helper()
	r, err := p.jobs.Run(t.Context(), name)
	if err != nil || r.Outcome != "done" {
		t.Fatalf("%s: %+v, %v", name, r, err)
	}
	return r.Result
}

// email is what is known of the mail to somebody.
func (p *posted) email(t *testing.T, to string) *outbox.EmailDetails {
	t.Helper()
	page, err := outbox.Emails(p.Ctx, p.DB, outbox.EmailFilter{List: db.List{Q: to, Limit: 1}})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("the mail to %s: %+v, %v", to, page, err)
	}
	e, err := outbox.EmailByID(p.Ctx, p.DB, page.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// number reads one number of the file.
func (p *posted) number(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Read(p.Ctx, p.DB, func(tx *db.Tx) error { return tx.Row(query, args, &n) }); err != nil {
		t.Fatal(query, err)
	}
	return n
}

// to are the mails that somebody got.
func (o *office) to(name string) (mails []received) {
	for _, m := range o.mails() {
		if strings.EqualFold(m.to, name) {
			mails = append(mails, m)
		}
	}
	return mails
}

func person(i int) string { return fmt.Sprintf("p%02d@example.com", i) }
