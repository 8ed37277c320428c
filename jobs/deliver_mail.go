package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/tasks"
	"onhand/jobs/mail"
)

// lastWord is how long a mail may still take when the program stops.
const lastWord = 10 * time.Second

func (j *Jobs) mailDue(ctx context.Context) (bool, error) {
	s, err := settings.Current(ctx, j.db)
	switch {
	case err != nil:
		return false, err
	case !s.Mail.Works():
		return outbox.Overdue(ctx, j.db)
	}
	return outbox.Due(ctx, j.db, j.tried.Load() != s.Version)
}

// deliverMail sends what is due, one after the other, until nothing is or the server is given a rest.
func (j *Jobs) deliverMail(ctx context.Context, _ bool) (tasks.Said, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	given, err := outbox.Expire(ctx, j.db, !s.Mail.Works())
	if err != nil {
		return tasks.Said{}, err
	}
	if !s.Mail.Works() {
		return said("mail_not_set_up"), nil
	}
	way, err := j.way(ctx, s)
	if err != nil {
		return tasks.Said{}, err
	}
	if j.tried.Swap(s.Version) != s.Version { // other settings may work: what waits for the server waits no longer
		if err := db.Write(ctx, j.db, outbox.TryNow); err != nil {
			return tasks.Said{}, err
		}
	}
	sent, failed := 0, 0
	for ctx.Err() == nil {
		l, err := outbox.Take(ctx, j.db)
		if err != nil {
			return tasks.Said{}, err
		}
		if l == nil {
			break
		}
		left, err := j.send(ctx, way, l)
		if err != nil {
			return tasks.Said{}, err
		}
		if left {
			sent++
		} else {
			failed++
		}
	}
	return said("mail_delivered", "sent", sent, "failed", failed, "given", given), nil
}

// way is how mail leaves.
type way struct {
	shop   mail.Shop
	server mail.Server
	from   string
	logo   []byte
}

func (j *Jobs) way(ctx context.Context, s *settings.Settings) (*way, error) {
	password, err := s.Mail.Password(j.secret)
	if err != nil {
		return nil, fmt.Errorf("read the mail password: %w", err)
	}
	logo, err := settings.Logo(ctx, j.db)
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	return &way{
		shop: mail.Shop{Name: s.Name, Language: s.Language, Zone: s.Zone(), URL: j.url(s), Address: s.Address, Logo: len(logo) > 0},
		server: mail.Server{Host: s.Mail.Host, Port: s.Mail.Port, Security: mail.Security(s.Mail.Security), Username: s.Mail.Username,
			Password: password, Roots: j.options.Roots, Timeouts: j.options.Timeouts},
		from: s.Mail.From, logo: logo,
	}, nil
}

// url is where links in mails lead. It never comes from a request.
func (j *Jobs) url(s *settings.Settings) string {
	if s.PublicURL == "" || j.options.Fixed {
		return j.options.URL
	}
	return s.PublicURL
}

// send sends one mail and notes what became of it. A stopped program lets the mail in hand finish, if that is soon.
func (j *Jobs) send(ctx context.Context, w *way, l *outbox.Letter) (left bool, err error) {
	calm := context.WithoutCancel(ctx)
	if l.MessageID == "" {
		if err := j.word(w, l); err != nil {
			return false, outbox.Failed(calm, j.db, l.ID, outbox.Try{Step: "wording", Reply: "It cannot be worded: " + err.Error(), Permanent: true})
		}
		if err := outbox.Word(calm, j.db, l.ID, l.Wording); err != nil {
			return false, fmt.Errorf("keep the wording: %w", err)
		}
	}
	text, html, err := j.open(l)
	if err != nil {
		return false, outbox.Failed(calm, j.db, l.ID, outbox.Try{Step: "wording", Reply: "Its link cannot be read: " + err.Error(), Permanent: true})
	}
	attached, err := w.attachments(l)
	if err != nil {
		return false, outbox.Failed(calm, j.db, l.ID, outbox.Try{Step: "wording", Reply: "Its paper cannot be made: " + err.Error(), Permanent: true})
	}
	hurried, cancel := context.WithCancel(calm)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastWord, cancel) })()
	reply, err := mail.Send(hurried, w.server, mail.Letter{FromName: w.shop.Name, From: w.from, To: l.To, Subject: l.Subject, Text: text, HTML: html,
		MessageID: l.MessageID, At: l.QueuedAt.Time(), Digest: l.Unsubscribe, Logo: w.logo, Attachments: attached})
	if err == nil {
		return true, outbox.Left(calm, j.db, l.ID, reply)
	}
	if hurried.Err() != nil { // it was us who hung up
		return false, outbox.Return(calm, j.db, l.ID)
	}
	return false, outbox.Failed(calm, j.db, l.ID, try(err))
}

