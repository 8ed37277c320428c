package jobs_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/outbox"
	"onhand/db/settings"
)

func TestAMailLeavesAndIsRemembered(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.queue(t, "anna@example.com")
	p.queue(t, "anna@example.com") // the same news
	if result := p.run(t, "deliver-mail"); !strings.HasPrefix(result, "Mails sent: 1, failed: 0") {
		t.Error(result)
	}
	p.run(t, "deliver-mail")
	got := p.office.mails()
	e := p.email(t, "anna@example.com")
	if len(got) != 1 || e.Status != outbox.Sent || e.Attempts != 1 || e.SentAt == nil || e.DueAt != nil || got[0].id != "<"+e.MessageID+">" || e.Subject == "" || len(e.Log) != 1 || e.Log[0].Step != "" {
		t.Errorf("%+v left as %+v", e, got)
	}
}

func TestTheServersOwnWordsAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behave func(string, string) error
		status outbox.MailStatus
		step   string
		words  string
		broken bool // all mail is, not only this one
	}{
		"a receiver that is not there":  {at("recipient", says(550, "no such box")), outbox.Dead, "recipient", "no such box", false},
		"a receiver that is grey":       {at("recipient", says(450, "come back later")), outbox.Queued, "recipient", "come back later", false},
		"a mail that is refused":        {at("before the dot", says(554, "smells of spam")), outbox.Dead, "dot", "smells of spam", false},
		"a server that closes":          {at("recipient", says(421, "closing")), outbox.Queued, "recipient", "closing", true},
		"a sender that is refused":      {at("sender", says(553, "not your address")), outbox.Queued, "sender", "not your address", true},
		"a server that falls silent":    {at("sender", errSilent), outbox.Queued, "sender", "", true},
		"a server that hangs up":        {at("recipient", errHangUp), outbox.Queued, "recipient", "", true},
		"one that hangs up after all":   {at("after the dot", errHangUp), outbox.Queued, "dot", "", false},
		"one that is silent at the end": {at("after the dot", errSilent), outbox.Queued, "dot", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openPosted(t)
			p.office.does(c.behave)
			p.queue(t, "anna@example.com")
			p.run(t, "deliver-mail")
			e := p.email(t, "anna@example.com")
			if e.Status != c.status || e.Attempts != 1 || !strings.Contains(e.LastError, c.words) || e.LastError == "" || len(e.Log) != 1 || e.Log[0].Step != c.step {
				t.Errorf("%+v", e)
			}
			if n := p.number(t, "SELECT count(*) FROM outages WHERE until IS NULL"); (n == 1) != c.broken {
				t.Errorf("%d times without mail", n)
			}
			if c.status == outbox.Queued && e.DueAt.Sub(db.TimeOf(p.Now())) != time.Minute {
				t.Errorf("it is tried again at %v", e.DueAt)
			}
		})
	}
}

func TestAMailThatTheServerTakesInSilenceIsNotSentAllDay(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.office.does(func(step, to string) error {
		if step == "after the dot" && to == person(0) {
			return errHangUp
		}
		return nil
	})
	p.queue(t, person(0))
	for minute := range 60 { // other mail leaves all the time
		p.queue(t, person(1+minute%50))
		p.jobs.Tick("deliver-mail")
		p.Clock.Forward(time.Minute)
	}
	if n := len(p.office.to(person(0))); n > 4 { // after 0, 1, 6 and 21 minutes
		t.Errorf("it arrived %d times in an hour", n)
	}
	if n := p.number(t, "SELECT count(*) FROM outbox WHERE status = 'queued'"); n != 1 {
		t.Errorf("%d mails wait for it", n-1)
	}
}

