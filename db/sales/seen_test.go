package sales_test

import (
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/sales"
)

func (s *shop) ringing() string {
	return strings.Join(s.numbers(sales.OrderFilter{Unacknowledged: true}), " ")
}

func TestANoteIsForTheStaffAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.web("", line(s.Stocked("MUG", 9), 1))
	in.Note = "Please wrap it"
	o := s.place(in)
	ctx := db.WithKey(s.Ctx, "POST /orders/1/notes", "k-1")
	for range 2 {
		s.Clock.Forward(time.Second)
		got, err := sales.WriteNote(ctx, s.DB, o.ID, sales.OrderNote{Text: " Secretly rude.\r\nCall before noon. "})
		if must(s, got, err).Version != o.Version || got.Note != "Please wrap it" {
			t.Errorf("version %d with the note %q", got.Version, got.Note)
		}
	}
	s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	page, err := sales.OrderNotes(s.Ctx, s.DB, o.ID, db.List{})
	notes := must(s, page, err).Items
	if len(notes) != 1 || notes[0].Params["text"] != "Secretly rude.\nCall before noon." || notes[0].Actor != "Ada" {
		t.Errorf("noted: %+v", notes)
	}
	tracked, err := sales.Track(s.Ctx, s.DB, o.Token)
	if said := wire(t, must(s, tracked, err)); strings.Contains(said, "rude") || strings.Contains(said, "wrap") {
		t.Errorf("whoever holds the link reads %s", said)
	}
	var mails string
	err = db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT group_concat(facts) FROM outbox", nil, &mails)
	})
	if err != nil || !strings.Contains(mails, "Mia") || strings.Contains(mails, "rude") {
		t.Errorf("the customer is mailed %s (%v)", mails, err)
	}
	s.leavesNothing(func() {
		for text, code := range map[string]string{" \n ": "required", strings.Repeat("x", 2001): "too_long", "a\x00b": "bad_text"} {
			_, err := sales.WriteNote(s.Ctx, s.DB, o.ID, sales.OrderNote{Text: text})
			refusal(t, err, code)
		}
		_, err := sales.WriteNote(employee(404), s.DB, o.ID, sales.OrderNote{Text: "Hello"})
		refusal(t, err, "not_found")
	})
}

func TestANewWebOrderRingsUntilSomebodyHasSeenIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 99)
	s.place(s.counter(line(mug, 1)))
	o := s.place(s.web("", line(mug, 1)))
	if !o.Unacknowledged || s.ringing() != o.Number {
		t.Errorf("it rings: %t; %q do", o.Unacknowledged, s.ringing())
	}
	got := dbtest.Together(20, func() error { _, err := sales.Acknowledge(s.Ctx, s.DB, o.ID); return err })
	if got.Succeeded() != 20 {
		t.Errorf("%d of 20 tablets were answered", got.Succeeded())
	}
	seen := s.order(o.ID)
	if seen.Unacknowledged || seen.AcknowledgedAt == nil || seen.AcknowledgedBy != "Ada" || seen.Version != o.Version || s.ringing() != "" {
		t.Errorf("rings %t, seen by %q at %v, version %d", seen.Unacknowledged, seen.AcknowledgedBy, seen.AcknowledgedAt, seen.Version)
	}
	if kinds := strings.Join(s.kinds(o.ID), " "); kinds != "placed acknowledged" {
		t.Errorf("the timeline says %s", kinds)
	}
	_, err := sales.Acknowledge(employee(404), s.DB, s.place(s.web("", line(mug, 1))).ID)
	refusal(t, err, "not_found")
	s.Doctor(t)
}

func TestWhatBecomesOfAWebOrderEndsItsRinging(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 99)
	for name, end := range map[string]func(*sales.Order) (*sales.Order, error){
		"confirmed": func(o *sales.Order) (*sales.Order, error) {
			return sales.Confirm(s.Ctx, s.DB, o.ID, sales.Command{})
		},
		"shipped": func(o *sales.Order) (*sales.Order, error) {
			return s.fulfil(o.ID, sales.NewFulfilment{Ship: true}), nil
		},
		"cancelled": func(o *sales.Order) (*sales.Order, error) { return s.cancel(o.ID), nil },
	} {
		o, err := end(s.place(s.web("", line(mug, 1))))
		if must(s, o, err).Unacknowledged || o.AcknowledgedBy != "Ada" {
			t.Errorf("%s: it rings %t, seen by %q", name, o.Unacknowledged, o.AcknowledgedBy)
		}
	}
	if s.ringing() != "" {
		t.Errorf("%q ring", s.ringing())
	}
	s.pay(s.place(s.web("", line(mug, 1))).ID, 10) // what a customer pays nobody has seen
	draft := s.web("", line(mug, 1))
	draft.Draft = true
	quiet := s.place(draft)
	if quiet.Unacknowledged {
		t.Error("a draft rings")
	}
	placed, err := sales.PlaceDraft(s.Ctx, s.DB, quiet.ID, sales.Command{})
	if !must(s, placed, err).Unacknowledged || s.ringing() != "1005 1004" {
		t.Errorf("%q ring", s.ringing())
	}
	past, err := sales.Place(db.Past(db.WithActor(s.Ctx, db.Actor{Kind: db.JobActor, Name: "demo", Permissions: db.ActorOf(s.Ctx).Permissions}), db.TimeOf(s.Clock.Now().Add(-time.Hour))), s.DB, s.web("", line(mug, 1)))
	if must(s, past, err).Unacknowledged {
		t.Error("the past rings")
	}
	s.Doctor(t)
}

func TestAnOrderThatNobodyPaidRingsNoMore(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.web("", line(s.Stocked("MUG", 9), 1))
	in.PaymentMethod = "card"
	o := s.place(in)
	s.Clock.Forward(30 * 24 * time.Hour)
	n, err := sales.ReleaseHolds(s.Ctx, s.DB)
	if must(s, n, err) != 1 {
		t.Fatalf("%d expired", n)
	}
	if got := s.order(o.ID); got.Unacknowledged || s.ringing() != "" {
		t.Errorf("it rings, %s", states(got))
	}
}
