package server_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/server"
)

// letters stands for those who word and send mails, whom the server knows by an interface only.
type letters struct {
	db   *db.DB
	sent []string
}

func (l *letters) Preview(ctx context.Context, id int64) (*outbox.Wording, []byte, error) {
	if _, err := outbox.LetterOf(ctx, l.db, id); err != nil {
		return nil, nil, err
	}
	return &outbox.Wording{Subject: "Hello", Text: "Hello", HTML: `<p>Hello <img src="cid:logo"></p>`}, []byte("png"), nil
}

func (l *letters) Test(_ context.Context, m settings.MailSettings, password, to string) (*outbox.MailTest, error) {
	l.sent = append(l.sent, m.Host+" "+password+" "+to)
	return &outbox.MailTest{OK: true, To: to, Code: 250, Reply: "taken"}, nil
}

// mail queues a mail, and answers its number.
func (s *staffed) mail(m outbox.Mail) int64 {
	s.t.Helper()
	if err := db.Write(context.Background(), s.db, func(tx *db.Tx) error { return outbox.Queue(tx, m) }); err != nil {
		s.t.Fatal(err)
	}
	return s.number("SELECT max(id) FROM outbox")
}

func openMailing(t *testing.T) (*staffed, *letters) {
	t.Helper()
	l := new(letters)
	s := &staffed{shop: openWith(t, server.Options{Mail: l}), ids: map[string]int64{"anna": 1}}
	l.db = s.db
	s.admin = s.owner()
	s.admin.post("/api/v1/locations", `{"name":"Harbour"}`).is(http.StatusCreated)
	s.admin.post("/api/v1/products", `{"name":"Blue mug","variants":[{"sku":"MUG","price":1000,"cost":600}]}`).is(http.StatusCreated)
	s.admin.post("/api/v1/stock/adjustments", `{"locationId":1,"reason":"received","lines":[{"variantId":1,"delta":100}]}`, s.key()).is(http.StatusCreated)
	s.hire("mia", "manager", 2)
	s.hire("emil", "employee")
	return s, l
}

func TestMailsAreSeenByThoseWhoMay(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	s.admin.post("/api/v1/orders", `{"channel":"phone","locationId":1,"customer":{"name":"Grace","email":"grace@example.com"},"lines":[{"variantId":1,"quantity":2}]}`, s.key()).is(http.StatusCreated)
	confirmed := s.number("SELECT id FROM outbox WHERE kind = 'order-confirmed'")
	summary := s.mail(outbox.Mail{Kind: "daily-summary", To: "anna@example.com", Key: "x", Facts: struct{}{}, Costs: true})
	list := func(c requester) string { return c.do("GET", "/api/v1/emails?limit=200", "").is(http.StatusOK).body }
	token, _ := s.token("emails.read")
	mia := s.as("mia")
	for who, c := range map[string]struct {
		seen        string
		sees, lacks []string
	}{
		"the admin":            {list(s.admin), []string{"order-confirmed", "daily-summary", "registration-approved"}, nil},
		"a program":            {list(token), []string{"order-confirmed", "registration-approved"}, []string{"daily-summary"}},
		"who sees the harbour": {list(mia), nil, []string{"order-confirmed", "daily-summary", "registration-"}},
	} {
		for _, kind := range c.sees {
			if !strings.Contains(c.seen, kind) {
				t.Errorf("%s does not see %s", who, kind)
			}
		}
		for _, kind := range c.lacks {
			if strings.Contains(c.seen, kind) {
				t.Errorf("%s sees %s", who, kind)
			}
		}
	}
	for _, path := range []string{"/api/v1/emails/%d", "/api/v1/emails/%d/html"} {
		token.do("GET", fmt.Sprintf(path, summary), "").refuses(http.StatusNotFound, "not_found")
		mia.get(fmt.Sprintf(path, confirmed)).refuses(http.StatusNotFound, "not_found")
	}
	mia.post(fmt.Sprintf("/api/v1/emails/%d/retry", confirmed), "").refuses(http.StatusNotFound, "not_found")
	mia.get("/api/v1/orders/1/emails").refuses(http.StatusNotFound, "not_found")
	if r := s.as("emil").get("/api/v1/orders/1/emails").is(http.StatusOK); !strings.Contains(r.body, `"to":"grace@example.com"`) || !strings.Contains(r.body, `"status":"queued"`) {
		t.Errorf("the mails of the order: %s", r.body)
	}
	s.as("emil").get("/api/v1/emails").refuses(http.StatusForbidden, "forbidden")
	if r := s.admin.get("/api/v1/emails?q=GRACE&status=queued,dead&kind=order-confirmed").is(http.StatusOK); strings.Count(r.body, `"kind"`) != 1 {
		t.Errorf("found: %s", r.body)
	}
	s.admin.get("/api/v1/emails?status=lost").refuses(http.StatusUnprocessableEntity, "invalid")
}

