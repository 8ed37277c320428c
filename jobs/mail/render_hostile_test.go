package mail_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"onhand/db/sales"
	"onhand/jobs/mail"
)

// hostileNames are what somebody may call themselves or a product.
var hostileNames = []string{
	`<script>alert(1)</script>`, `"><img src=https://evil.example/x.png>`, `</td></tr></table><h1>Gone</h1>`, "<!--", "]]>", "&amp;&#60;b&#62;",
	"a\r\nBcc: everybody@example.com", "two\u2028lines\u2029more", "nul\x00 bell\a escape\x1b[31m", "\u202egnp.exe\u202c", "\u2066isolated\u2069", "\ufeffmark",
	"{{.Shop}}", "{{define}}", "{name} {count} {number} {total}", "%s %d %!v(MISSING)", "$1 ${x}", "#ZgotmplY",
	strings.Repeat("W", 200), strings.Repeat("<", 200), strings.Repeat("界", 200), strings.Repeat("👩‍🚀", 60), "\xff\xfe broken", "   ", "-- ", "javascript:alert(1)",
}

// poisoned are facts with every text in them, but those that are read as something else, replaced.
func poisoned(fact any, name, text string) any {
	switch fact := fact.(type) {
	case string:
		if slices.Contains([]string{"currency", "kind", "date", "placedAt", "held", "sentOn", "expectedOn", "since", "until", "expiresAt", "mode", "method", "role"}, name) {
			return fact
		}
		return text
	case []any:
		for i := range fact {
			fact[i] = poisoned(fact[i], name, text)
		}
	case map[string]any:
		for name := range fact {
			fact[name] = poisoned(fact[name], name, text)
		}
	}
	return fact
}

func TestRenderTrustsNoText(t *testing.T) {
	t.Parallel()
	for _, m := range everyMail()[:len(mail.Kinds)] {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			for _, name := range hostileNames {
				var facts any
				if err := json.Unmarshal(must(json.Marshal(m.facts)), &facts); err != nil {
					t.Fatal(err)
				}
				shop := cornerShop("en")
				shop.Name, shop.Address = name, strings.NewReplacer("\r", "", "\n", "").Replace(name) // the owner's address has lines
				r, err := mail.Render(shop, m.kind, must(json.Marshal(poisoned(facts, "", name))))
				if err == nil {
					harmless(t, name, r)
				} else if strings.TrimSpace(name) != "" { // without a number or an address there is no mail
					t.Errorf("of %q: %v", name, err)
				}
			}
		})
	}
}

// brokenLine is a line that begins with what stood in the middle of one, and was not wrapped.
var brokenLine = regexp.MustCompile(`(?m)^.{0,50}\nBcc:`)

// harmless checks that a name is only a name.
func harmless(t *testing.T, name string, r mail.Rendered) {
	t.Helper()
	wellFormed(t, r.HTML)
	for _, found := range imageSource.FindAllStringSubmatch(r.HTML, -1) {
		if found[1] != "cid:logo" {
			t.Errorf("%q shows %s", name, found[1])
		}
	}
	if strings.Contains(r.HTML, "<script") || strings.Count(r.HTML, "<h1") != 1 || len(r.HTML) > 100_000 {
		t.Errorf("%q brings a script, another title or %d bytes", name, len(r.HTML))
	}
	if len([]rune(r.Subject)) > 120 || strings.ContainsFunc(r.Subject, unicode.IsControl) {
		t.Errorf("%q makes the subject %q", name, r.Subject)
	}
	if strings.ContainsAny(r.Subject+r.Text+r.HTML, "\x00\a\x1b\r\u2028\u2029\u202e\u2066\ufeff") {
		t.Errorf("%q brings control characters", name)
	}
	if brokenLine.MatchString(strings.ReplaceAll(r.Text, "\n> ", " ")) {
		t.Errorf("%q breaks a line:\n%s", name, r.Text)
	}
}