// word puts a mail into words, once.
func (j *Jobs) word(w *way, l *outbox.Letter) error {
	shop := w.shop
	if l.Language != "" {
		shop.Language = l.Language
	}
	r, err := mail.Render(shop, l.Kind, []byte(l.Facts))
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(w.from, "@")
	l.Wording = outbox.Wording{Subject: r.Subject, Text: r.Text, HTML: r.HTML, Unsubscribe: r.Unsubscribe, MessageID: auth.NewToken() + "@" + domain}
	return nil
}

// open is the text of a mail with what is not stored in it: the link of a forgotten password.
func (j *Jobs) open(l *outbox.Letter) (text, html string, err error) {
	if l.Kind != staff.ResetMail {
		return l.Text, l.HTML, nil
	}
	var f staff.ResetFacts
	if err := json.Unmarshal([]byte(l.Facts), &f); err != nil {
		return "", "", err
	}
	token, err := f.Secret(j.secret)
	if err != nil {
		return "", "", err
	}
	return strings.ReplaceAll(l.Text, mail.SecretMark, token), strings.ReplaceAll(l.HTML, mail.SecretMark, token), nil
}

// try tells what a failure means: whether this mail will never be taken, or no mail is taken now. A sender that is
// refused is refused for every mail, and mended in the settings.
func try(err error) outbox.Try {
	f, ok := errors.AsType[*mail.Failure](err)
	if !ok {
		return outbox.Try{Step: "wording", Reply: err.Error(), Permanent: true}
	}
	t := outbox.Try{Step: f.Step, Code: f.Code, Reply: f.Reply, Hint: f.Hint(), Permanent: f.Permanent}
	letter := f.Step == "recipient" || f.Step == "data" || f.Step == "dot"
	if f.Step == "sender" {
		t.Permanent = false
	}
	// A connection that ends after the whole letter was sent tells of the letter: tried again with all that waits, it would
	// arrive again and again.
	silent := f.Code == 0 && f.Step != "dot"
	t.Server = !t.Permanent && (!letter || silent || f.Code == 421 || f.Code == 530)
	return t
}

// Preview words a mail that was not sent yet, and shows one that was as it left. It fails with not_found.
func (j *Jobs) Preview(ctx context.Context, id int64) (*outbox.Wording, []byte, error) {
	l, err := outbox.LetterOf(ctx, j.db, id)
	if err != nil {
		return nil, nil, err
	}
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return nil, nil, err
	}
	w, err := j.way(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	if l.MessageID == "" {
		if err := j.word(w, l); err != nil {
			return nil, nil, db.Errorf(db.Conflict, "no_preview", "This mail cannot be shown.")
		}
	}
	return &l.Wording, w.logo, nil
}

// testTimes are short: somebody waits before the screen.
var testTimes = mail.Timeouts{Dial: 8 * time.Second, Step: 8 * time.Second, Data: 8 * time.Second, Dot: 10 * time.Second}

// Test sends a mail that says that mail works, and answers what the server said.
func (j *Jobs) Test(ctx context.Context, m settings.MailSettings, password, to string) (*outbox.MailTest, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return nil, err
	}
	w, err := j.way(ctx, s)
	if err != nil {
		return nil, err
	}
	r, err := mail.Render(w.shop, mail.TestMail, []byte("{}"))
	if err != nil {
		return nil, err
	}
	server := mail.Server{Host: m.Host, Port: m.Port, Security: mail.Security(m.Security), Username: m.Username, Password: password, Roots: j.options.Roots, Timeouts: testTimes}
	ctx, cancel := context.WithTimeout(ctx, 25*time.Second)
	defer cancel()
	_, domain, _ := strings.Cut(m.From, "@")
	reply, err := mail.Send(ctx, server, mail.Letter{FromName: s.Name, From: m.From, To: to, Subject: r.Subject, Text: r.Text, HTML: r.HTML,
		MessageID: auth.NewToken() + "@" + domain, At: j.db.Now(), Logo: w.logo})
	if err != nil {
		t := try(err)
		return &outbox.MailTest{To: to, Step: t.Step, Code: t.Code, Reply: t.Reply, Hint: t.Hint}, nil
	}
	return &outbox.MailTest{OK: true, To: to, Code: 250, Reply: reply}, nil
}