func TestAMailIsShownWithoutItsPowers(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	id := s.mail(outbox.Mail{Kind: "test", To: "anna@example.com", Key: "x", Facts: struct{}{}})
	if r := s.admin.get(fmt.Sprintf("/api/v1/emails/%d", id)).is(http.StatusOK); !strings.Contains(r.body, `"subject":"Hello"`) {
		t.Errorf("one that was not sent yet: %s", r.body)
	}
	r := s.admin.get(fmt.Sprintf("/api/v1/emails/%d/html", id)).is(http.StatusOK)
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script") || r.Header.Get("X-Frame-Options") != "SAMEORIGIN" ||
		!strings.Contains(r.body, "data:image/png;base64,cG5n") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("it is shown under %q: %s", policy, r.body)
	}
	s.admin.get("/api/v1/emails/0/html").is(http.StatusNotFound)
	s.admin.get("/api/v1/emails/x/html").is(http.StatusNotFound)
}

func TestARetriedMailIsDueNow(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	id := s.mail(outbox.Mail{Kind: "test", To: "anna@example.com", Key: "x", Facts: struct{}{}})
	retry := func() string {
		return s.admin.post(fmt.Sprintf("/api/v1/emails/%d/retry", id), "").is(http.StatusOK).body
	}
	for _, c := range []struct{ status, want string }{{"dead", "queued"}, {"queued", "queued"}, {"sending", "sending"}, {"sent", "sent"}} {
		s.exec("UPDATE outbox SET status = ?2, due_at = 99999999999999 WHERE id = ?1", id, c.status)
		if body := retry(); !strings.Contains(body, `"status":"`+c.want+`"`) {
			t.Errorf("one that is %s: %s", c.status, body)
		}
		if due := s.number("SELECT due_at FROM outbox WHERE id = ?1", id); (due < 99999999999999) != (c.want == "queued") {
			t.Errorf("one that is %s is due at %d", c.status, due)
		}
	}
	s.exec("UPDATE outbox SET status = 'dead' WHERE id = ?1", id)
	if r := s.admin.get("/api/v1/mail-health").is(http.StatusOK); !strings.Contains(r.body, `"dead":1`) {
		t.Errorf("one was given up: %s", r.body)
	}
	if r := s.admin.post("/api/v1/emails/dismiss", "").is(http.StatusOK); !strings.Contains(r.body, `"dead":0`) {
		t.Errorf("it was seen: %s", r.body)
	}
	s.admin.post(fmt.Sprintf("/api/v1/emails/%d/retry", id), `{"to":"right@example.com"}`).refuses(http.StatusUnprocessableEntity, "not_about_order")
	order := s.mail(outbox.Mail{Kind: "order-confirmed", To: "typo@example.com", Key: "y", Facts: struct{}{}, OrderID: 1, LocationID: 1})
	s.admin.post(fmt.Sprintf("/api/v1/emails/%d/retry", order), `{"to":"nobody"}`).refuses(http.StatusUnprocessableEntity, "bad_email")
	if r := s.admin.post(fmt.Sprintf("/api/v1/emails/%d/retry", order), `{"to":"right@example.com"}`).is(http.StatusOK); !strings.Contains(r.body, `"to":"right@example.com"`) {
		t.Errorf("sent elsewhere: %s", r.body)
	}
	s.admin.post("/api/v1/emails/404/retry", "").refuses(http.StatusNotFound, "not_found")
}