func TestRenderSurvivesNaughtyStrings(t *testing.T) {
	t.Parallel()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	files, err := filepath.Glob(filepath.Join(root, "data", "naughty_strings", "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("there are no naughty strings")
	}
	var names []string
	if err := json.Unmarshal(must(os.ReadFile(files[0])), &names); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		r := rendered(t, cornerShop("de"), sales.OrderConfirmedMail, with(order(), func(f *sales.OrderFacts) { f.Name, f.Lines[0].Name, f.Lines[1].Options = name, name, name }))
		looksRight(t, mail.Rendered{Subject: r.Subject, Text: "", HTML: r.HTML})
	}
}

func TestRenderPutsNothingIntoWhatWasPutIn(t *testing.T) {
	t.Parallel()
	r := rendered(t, cornerShop("en"), sales.OrderConfirmedMail, with(order(), func(f *sales.OrderFacts) { f.Name = "{when} {{.Title}}" }))
	if !strings.Contains(r.Text, "Hello {when} {{.Title}},") || !strings.Contains(r.HTML, "Hello {when} {{.Title}},") {
		t.Errorf("the name was changed:\n%s", r.Text)
	}
}

func TestRenderKeepsTheSecretToItsLink(t *testing.T) {
	t.Parallel()
	m := mailNamed(t, "password-reset")
	r := rendered(t, cornerShop("en"), m.kind, m.facts)
	if strings.Count(r.HTML, mail.SecretMark) != 1 || strings.Count(r.Text, mail.SecretMark) != 1 || strings.Contains(r.HTML+r.Text, "sealed") {
		t.Errorf("the mark stands %d times in the page and %d times in the text", strings.Count(r.HTML, mail.SecretMark), strings.Count(r.Text, mail.SecretMark))
	}
	if regexp.MustCompile(`[^A-Za-z0-9_-]`).MatchString(mail.SecretMark) {
		t.Error("the mark is changed when it stands in a URL or a page")
	}
	confirmed := rendered(t, cornerShop("en"), sales.OrderConfirmedMail, with(order(), func(f *sales.OrderFacts) { f.Name = "Eve" + mail.SecretMark }))
	if strings.Contains(confirmed.HTML+confirmed.Text, mail.SecretMark) {
		t.Error("a name brings the mark along")
	}
}

func TestRenderedOrdersOfManyLinesAreNotHiddenByGmail(t *testing.T) {
	t.Parallel()
	long := func(name string) sales.OrderFacts {
		return with(order(), func(f *sales.OrderFacts) {
			f.Lines = nil
			for range 200 {
				f.Lines = append(f.Lines, sales.LineFacts{Name: name, Options: "L / Blue", Quantity: 2, Total: 2500})
			}
		})
	}
	r := rendered(t, cornerShop("en"), sales.OrderConfirmedMail, long("Mug number one"))
	looksRight(t, r)
	if n := strings.Count(r.HTML, "Mug number one<"); n != 200 {
		t.Errorf("%d of 200 lines are on the page of %d bytes", n, len(r.HTML))
	}
	r = rendered(t, cornerShop("en"), sales.OrderConfirmedMail, long(strings.Repeat("<", 200)))
	looksRight(t, r)
	if !regexp.MustCompile(`and \d+ more`).MatchString(r.HTML) || !strings.Contains(r.HTML, "Still to pay") {
		t.Error("the page does not say that lines are missing, or misses more than lines")
	}
	if n := strings.Count(r.Text, "L / Blue"); n != 200 {
		t.Errorf("%d of 200 lines are in the text", n)
	}
}

func TestRenderWithoutAnAddressOfTheShopHasNoLinks(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "javascript:alert(1)", "shop.example"} {
		for _, m := range everyMail() {
			shop := cornerShop("en")
			shop.URL, shop.Logo, shop.Address, shop.Zone = url, false, "", nil
			r := rendered(t, shop, m.kind, m.facts)
			looksRight(t, r)
			if strings.Contains(r.HTML, "href") || strings.Contains(r.HTML, "<img") || r.Unsubscribe != "" || strings.Contains(r.Text, "/staff") {
				t.Errorf("%s has a link or an image", m.name)
			}
		}
	}
}

func TestRenderSpeaksEnglishWhereNobodyTranslated(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"": "Mail works", "fr": "Mail works", "EN-gb": "Mail works", "de-AT": "Der E-Mail-Versand funktioniert", "..": "Mail works"} {
		if got := rendered(t, cornerShop(language), mail.TestMail, struct{}{}).Subject; got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
	}
}
