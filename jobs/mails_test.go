package jobs_test

import (
	"encoding/json"
	"mime"
	"net/url"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/auth"
	"onhand/db/customers"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/staff"
)

// told are the facts of the mails of a kind to somebody, the oldest first.
func told[T any](t *testing.T, p *posted, kind, to string) (facts []T) {
	t.Helper()
	var rows []string
	err := db.Read(p.Ctx, p.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT facts FROM outbox WHERE kind = ?1 AND recipient = ?2 ORDER BY id", kind, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var f T
		if err := json.Unmarshal([]byte(row), &f); err != nil {
			t.Fatal(err)
		}
		facts = append(facts, f)
	}
	return facts
}

const ada = "ada@example.com"

func TestWebOrdersAreToldAtOnceAndARushAsOne(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 1000)
	order := func(n int) {
		for range n {
			_, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Web, LocationID: p.Location, Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}},
				Customer: &customers.Contact{Name: "Grace", Email: "grace@example.com"}})
			if err != nil {
				t.Fatal(err)
			}
		}
		p.jobs.Tick("stock-alerts")
	}
	count := func() (mails, orders int) {
		for _, f := range told[alerts.NewOrdersFacts](t, p, alerts.NewOrdersMail, ada) {
			mails, orders = mails+1, orders+len(f.Orders)
		}
		return mails, orders
	}
	order(1)
	order(2)
	if m, o := count(); m != 3 || o != 3 {
		t.Errorf("%d mails of %d orders, want one each", m, o)
	}
	p.Clock.Forward(11 * time.Minute)
	order(30)
	order(5)
	if m, o := count(); m != 4 || o != 33 {
		t.Errorf("%d mails of %d orders in a rush", m, o)
	}
	p.Clock.Forward(11 * time.Minute)
	p.jobs.Tick("stock-alerts")
	if m, o := count(); m != 5 || o != 38 {
		t.Errorf("%d mails of %d orders after it", m, o)
	}
	if n := p.number(t, "SELECT count(*) FROM outbox WHERE kind = 'order-confirmed' AND recipient = 'grace@example.com'"); n != 38 {
		t.Errorf("the customer got %d confirmations", n)
	}
	if _, err := p.Sell(mug, 1); err != nil {
		t.Fatal(err)
	}
	p.run(t, "stock-alerts")
	if m, _ := count(); m != 5 {
		t.Error("a sale at the counter is told")
	}
	p.wish(t, alerts.NewWish{Kind: alerts.WebOrder, Mode: alerts.Off})
	order(3)
	p.wish(t, alerts.NewWish{Kind: alerts.WebOrder, Mode: alerts.Instant})
	p.Clock.Forward(time.Hour)
	order(1)
	if m, o := count(); m != 6 || o != 39 {
		t.Errorf("%d mails of %d orders: what came while nobody wanted to hear of it is told", m, o)
	}
}

func TestALinkOfAMailLeadsToTheShop(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	sessions := staff.NewSessions(p.DB, func(int64, staff.Ending) {})
	if err := sessions.Forgot(t.Context(), staff.ForgottenPassword{Email: ada}); err != nil {
		t.Fatal(err)
	}
	public := "https://shop.example.com"
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{PublicURL: &public}); err != nil {
		t.Fatal(err)
	}
	p.run(t, "deliver-mail")
	got := p.office.to(ada)
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	body := strings.ReplaceAll(strings.ReplaceAll(got[0].body, "=\r\n", ""), "=3D", "=")
	_, rest, ok := strings.Cut(body, public+"/staff/reset#token=")
	if !ok {
		t.Fatalf("no link: %s", body)
	}
	token, err := url.QueryUnescape(rest[:strings.IndexAny(rest, "\r\n \"<")])
	if err != nil || len(token) < 32 {
		t.Fatalf("the token %q, %v", token, err)
	}
	e := p.email(t, ada)
	if strings.Contains(e.Text+e.HTML, token) {
		t.Error("the file holds the link")
	}
	hash := auth.HashToken(token)
	if n := p.number(t, "SELECT count(*) FROM password_resets WHERE token_hash = ?1", hash[:]); n != 1 {
		t.Error("the link opens nothing")
	}
	// One that comes too late is not sent.
	if err := sessions.Forgot(t.Context(), staff.ForgottenPassword{Email: ada}); err != nil {
		t.Fatal(err)
	}
	p.Clock.Forward(31 * time.Minute)
	p.run(t, "deliver-mail")
	if n := len(p.office.to(ada)); n != 1 {
		t.Errorf("a link that works no more was sent")
	}
}

func TestACustomerIsWrittenToInTheirLanguage(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 10)
	place := func(email, language string, channel sales.Channel) *sales.Order {
		o, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: channel, Language: language, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}},
			Customer: &customers.Contact{Name: "Grace", Email: email}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	german := place("grete@example.com", "de", sales.Web)
	place("grace@example.com", "", sales.Phone)
	place("counter@example.com", "", sales.Counter)
	if _, err := sales.Fulfil(p.Ctx, p.DB, german.ID, sales.NewFulfilment{Carrier: "DHL", TrackingNumber: "00340", Ship: true}); err != nil {
		t.Fatal(err)
	}
	dropped := place("drop@example.com", "", sales.API)
	for range 2 { // once is enough
		if _, err := sales.Cancel(p.Ctx, p.DB, dropped.ID, sales.Cancellation{Reason: "sold out"}); err != nil {
			t.Fatal(err)
		}
	}
	p.run(t, "deliver-mail")
	for to, want := range map[string][]string{
		"grete@example.com":   {"Bestellung " + german.Number, "Bestellung " + german.Number},
		"grace@example.com":   {"Order 1002"},
		"counter@example.com": nil,
		"drop@example.com":    {"Order " + dropped.Number, "Order " + dropped.Number},
	} {
		got := p.office.to(to)
		if len(got) != len(want) {
			t.Errorf("%s got %d mails, want %d", to, len(got), len(want))
			continue
		}
		for i := range want {
			if subject, err := new(mime.WordDecoder).DecodeHeader(got[i].subject); err != nil || !strings.Contains(subject, want[i]) {
				t.Errorf("%s got %q, want %q in it", to, got[i].subject, want[i])
			}
		}
	}
	if got := p.office.to("grete@example.com"); len(got) == 2 && (!strings.Contains(got[1].body, "12,50") || strings.Contains(got[1].body, " 0,00")) {
		t.Errorf("what left is worth nothing: %s", got[1].body)
	}
	if _, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Web, Language: "xx", Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}}}); db.CodeOf(err) != "unknown_language" {
		t.Errorf("a made-up language: %v", err)
	}
}
