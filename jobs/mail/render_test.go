package mail_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db/alerts"
	"onhand/db/reports"
	"onhand/jobs/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

// cornerShop writes the mails of the tests.
func cornerShop(language string) mail.Shop {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return mail.Shop{Name: "Corner Shop", Language: language, Zone: berlin, URL: "https://shop.example", Address: "Hauptstraße 1\n10115 Berlin", Logo: true}
}

func rendered(t *testing.T, shop mail.Shop, kind string, facts any) mail.Rendered {
	t.Helper()
	b, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	r, err := mail.Render(shop, kind, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRenderedMailsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range everyMail() {
		seen[m.kind] = true
		for _, language := range []string{"en", "de"} {
			t.Run(m.name+"."+language, func(t *testing.T) {
				t.Parallel()
				r := rendered(t, cornerShop(language), m.kind, m.facts)
				text := "Subject: " + r.Subject + "\nList-Unsubscribe: " + r.Unsubscribe + "\n\n" + r.Text
				isGolden(t, m.name+"."+language+".txt", text)
				if m.looksOwn {
					isGolden(t, m.name+"."+language+".html", r.HTML)
				}
				looksRight(t, r)
			})
		}
	}
	for _, kind := range mail.Kinds {
		if !seen[kind] {
			t.Errorf("no golden mail is of the kind %s", kind)
		}
	}
}

func TestRenderedGoldensAreAllStillMade(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for _, m := range everyMail() {
		for _, language := range []string{"en", "de"} {
			made[m.name+"."+language+".txt"], made[m.name+"."+language+".html"] = true, m.looksOwn
		}
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !made[f.Name()] && (strings.HasSuffix(f.Name(), ".html") || strings.HasSuffix(f.Name(), ".txt")) {
			t.Errorf("testdata/%s is no mail any more: remove it", f.Name())
		}
	}
}

func isGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", name, diff)
	}
}

func TestRenderSaysTheFactFirst(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"order-confirmed":                 {"Order 1042 is confirmed: €1,254.80", "Bestellung 1042 ist bestätigt: 1.254,80 €"},
		"order-confirmed-yen":             {"Order 1042 is confirmed: ¥125,480", "Bestellung 1042 ist bestätigt: 125.480 ¥"},
		"order-confirmed-dinar":           {"Order 1042 is confirmed: KWD 125.480", "Bestellung 1042 ist bestätigt: 125,480 KWD"},
		"order-shipped":                   {"Part of order 1042 is on its way", "Ein Teil der Bestellung 1042 ist unterwegs"},
		"order-shipped-whole":             {"Order 1042 is on its way", "Bestellung 1042 ist unterwegs"},
		"order-refunded":                  {"Order 1042: €25.00 refunded", "Bestellung 1042: 25,00 € erstattet"},
		"purchase-order":                  {"Order P-1001 from Corner Shop", "Bestellung P-1001 von Corner Shop"},
		"new-orders":                      {"Order 1042: €125.00 from Grace Hopper", "Bestellung 1042: 125,00 € von Grace Hopper"},
		"new-orders-three":                {"3 new orders: €1,369.46", "3 neue Bestellungen: 1.369,46 €"},
		"new-orders-rush":                 {"43 new orders", "43 neue Bestellungen"},
		"stock-digest":                    {"Out of stock: Brass lamp; 15 low, 2 over", "Ausverkauft: Brass lamp; 15 knapp, 2 mit Überbestand"},
		"stock-digest-one-out":            {"Out of stock: Blue mug", "Ausverkauft: Blue mug"},
		"stock-digest-one-low":            {"Low stock: Blue mug 1 left", "Knapp: Blue mug, noch 1"},
		"stock-digest-three-low":          {"Low stock: 3 items (Blue mug 2 left)", "Knapp: 3 Artikel (Blue mug, noch 2)"},
		"stock-digest-nothing-new":        {"Still out of stock: 3 items (Blue mug and 2 more); 3 low, 3 over", "Weiterhin ausverkauft: 3 Artikel (Blue mug und 2 weitere); 3 knapp, 3 mit Überbestand"},
		"stock-digest-recovered":          {"Stock recovered: 3 items (Blue mug 2 there)", "Bestand erholt: 3 Artikel (Blue mug, 2 vorhanden)"},
		"daily-summary":                   {"Thu 19 Nov: €1,250.00 in 14 orders", "Do., 19. Nov.: 1.250,00 € aus 14 Bestellungen"},
		"daily-summary-of-a-store":        {"Thu 19 Nov: €1,250.00 in 1 order", "Do., 19. Nov.: 1.250,00 € aus 1 Bestellung"},
		"daily-summary-quiet":             {"Thu 19 Nov: no sales", "Do., 19. Nov.: keine Verkäufe"},
		"daily-summary-quiet-so-far":      {"Today so far: no sales", "Heute bisher: keine Verkäufe"},
		"daily-summary-huge":              {"Thu 19 Nov: €90,071,992,547,409.91 in 1,234,567 orders", "Do., 19. Nov.: 90.071.992.547.409,91 € aus 1.234.567 Bestellungen"},
		"daily-summary-only-cancelled":    {"Thu 19 Nov: no new orders, revenue −€50.00", "Do., 19. Nov.: keine neuen Bestellungen, Umsatz −50,00 €"},
		"mail-broken":                     {"Mail works again: 12 mails were late, 1 was given up", "E-Mails gehen wieder hinaus: 12 E-Mails kamen zu spät, 1 wurde aufgegeben"},
		"mail-broken-nothing-late":        {"Mail works again", "E-Mails gehen wieder hinaus"},
		"self-check":                      {"Self-check: 6 things in the books are wrong", "Selbstprüfung: 6 Fehler in den Büchern"},
		"registration-pending":            {"Mia Sommer asks to work at Corner Shop", "Mia Sommer möchte bei Corner Shop mitarbeiten"},
		"stock-digest-over-without-sales": {"Overstocked: 2 items (Snow globe 75 there)", "Überbestand: 2 Artikel (Snow globe, 75 vorhanden)"},
	} {
		m := mailNamed(t, name)
		for i, language := range []string{"en", "de"} {
			if got := rendered(t, cornerShop(language), m.kind, m.facts).Subject; got != want[i] {
				t.Errorf("%s: %q, want %q", name, got, want[i])
			}
		}
	}
}