func TestMailSettingsAreTriedAsTyped(t *testing.T) {
	t.Parallel()
	s, l := openMailing(t)
	s.admin.post("/api/v1/settings/mail/test", "").refuses(http.StatusUnprocessableEntity, "mail_not_set_up")
	typed := `{"host":"smtp.example.com","from":"shop@example.com","password":"hunter2"}`
	if r := s.admin.post("/api/v1/settings/mail/test", `{"mail":`+typed+`}`).is(http.StatusOK); !strings.Contains(r.body, `"ok":true`) || strings.Contains(r.body, "hunter2") {
		t.Errorf("the test: %s", r.body)
	}
	if r := s.admin.get("/api/v1/settings").is(http.StatusOK); !strings.Contains(r.body, `"host":""`) {
		t.Error("a test saved something")
	}
	r := s.admin.do("PATCH", "/api/v1/settings", `{"mail":`+typed+`,"summaryTime":"21:30"}`).is(http.StatusOK)
	if !strings.Contains(r.body, `"passwordSet":true`) || strings.Contains(r.body, "hunter2") || !strings.Contains(r.body, `"summaryTime":"21:30"`) {
		t.Errorf("saved: %s", r.body)
	}
	s.admin.post("/api/v1/settings/mail/test", `{"to":"books@example.com"}`).is(http.StatusOK)
	if want := []string{"smtp.example.com hunter2 anna@example.com", "smtp.example.com hunter2 books@example.com"}; fmt.Sprint(l.sent) != fmt.Sprint(want) {
		t.Errorf("sent were %v", l.sent)
	}
	s.admin.post("/api/v1/settings/mail/test", `{"to":"nobody"}`).refuses(http.StatusUnprocessableEntity, "bad_email")
	for i := range 12 { // it must not become a way to send to anybody
		if r := s.admin.post("/api/v1/settings/mail/test", ""); i > 8 && r.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("tests are not throttled")
}

func TestMailsAreStoppedWithOneClick(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	if _, err := alerts.Watch(context.Background(), s.db); err != nil {
		t.Fatal(err)
	}
	token := s.text("SELECT token FROM alert_addresses WHERE address = 'anna@example.com'")
	stopped := func() int64 { return s.number("SELECT sum(stopped) FROM alert_addresses") }
	guest := s.guest()
	// A mail program posts what RFC 8058 says, without a cookie and from nowhere.
	guest.send("POST", "/api/v1/unsubscribe/"+token, strings.NewReader("List-Unsubscribe=One-Click"), header{"Content-Type": "application/x-www-form-urlencoded"}).is(http.StatusNoContent)
	if stopped() != 1 {
		t.Error("it was not stopped")
	}
	guest.post("/api/v1/unsubscribe/"+token+"/resume", "").is(http.StatusNoContent)
	if stopped() != 0 {
		t.Error("it was not resumed")
	}
	guest.get("/api/v1/unsubscribe/"+token).is(http.StatusSeeOther).has("Location", "/staff/unsubscribe?token="+token)
	if stopped() != 0 {
		t.Error("what looks at links stops it")
	}
	form := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
	guest.send("POST", "/api/v1/unsubscribe/"+token, strings.NewReader(form), header{"Content-Type": "multipart/form-data; boundary=x"}).is(http.StatusNoContent)
	if stopped() != 1 {
		t.Error("a form of parts is not understood")
	}
	guest.post("/api/v1/unsubscribe/made-up", "").refuses(http.StatusUnprocessableEntity, "bad_link")
	guest.send("POST", "/api/v1/session", strings.NewReader("a=b"), header{"Content-Type": "application/x-www-form-urlencoded"}).is(http.StatusUnsupportedMediaType)
}

func TestNotificationsAreOnesOwn(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	anna := s.admin.get("/api/v1/notifications").is(http.StatusOK)
	if !strings.Contains(anna.body, `"owner":true`) || !strings.Contains(anna.body, `"kind":"summary"`) {
		t.Errorf("the owner may choose %s", anna.body)
	}
	emil := s.as("emil")
	if r := emil.get("/api/v1/notifications").is(http.StatusOK); strings.Contains(r.body, `"summary"`) || strings.Contains(r.body, `"mail_broken"`) || !strings.Contains(r.body, `"kind":"low","mode":"off"`) {
		t.Errorf("an employee may choose %s", r.body)
	}
	if r := emil.do("PATCH", "/api/v1/notifications", `{"items":[{"kind":"low","mode":"hourly"}]}`).is(http.StatusOK); !strings.Contains(r.body, `"kind":"low","mode":"hourly"`) {
		t.Errorf("chosen: %s", r.body)
	}
	if again := s.admin.get("/api/v1/notifications").is(http.StatusOK); again.body != anna.body {
		t.Error("another's changed")
	}
	emil.do("PATCH", "/api/v1/notifications", `{"items":[{"kind":"summary","mode":"instant"}]}`).refuses(http.StatusUnprocessableEntity, "bad_mode")
	if r := emil.get("/api/v1/mail-health").is(http.StatusOK); !strings.Contains(r.body, `"since":null`) {
		t.Errorf("how mail is: %s", r.body)
	}
}

func TestTheShopsPictureIsMadeSmall(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	s.admin.get("/api/v1/settings/logo").is(http.StatusNotFound)
	upload := func(data string) *reply {
		body := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n" + data + "\r\n--x--\r\n"
		return s.admin.send("POST", "/api/v1/settings/logo", strings.NewReader(body), header{"Content-Type": "multipart/form-data; boundary=x", "Cookie": "onhand_session=" + s.admin.cookie, "Sec-Fetch-Site": "same-origin"})
	}
	upload(picture(t, 2000, 300)).is(http.StatusOK)
	r := s.admin.get("/api/v1/settings/logo").is(http.StatusOK)
	if w, h := sizeOf(t, r.body); w != 480 || h != 72 || r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("it is %d by %d, %s", w, h, r.Header.Get("Content-Type"))
	}
	for name, data := range map[string]string{"a text": "hello", "nothing": "", "half a picture": picture(t, 50, 50)[:60]} {
		if r := upload(data); codeOf(r) != "unknown_file" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	upload(bomb()).refuses(http.StatusUnprocessableEntity, "too_many_pixels")
	s.as("emil").get("/api/v1/settings/logo").refuses(http.StatusForbidden, "forbidden")
	s.admin.do("DELETE", "/api/v1/settings/logo", "").is(http.StatusNoContent)
	s.admin.get("/api/v1/settings/logo").is(http.StatusNotFound)
}

func TestAnOrderIsTrackedByItsLinkAlone(t *testing.T) {
	t.Parallel()
	s, _ := openMailing(t)
	var o struct{ Token string }
	s.admin.post("/api/v1/orders", `{"channel":"phone","locationId":1,"note":"ring twice","customer":{"name":"Grace","email":"grace@example.com"},"lines":[{"variantId":1,"quantity":2}]}`, s.key()).is(http.StatusCreated).into(&o)
	s.admin.post("/api/v1/orders/1/fulfilments", `{"carrier":"DHL","trackingNumber":"00340","ship":true}`, s.key()).is(http.StatusCreated)
	r := s.guest().get("/api/v1/shop/track/" + o.Token).is(http.StatusOK)
	for _, want := range []string{`"number":"1001"`, `"total":2000`, `"trackingNumber":"00340"`, `"status":"shipped"`, `"fulfilmentStatus":"fulfilled"`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("it lacks %s: %s", want, r.body)
		}
	}
	for _, secret := range []string{"grace", "Grace", "ring twice", "Anna", "600", "cost", o.Token, `"id"`} {
		if strings.Contains(r.body, secret) {
			t.Errorf("it tells %s: %s", secret, r.body)
		}
	}
	if strings.Contains(s.log.String(), o.Token) {
		t.Error("the log holds the link")
	}
	s.admin.post("/api/v1/orders", `{"channel":"phone","locationId":1,"draft":true,"lines":[{"variantId":1,"quantity":2}]}`, s.key()).is(http.StatusCreated).into(&o)
	s.guest().get("/api/v1/shop/track/"+o.Token).refuses(http.StatusNotFound, "not_found")
}