// Whatever the server does in whatever order: each mail arrives, and twice only where the server took it and said nothing.
func TestNoMailIsLost(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	p := openPosted(t)
	whims := []func(string, string) error{nil, nil, at("hello", says(421, "busy")), at("sender", errHangUp), at("recipient", says(450, "grey")), at("recipient", errSilent),
		at("data", says(452, "full")), at("before the dot", errHangUp), at("after the dot", errHangUp), at("after the dot", errSilent), at("data", errSilent)}
	const mails = 30
	for i := range mails {
		p.queue(t, person(i))
	}
	rounds := 25
	if os.Getenv("ONHAND_TORTURE") != "" {
		rounds = 1000
	}
	for range rounds {
		whim := whims[random.IntN(len(whims))]
		p.office.does(whim)
		p.run(t, "deliver-mail")
		if random.IntN(4) == 0 { // the machine is switched off, perhaps with a mail in its hands
			if random.IntN(2) == 0 {
				if _, err := outbox.Take(p.Ctx, p.DB); err != nil {
					t.Fatal(err)
				}
			}
			p.Reopen()
			p.hire(t)
			p.jobs.Start()
			if err := p.jobs.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		p.Clock.Forward(time.Duration(1+random.IntN(15)) * time.Minute)
	}
	p.office.does(nil)
	for range 10 {
		p.Clock.Forward(13 * time.Hour / 10)
		p.run(t, "deliver-mail")
	}
	for i := range mails {
		got := p.office.to(person(i))
		e := p.email(t, person(i))
		silent := 0
		for _, a := range e.Log {
			if a.Step == "dot" && a.Code == 0 {
				silent++
			}
		}
		if e.Status != outbox.Sent || len(got) == 0 || len(got) > 1+silent {
			t.Errorf("seed %d: %s arrived %d times, %d times in silence: %+v", seed, person(i), len(got), silent, e)
		}
		for _, m := range got {
			if m.id != got[0].id {
				t.Errorf("seed %d: %s arrived as %s and %s", seed, person(i), got[0].id, m.id)
			}
		}
	}
	p.Doctor(t)
}

func TestATimeWithoutMailIsNoticedAndEnds(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.office.does(at("hello", says(421, "down for repairs")))
	for i := range 5 {
		p.queue(t, person(i))
	}
	health := func() outbox.MailHealth {
		h, err := outbox.Health(p.Ctx, p.DB)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	tried := 0
	for range 20 { // minutes
		p.jobs.Tick("deliver-mail")
		p.Clock.Forward(time.Minute)
	}
	tried = int(p.number(t, "SELECT count(*) FROM outbox_attempts"))
	if tried < 3 || tried > 5 { // at 0, 1, 6 and 21 minutes
		t.Errorf("a server that is down was bothered %d times in 20 minutes", tried)
	}
	if h := health(); h.Since == nil || !strings.Contains(h.Reply, "down for repairs") {
		t.Errorf("nobody is told: %+v", h)
	}
	p.office.does(nil)
	p.Clock.Forward(15 * time.Minute)
	p.jobs.Tick("deliver-mail")
	if got := p.office.mails(); len(got) != 5 {
		t.Errorf("%d of 5 left when it worked again", len(got))
	}
	if h := health(); h.Since != nil {
		t.Errorf("it still counts as broken: %+v", h)
	}
	p.run(t, "stock-alerts")
	p.run(t, "deliver-mail")
	if got := p.office.to("ada@example.com"); len(got) != 1 || !strings.Contains(got[0].subject, "again") {
		t.Errorf("the owner hears %+v", got)
	}
}

func TestAServerThatTakesNothingCountsAsBroken(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.office.does(at("recipient", says(452, "your quota is used up")))
	p.queue(t, person(1))
	p.queue(t, person(2))
	since := func() *db.Time {
		h, err := outbox.Health(p.Ctx, p.DB)
		if err != nil || h.Since != nil && !strings.Contains(h.Reply, "quota") {
			t.Fatalf("%+v, %v", h, err)
		}
		return h.Since
	}
	p.run(t, "deliver-mail")
	if since() != nil {
		t.Error("it is broken at once")
	}
	p.Clock.Forward(16 * time.Minute)
	p.run(t, "deliver-mail")
	if since() == nil {
		t.Error("nobody is told that nothing leaves")
	}
	p.office.does(func(step, to string) error {
		if step == "recipient" && to == person(1) {
			return says(450, "your quota is used up")
		}
		return nil
	})
	p.Clock.Forward(16 * time.Minute)
	p.run(t, "deliver-mail")
	if since() != nil {
		t.Error("others leave, and it still counts as broken")
	}
}

func TestAMailThatNobodyTakesIsGivenUp(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.office.does(at("recipient", says(450, "grey for ever")))
	p.queue(t, "anna@example.com")
	var tries int
	for range 100 {
		p.run(t, "deliver-mail")
		if e := p.email(t, "anna@example.com"); e.Attempts != tries {
			tries = e.Attempts
		}
		p.Clock.Forward(time.Hour)
	}
	e := p.email(t, "anna@example.com")
	if e.Status != outbox.Dead || tries < 7 || tries > 14 || !strings.Contains(e.LastError, "grey for ever") {
		t.Errorf("after 100 hours: %+v", e)
	}
	if h, err := outbox.Health(p.Ctx, p.DB); err != nil || h.Dead != 1 {
		t.Errorf("the given up are %+v, %v", h, err)
	}
	p.office.does(nil)
	if _, err := outbox.Retry(p.Ctx, p.DB, e.ID, outbox.Again{}); err != nil {
		t.Fatal(err)
	}
	p.run(t, "deliver-mail")
	if now := p.email(t, "anna@example.com"); now.Status != outbox.Sent || now.MessageID != e.MessageID {
		t.Errorf("retried it is %+v", now)
	}
	if again, err := outbox.Retry(p.Ctx, p.DB, e.ID, outbox.Again{}); err != nil || again.Status != outbox.Sent {
		t.Errorf("a sent one retried: %+v, %v", again, err)
	}
}

func TestNewSettingsAreTriedAtOnce(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	good, bad := p.office.port, 1
	set := func(port int) {
		if _, err := settings.Save(p.Ctx, p.DB, settings.Change{Mail: &settings.MailChange{Port: &port}}); err != nil {
			t.Fatal(err)
		}
	}
	set(bad)
	p.queue(t, "anna@example.com")
	p.run(t, "deliver-mail")
	if e := p.email(t, "anna@example.com"); e.Status != outbox.Queued || e.Hint == "" {
		t.Errorf("nobody listens: %+v", e)
	}
	set(good)
	p.jobs.Tick("deliver-mail")
	if got := p.office.mails(); len(got) != 1 {
		t.Errorf("%d left with the right port", len(got))
	}
}

func TestAStoppedProgramLetsTheMailInHandFinish(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	inHand, goOn := make(chan struct{}), make(chan struct{})
	p.office.does(func(step, _ string) error {
		if step == "recipient" {
			close(inHand)
			<-goOn
		}
		return nil
	})
	p.queue(t, "anna@example.com")
	p.jobs.Start()
	<-inHand
	stopped := make(chan error, 1)
	go func() { stopped <- p.jobs.Stop(context.Background()) }()
	close(goOn)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if e := p.email(t, "anna@example.com"); e.Status != outbox.Sent || e.Attempts != 1 {
		t.Errorf("it is %+v", e)
	}
}

func TestAQueuedMailWakesTheDelivery(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	p.jobs.Start()
	defer func() {
		if err := p.jobs.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	arrived := make(chan struct{})
	p.office.does(func(step, _ string) error {
		if step == "after the dot" {
			close(arrived)
		}
		return nil
	})
	p.queue(t, "anna@example.com")
	select {
	case <-arrived: // long before the minute
	case <-time.After(20 * time.Second):
		t.Error("it waited for the minute")
	}
}

func TestATestSaysWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	m, password, err := settings.TryMail(p.Ctx, p.DB, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.jobs.Test(t.Context(), m, password, "ada@example.com")
	if err != nil || !r.OK || r.Reply == "" || len(p.office.mails()) != 1 {
		t.Errorf("it works: %+v, %v", r, err)
	}
	p.office.does(at("recipient", says(550, "who is that?")))
	if r, err = p.jobs.Test(t.Context(), m, password, "nobody@example.com"); err != nil || r.OK || r.Code != 550 || !strings.Contains(r.Reply, "who is that?") || r.Hint != "recipient_refused" {
		t.Errorf("it does not: %+v, %v", r, err)
	}
	if n := p.number(t, "SELECT count(*) FROM outbox"); n != 0 {
		t.Error("a test is in the outbox")
	}
	none := ""
	if _, _, err := settings.TryMail(p.Ctx, p.DB, &settings.MailChange{Host: &none}); db.CodeOf(err) != "mail_not_set_up" {
		t.Errorf("without a server: %v", err)
	}
}

func TestWithoutAServerMailWaitsAndNobodyIsAlarmed(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	none := ""
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{Mail: &settings.MailChange{Host: &none}}); err != nil {
		t.Fatal(err)
	}
	p.queue(t, "anna@example.com")
	p.jobs.Tick("deliver-mail")
	if e := p.email(t, "anna@example.com"); e.Status != outbox.Queued || e.Attempts != 0 {
		t.Errorf("it is %+v", e)
	}
	p.Clock.Forward(73 * time.Hour)
	p.jobs.Tick("deliver-mail")
	h, err := outbox.Health(p.Ctx, p.DB)
	if e := p.email(t, "anna@example.com"); e.Status != outbox.Dead || h.Dead != 0 || err != nil {
		t.Errorf("after three days it is %+v, and %+v is told", e, h)
	}
	if _, err := p.jobs.Run(t.Context(), "nothing"); db.CodeOf(err) != "not_found" || errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