func mailNamed(t *testing.T, name string) told {
	t.Helper()
	all := everyMail()
	i := slices.IndexFunc(all, func(m told) bool { return m.name == name })
	if i < 0 {
		t.Fatalf("no mail is named %s", name)
	}
	return all[i]
}

func TestRenderLeadsToTheRecord(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"order-confirmed": "/track/tok-1042", "order-shipped": "/track/tok-1042", "order-ready": "/track/tok-1042", "order-cancelled": "/track/tok-1042", "order-covered": "/track/tok-1042", "order-expired": "/track/tok-1042", "order-refunded": "/track/tok-1042",
		"purchase-order": "",
		"new-orders":     "/staff/orders/7", "new-orders-three": "/staff/orders",
		"stock-digest": "/staff/replenishment", "stock-digest-one-low": "/staff/replenishment?at=4-1", "stock-digest-one-more-low": "/staff/replenishment?at=4-1",
		"stock-digest-three-low": "/staff/stock/alerts?kind=out,low", "stock-digest-one-out": "/staff/products/2", "stock-digest-one-over": "/staff/products/2",
		"stock-digest-over-without-sales": "/staff/stock/alerts?kind=over",
		"daily-summary":                   "/staff", "daily-summary-quiet": "/staff",
		"registration-received": "", "registration-rejected": "", "registration-pending": "/staff/people/requests", "registration-approved": "/staff/signin",
		"password-reset": "/staff/reset#token=" + mail.SecretMark,
		"mail-broken":    "/staff/outbox", "self-check": "/staff/jobs", "test": "/staff/settings",
	} {
		m := mailNamed(t, name)
		r := rendered(t, cornerShop("en"), m.kind, m.facts)
		button := regexp.MustCompile(`<td class="button"[^>]*><a href="https://shop.example([^"]*)"`).FindStringSubmatch(r.HTML)
		switch {
		case want == "" && (button != nil || strings.Contains(r.HTML, `class="button"`)):
			t.Errorf("%s has a button", name)
		case want != "" && (button == nil || button[1] != want):
			t.Errorf("%s leads to %q, want %s", name, button, want)
		case want != "" && !strings.Contains(r.Text, ":\nhttps://shop.example"+want+"\n"):
			t.Errorf("the text of %s does not lead to %s:\n%s", name, want, r.Text)
		}
	}
}

func TestRenderLetsPeopleStopWhatTheyAskedFor(t *testing.T) {
	t.Parallel()
	for _, m := range everyMail() {
		r := rendered(t, cornerShop("en"), m.kind, m.facts)
		asked := m.kind == alerts.StockMail || m.kind == alerts.NewOrdersMail || m.kind == reports.SummaryMail
		if m.name == "stock-digest-of-a-store" { // of an address that nobody can stop it for
			asked = false
		}
		token := "stop-1"
		if m.name == "stock-digest" {
			token = "stop%2F1"
		}
		want := ""
		if asked {
			want = "https://shop.example/api/v1/unsubscribe/" + token
		}
		if r.Unsubscribe != want {
			t.Errorf("%s is stopped at %q, want %q", m.name, r.Unsubscribe, want)
		}
		link := "https://shop.example/staff/unsubscribe?token=" + token
		if strings.Contains(r.HTML, `<a href="`+link+`"`) != asked || strings.Contains(r.Text, "\n"+link+"\n") != asked {
			t.Errorf("%s has a link to stop it: %v, want %v", m.name, !asked, asked)
		}
	}
}

func TestRenderRefusesWhatItCannotTell(t *testing.T) {
	t.Parallel()
	day := summary()
	day.Date = "yesterday"
	for name, c := range map[string]struct{ kind, facts string }{
		"no such kind":       {"order-lost", `{}`},
		"no kind":            {"", `{}`},
		"no JSON":            {mail.TestMail, `{`},
		"nothing":            {mail.TestMail, ``},
		"a list":             {mail.TestMail, `[]`},
		"a wrong type":       {"order-confirmed", `{"number":1042}`},
		"a float":            {"order-confirmed", `{"number":"1042","currency":"EUR","total":12.5}`},
		"no facts":           {"order-confirmed", `{}`},
		"no currency":        {"order-confirmed", `{"number":"1042"}`},
		"a strange currency": {"order-confirmed", `{"number":"1042","currency":"EURO"}`},
		"no refund":          {"order-refunded", `{"number":"1042","currency":"EUR"}`},
		"no goods":           {"purchase-order", `{"number":"P-1001"}`},
		"no orders":          {"new-orders", `{"orders":[]}`},
		"no items":           {"stock-digest", `{"sections":[{"kind":"low"}]}`},
		"a strange section":  {"stock-digest", `{"sections":[{"kind":"odd","new":[{"name":"Mug"}]}]}`},
		"no date":            {"daily-summary", string(must(json.Marshal(day)))},
		"nobody":             {"password-reset", `{}`},
	} {
		if r, err := mail.Render(cornerShop("en"), c.kind, []byte(c.facts)); err == nil || r != (mail.Rendered{}) {
			t.Errorf("%s became %q, %v", name, r.Subject, err)
		}
	}
}
