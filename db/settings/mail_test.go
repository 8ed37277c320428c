package settings_test

import (
	"context"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/money"
	"onhand/db/settings"
)

// saved is what the file holds of the settings and of what happened to them, as text.
func saved(t *testing.T, d *db.DB) (text string) {
	t.Helper()
	err := db.Read(t.Context(), d, func(tx *db.Tx) error {
		return tx.Row(`SELECT (SELECT mail_host || mail_password || mail_username FROM settings) || (SELECT coalesce(group_concat(coalesce(after, '')), '') FROM audit)
			|| (SELECT coalesce(group_concat(reply), '') FROM replies)`, nil, &text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheMailPasswordIsSealedAndNeverShown(t *testing.T) {
	t.Parallel()
	d := empty(t)
	if _, err := setUp(d, corner); err != nil {
		t.Fatal(err)
	}
	ctx := db.WithKey(context.Background(), "PATCH /settings", "one")
	s, err := settings.Save(ctx, d, settings.Change{Mail: &settings.MailChange{Host: ptr("smtp.example.com"), Username: ptr("shop"), Password: ptr("hunter2 hunter2"),
		From: ptr("shop@example.com"), OwnerRecipients: &settings.Addresses{"anna@example.com", "ANNA@example.com", "ben@example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Mail.PasswordSet || !s.Mail.Works() || len(s.Mail.OwnerRecipients) != 2 {
		t.Errorf("saved is %+v", s.Mail)
	}
	if strings.Contains(saved(t, d), "hunter2") {
		t.Error("the password is in the file")
	}
	now := current(t, d)
	if password, err := now.Mail.Password(auth.NewSecret(d.Dir())); err != nil || password != "hunter2 hunter2" {
		t.Errorf("read again it is %q, %v", password, err)
	}
	s, err = settings.Save(context.Background(), d, settings.Change{Mail: &settings.MailChange{Port: ptr(465), Security: ptr(settings.TLS)}})
	if err != nil || !s.Mail.PasswordSet || s.Mail.Host != "smtp.example.com" {
		t.Errorf("what was left out changed: %+v, %v", s.Mail, err)
	}
	elsewhere := &settings.MailChange{Host: ptr("smtp.evil.example")}
	if _, err := settings.Save(context.Background(), d, settings.Change{Mail: elsewhere}); db.CodeOf(err) != "password_again" {
		t.Errorf("the password goes to another server: %v", err)
	}
	if _, _, err := settings.TryMail(context.Background(), d, elsewhere); db.CodeOf(err) != "password_again" {
		t.Errorf("a test sends it to another server: %v", err)
	}
	if _, _, err := settings.TryMail(context.Background(), d, &settings.MailChange{Security: ptr(settings.NoTLS)}); db.CodeOf(err) != "password_again" {
		t.Errorf("a test sends it unprotected: %v", err)
	}
	if s, err = settings.Save(context.Background(), d, settings.Change{Mail: &settings.MailChange{Password: ptr("")}}); err != nil || s.Mail.PasswordSet {
		t.Errorf("it was not taken away: %+v, %v", s.Mail, err)
	}
}

func TestMailSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	d := empty(t)
	if _, err := setUp(d, corner); err != nil {
		t.Fatal(err)
	}
	before := current(t, d)
	for name, c := range map[string]struct {
		change settings.Change
		code   string
	}{
		"a server with a path":        {settings.Change{Mail: &settings.MailChange{Host: ptr("https://smtp.example.com")}}, "bad_host"},
		"a server without a sender":   {settings.Change{Mail: &settings.MailChange{Host: ptr("smtp.example.com")}}, "required"},
		"no port":                     {settings.Change{Mail: &settings.MailChange{Port: ptr(0)}}, "bad_port"},
		"a made-up security":          {settings.Change{Mail: &settings.MailChange{Security: ptr(settings.Security("ssl"))}}, "bad_security"},
		"a sender with a name":        {settings.Change{Mail: &settings.MailChange{From: ptr("Shop <shop@example.com>")}}, "bad_email"},
		"a header in the sender":      {settings.Change{Mail: &settings.MailChange{From: ptr("shop@example.com\r\nBcc: x@example.com")}}, "bad_text"},
		"a receiver that is none":     {settings.Change{Mail: &settings.MailChange{OwnerRecipients: &settings.Addresses{"anna"}}}, "bad_email"},
		"a time that is none":         {settings.Change{SummaryTime: ptr("24:00")}, "bad_time"},
		"a time without its zero":     {settings.Change{DigestTime: ptr("7:00")}, "bad_time"},
		"a time with a sign":          {settings.Change{SelfCheckTime: ptr("+1:00")}, "bad_time"},
		"an address with a path":      {settings.Change{PublicURL: ptr("https://shop.example.com/staff")}, "bad_url"},
		"an address without a scheme": {settings.Change{PublicURL: ptr("shop.example.com")}, "bad_url"},
		"no days":                     {settings.Change{OverstockDays: ptr(0)}, "bad_days"},
		"an order that pays":          {settings.Change{OrderCost: ptr(money.Amount(-1))}, "bad_order_cost"},
		"keeping that costs too much": {settings.Change{HoldingRate: ptr(money.Whole + 1)}, "bad_holding_rate"},
	} {
		if _, err := settings.Save(context.Background(), d, c.change); db.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if after := current(t, d); after.Version != before.Version {
		t.Errorf("something was saved: %+v", after)
	}
	s, err := settings.Save(context.Background(), d, settings.Change{PublicURL: ptr(" https://shop.example.com/ "), SummaryTime: ptr("21:30")})
	if err != nil || s.PublicURL != "https://shop.example.com" || s.SummaryTime != "21:30" {
		t.Errorf("saved is %+v, %v", s, err)
	}
}
